package dev.hil.klog;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SurveyTest {

    private final Survey survey = new Survey(Literals.ALL);

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    @Test
    void findsEachStringWhereverItStands() {
        for (String literal : LiteralsTest.all()) {
            for (int before = 0; before < 40; before++) {
                for (String after : List.of("\n", " " + "-".repeat(13) + "\n", "\n\n--\n")) {
                    byte[] block = bytes("-".repeat(before) + literal + after);
                    survey.of(block, 0, block.length);
                    assertThat(survey.next(0))
                            .as("%s after %d bytes", literal, before)
                            .isBetween(before, before + literal.length() - 1);
                }
            }
        }
    }

    @Test
    void doesNotFindWhatStandsBeforeTheLineAskedFor() {
        for (int before = 0; before < 40; before++) {
            String first = "-".repeat(before) + " BUG: x\n";
            byte[] block = bytes(first + "quiet\nBUG: y\n");
            survey.of(block, 0, block.length);
            assertThat(survey.next(0)).isBetween(before + 1, before + 5);
            assertThat(survey.next(first.length()))
                    .as("before: %d", before)
                    .isBetween(first.length() + 6, first.length() + 9);
            assertThat(survey.next(first.length() + 13)).isEqualTo(block.length);
        }
    }

    @Test
    void findsEachNewlineAmongBytesThatLookAlike() {
        Random random = new Random(1);
        for (int round = 0; round < 2000; round++) {
            byte[] block = new byte[1 + random.nextInt(200)];
            List<Integer> expected = new ArrayList<>();
            for (int i = 0; i < block.length; i++) {
                block[i] = (byte) (i == block.length - 1 ? '\n' : "\n\u000b\t\0\u008aA".charAt(random.nextInt(6)));
                if (block[i] == '\n') {
                    expected.add(i);
                }
            }
            int from = random.nextInt(block.length);
            expected.removeIf(end -> end < from);
            survey.of(block, from, block.length);
            List<Integer> ends = new ArrayList<>();
            for (int i = 0; i < survey.lines(); i++) {
                ends.add(survey.end(i));
            }
            assertThat(ends).isEqualTo(expected);
        }
    }

    @Test
    void aBlockMayBeNothingButNewlines() {
        byte[] block = bytes("\n".repeat(Survey.MAX_BLOCK));
        survey.of(block, 0, block.length);
        assertThat(survey.lines()).isEqualTo(Survey.MAX_BLOCK);
        assertThat(survey.next(0)).isEqualTo(block.length);
    }
}
