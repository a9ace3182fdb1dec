package dev.hil.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ShellQuoteTest {
    private static final List<String> HOSTILE = List.of(
            "",
            " ",
            "a b",
            "it's",
            "'",
            "''",
            "\"",
            "\"; rm -rf / #",
            "$(touch /tmp/x)",
            "`id`",
            "$HOME",
            "\\",
            "\\n",
            "a\\",
            "a\nb",
            "\n",
            "\r\n\t",
            ";",
            "a;b&c|d",
            "*",
            "?[a-z]{b,c}",
            "~",
            "~root",
            "!!",
            "#x",
            "-n",
            "--",
            "a=b",
            "A=b",
            "<x>",
            "(y)",
            "\u00e4\u20ac\ud83d\ude00",
            "\u0001\u001b[2J\u007f");

    @Test
    void argumentsArriveAsTheyWere() throws IOException {
        List<String> arguments = new ArrayList<>(HOSTILE);
        Random random = new Random(1);
        for (int i = 0; i < 500; i++) {
            StringBuilder text = new StringBuilder();
            for (int length = random.nextInt(12); length > 0; length--) {
                text.append((char) (1 + random.nextInt(126)));
            }
            arguments.add(text.toString());
        }

        assertThat(throughAShell(arguments)).isEqualTo(arguments);
    }

    /** What a real shell makes of the line. */
    private static List<String> throughAShell(List<String> arguments) throws IOException {
        Process shell = new ProcessBuilder("sh").redirectErrorStream(true).start();
        try (var in = shell.outputWriter(StandardCharsets.UTF_8)) {
            in.write("printf '%s\\0' " + ShellQuote.join(arguments) + "\n");
        }
        String output = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(output).endsWith("\0");
        return List.of(output.substring(0, output.length() - 1).split("\0", -1));
    }

    @Test
    void whatNeedsNoQuotesStaysReadable() {
        assertThat(ShellQuote.join(List.of("git", "-C", "/usr/src/linux-6.1", "apply", "-p1", "a_b=c@d%e+f:g,h")))
                .isEqualTo("git -C /usr/src/linux-6.1 apply -p1 a_b=c@d%e+f:g,h");
    }

    @Test
    void aNulByteIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ShellQuote.quote("a\0b"))
                .withMessage("an argument of a command cannot hold a NUL byte: a?b");
    }
}
