package dev.hil.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecordingTest {
    private final Path file;
    private final Recording recording;

    RecordingTest(@TempDir Path folder) {
        file = folder.resolve("console.log");
        recording = new Recording(file, DiskRoom.UNLIMITED);
    }

    @AfterEach
    void end() {
        recording.close();
    }

    private void say(String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        recording.append(bytes, bytes.length);
    }

    @Test
    void anEndlessChannelDoesNotFillTheDisk() throws IOException {
        Path endless = file.resolveSibling("endless.log");
        byte[] bytes = "0123456789".getBytes(StandardCharsets.UTF_8);
        try (Recording recording = new Recording(endless, DiskRoom.UNLIMITED, 25)) {
            for (int i = 0; i < 1000; i++) {
                recording.append(bytes, bytes.length);
            }

            assertThat(recording.isFull()).isTrue();
            assertThat(recording.since(0)).endsWith("[hil: the recording ends here, at its limit of 25 bytes]\n");
        }
        assertThat(endless).content().startsWith("01234567890123456789\n[hil: ").hasSizeLessThan(100);
    }

    @Test
    void withoutRoomOnTheDiskARecordingEndsAndThatIsTold() throws IOException {
        Path endless = file.resolveSibling("no-room.log");
        List<String> told = new ArrayList<>();
        DiskRoom room = new DiskRoom() {
            private long left = 25;

            @Override
            public boolean take(long bytes) {
                boolean fits = bytes <= left;
                left -= fits ? bytes : 0;
                return fits;
            }

            @Override
            public void ended(Path ended, String why) {
                told.add(ended.getFileName() + ": " + why);
            }
        };
        try (Recording full = new Recording(endless, room)) {
            for (int i = 0; i < 5; i++) {
                full.append("0123456789".getBytes(StandardCharsets.UTF_8), 10);
            }
        }

        assertThat(endless).content().startsWith("01234567890123456789\n[hil: the recording ends here, at the limit");
        assertThat(told).containsExactly("no-room.log: the limit of all that is recorded");
    }

    @Test
    void everyByteIsKeptAndAnEarlierRecordingIsContinued() throws IOException {
        say("a\0b\u001b[31m\u00ff\r\n");
        recording.close();
        try (Recording again = new Recording(file, DiskRoom.UNLIMITED)) {
            again.append(new byte[] {'x', 'y'}, 1);
            assertThat(again.size()).isEqualTo(12);
        }

        assertThat(file).hasBinaryContent("a\0b\u001b[31m\u00ff\r\nx".getBytes(StandardCharsets.ISO_8859_1));
    }

    @Test
    void whatCameAfterAMarkIsRead() throws IOException {
        say("before");
        long mark = recording.size();
        say("after");

        assertThat(recording.since(mark)).isEqualTo("after");
        assertThat(recording.since(0)).isEqualTo("beforeafter");
        assertThat(recording.since(recording.size())).isEmpty();
    }

    @Test
    void onlyTheLastMegabyteIsReadBack() throws IOException {
        say("x".repeat(1 << 20));
        say("end");

        assertThat(recording.since(0)).hasSize(1 << 20).endsWith("xend");
    }

    @Test
    void theTailIsTheLastLinesCleaned() throws IOException {
        say("one\r\n\u001b[1;31mtwo\u001b[0m\r\n\u001b]0;title\u0007th\0ree\r\n");

        assertThat(recording.tail(2)).isEqualTo("two\nthree");
        assertThat(recording.tail(1)).isEqualTo("three");
        assertThat(recording.tail(50)).isEqualTo("one\ntwo\nthree");
    }

    @ParameterizedTest
    @CsvSource({
        "'\u001b[2J\u001b[1;1Hx', x",
        "'\u001b[?25lx\u001b[K', x",
        "'\u001b]0;owned\u0007x', x",
        "'\u001b]0;owned\u001b\\x', x",
        "'\u001b(Bx\u001bM', x",
        "'a\tb\nc', 'a\tb\nc'",
        "'\u0007x\u0008\u007f\u009b', x",
        "'[ 1.0] usb: \u00e4', '[ 1.0] usb: \u00e4'",
    })
    void peopleSeeNoEscapes(String raw, String clean) {
        assertThat(Recording.clean(raw)).isEqualTo(clean);
    }

    @Test
    void waitingEndsWithTheMatch() throws Exception {
        say("login: before\n");
        long mark = recording.size();
        CompletableFuture<String> match = CompletableFuture.supplyAsync(
                () -> recording.await("console", Pattern.compile("log\\w+: "), mark, Duration.ofSeconds(20)));

        say("noise\nlog");
        say("in: ");

        assertThat(match.get(20, TimeUnit.SECONDS)).isEqualTo("login: ");
    }

    @Test
    void waitingThatEndsAtItsLimitShowsTheLastLines() throws IOException {
        say("Starting kernel ...\r\n");

        assertThatExceptionOfType(InfrastructureException.class)
                .isThrownBy(() -> recording.await("console", Pattern.compile("login:"), 0, Duration.ofMillis(50)))
                .withMessage("console: not seen within 50 ms: no match for \"login:\"; last lines:%nStarting kernel ..."
                        .formatted());
    }

    @Test
    void waitingEndsWhenTheLineIsClosed() throws IOException {
        say("bye\n");
        CompletableFuture<?> closed = CompletableFuture.runAsync(recording::close);

        Deadline deadline = Deadline.in(Duration.ofSeconds(30));
        assertThatExceptionOfType(InfrastructureException.class)
                .isThrownBy(() -> recording.await("console", Pattern.compile("login:"), 0, Duration.ofSeconds(60)))
                .withMessageContaining("it was closed")
                .withMessageContaining("bye");
        assertThat(deadline.isOver()).isFalse();
        assertThat(closed).succeedsWithin(Duration.ofSeconds(10));
    }

    @Test
    void aPlaceThatCannotBeWrittenIsNamed() throws IOException {
        Path folder = Files.createDirectory(file.resolveSibling("folder"));

        assertThatExceptionOfType(InfrastructureException.class)
                .isThrownBy(() -> new Recording(folder, DiskRoom.UNLIMITED))
                .withMessageContaining("cannot record the console to " + folder);
    }
}
