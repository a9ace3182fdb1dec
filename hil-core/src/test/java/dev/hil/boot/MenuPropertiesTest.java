package dev.hil.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

/** The properties that {@code MenuFuzz} looks for exceptions of, with menus made at random from what menus are made of. */
class MenuPropertiesTest {
    private static final String[] PIECES = {
        "DEFAULT",
        "default ",
        "LABEL",
        "label ",
        "MENU DEFAULT",
        "ONTIMEOUT ",
        "LINUX",
        "APPEND",
        " ",
        "  ",
        "\t",
        "\n",
        "\n",
        "\r\n",
        "a",
        "b",
        "safe",
        "#",
        "\u00e4",
        "'$(x)'",
        "\0",
        "MENU LABEL x\n",
        "TIMEOUT 3\n"
    };

    @RepeatedTest(20)
    void anyTextIsRefusedOrEditedInItsDefaultOnly(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        for (int i = 0; i < 2000; i++) {
            StringBuilder text = new StringBuilder(random.nextBoolean() ? "" : "DEFAULT a\nLABEL a\n");
            for (int length = random.nextInt(20); length > 0; length--) {
                text.append(PIECES[random.nextInt(PIECES.length)]);
            }
            MenuProperties.check(text.toString());
        }
    }

    @Test
    void aMenuOfManyLabelsIsReadAtOnce() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; text.length() < 250_000; i++) {
            text.append("LABEL ").append(i).append('\n');
        }

        assertTimeout(
                Duration.ofSeconds(5),
                () -> assertThat(ExtlinuxMenu.parse("menu", text.toString()).entries())
                        .hasSizeGreaterThan(15_000));
    }
}
