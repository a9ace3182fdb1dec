package dev.hil.lint;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

/** The properties that {@code IoMemFuzz} looks for exceptions of, with lines made at random from what lines are made of. */
class IoMemPropertiesTest {
    private static final String[] PIECES = {
        "00000000",
        "00001000",
        "ffffffffffffffff",
        "fffffffffffffffff",
        "7fffffffffffffff",
        "-",
        " : ",
        ":",
        "System RAM",
        "reserved",
        "ramoops:dump(0)",
        "  ",
        " ",
        "\n",
        "\r",
        "\0",
        "g",
        "\u001b[2J",
        "0-ffffffffffffffff : System RAM\n",
        "  110000-1fffff : reserved\n"
    };

    @RepeatedTest(10)
    void anyTextIsReadAndNothingIsClaimedThatDoesNotStandThere(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        for (int i = 0; i < 500; i++) {
            StringBuilder text = new StringBuilder();
            for (int length = random.nextInt(20); length > 0; length--) {
                text.append(PIECES[random.nextInt(PIECES.length)]);
            }
            IoMemProperties.check(text.toString());
        }
    }

    @Test
    void aRegionThatGoesBeyondTheLastAddressLiesNowhere() {
        IoMem memory = IoMem.parse("0-ffffffffffffffff : System RAM\n");

        assertThat(memory.isRam(-0x1000, 0x1000)).isTrue();
        assertThat(memory.isRam(-0x1000, 0x1001)).isFalse();
    }
}
