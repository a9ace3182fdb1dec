package dev.hil.board;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class KmsgLinesTest {
    private static final String MARK = "hil-canary-0123456789abcdef mark ";

    private final List<String> said = new ArrayList<>();
    private final KmsgLines lines = new KmsgLines(MARK, new KmsgLines.Listener() {
        @Override
        public void boot(String id) {
            said.add("boot " + id);
        }

        @Override
        public void lost(long first, long count) {
            said.add("lost %d from %d".formatted(count, first));
        }

        @Override
        public void mark(long number) {
            said.add("mark " + number);
        }
    });

    private String take(String text) {
        return new String(lines.accept(text.getBytes(StandardCharsets.UTF_8)), StandardCharsets.UTF_8);
    }

    private static String record(long sequence) {
        return "6,%d,%d,-;message %d\n SUBSYSTEM=x\n".formatted(sequence, sequence * 1000, sequence);
    }

    @Test
    void recordsPassAndSignsOfLifeDoNot() {
        assertThat(take("hil-boot abc\n" + record(0) + "\n\n" + record(1) + "\n"))
                .isEqualTo(record(0) + record(1));
        assertThat(said).containsExactly("boot abc");
        assertThat(lines.last()).isEqualTo(1);
    }

    @Test
    void piecesOfAnySizeMakeTheSame() {
        String all = "hil-boot abc\n" + record(0) + "\n" + record(1) + record(2);
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < all.length(); i++) {
            out.append(take(all.substring(i, i + 1)));
        }
        assertThat(out).hasToString(record(0) + record(1) + record(2));
    }

    @Test
    void aNewReaderBringsOnlyWhatIsNew() {
        take(record(0) + record(1) + "6,2,2000,-;torn off in the mid");
        lines.begin();

        assertThat(take(record(0) + record(1) + record(2) + record(3))).isEqualTo(record(2) + record(3));
        assertThat(said).isEmpty();
    }

    @Test
    void overwrittenRecordsAreCounted() {
        take(record(0) + record(1));
        lines.begin();

        assertThat(take(record(7) + record(8))).isEqualTo(record(7) + record(8));
        assertThat(said).containsExactly("lost 5 from 2");
    }

    @Test
    void aBootWhoseBeginningIsOverwrittenIsNotWhole() {
        take(record(100));

        assertThat(said).containsExactly("lost 100 from 0");
    }

    @Test
    void marksAreToldOfOnce() {
        String mark = "12,0,5,-;" + MARK + "42\n";
        take(mark);
        lines.begin();
        take(mark + "12,1,6,-;" + MARK + "\n" + "12,2,7,-;" + MARK + "x\n");

        assertThat(said).containsExactly("mark 42");
    }

    @Test
    void whatIsNoRecordIsLeftOut() {
        assertThat(take("Welcome to the board!\n and more\n6,x,1,-;no\n6,99999999999999999999999,1,-;x\n"))
                .isEmpty();
        assertThat(take(record(0))).isEqualTo(record(0));
    }

    @Test
    void anEndlessLineIsBounded() {
        String piece = "x".repeat(10_000);
        for (int i = 0; i < 100; i++) {
            take(piece);
        }
        assertThat(take("\n" + record(0))).isEqualTo(record(0));
    }
}
