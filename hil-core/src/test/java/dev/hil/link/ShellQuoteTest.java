package dev.hil.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

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

    /** The shells of this host; one of them is whatever {@code sh} is. */
    static Stream<List<String>> shells() {
        return Stream.of(
                        List.of("sh"),
                        List.of("dash"),
                        List.of("bash"),
                        List.of("bash", "--posix"),
                        List.of("busybox", "ash"),
                        List.of("ksh"),
                        List.of("mksh"),
                        List.of("zsh"))
                .filter(shell -> Stream.of(String.valueOf(System.getenv("PATH")).split(":", -1))
                        .anyMatch(folder -> Files.isExecutable(Path.of(folder, shell.get(0)))));
    }

    @ParameterizedTest
    @MethodSource("shells")
    void argumentsArriveAsTheyWere(List<String> shell) throws IOException {
        List<String> arguments = new ArrayList<>(HOSTILE);
        Random random = new Random(1);
        for (int i = 0; i < 2000; i++) {
            StringBuilder text = new StringBuilder();
            for (int length = random.nextInt(12); length > 0; length--) {
                text.append((char) (1 + random.nextInt(126)));
            }
            arguments.add(text.toString());
        }
        // What a shell looks at, in all orders.
        List<String> special = List.of("'", "\"", "\\", "$", "`", "!", "\n", " ", ";");
        for (String one : special) {
            for (String two : special) {
                for (String three : special) {
                    arguments.add(one + two + three);
                }
            }
        }

        assertThat(through(shell, arguments, StandardCharsets.UTF_8)).isEqualTo(arguments);
    }

    /** A file name on a board need not be text. */
    @ParameterizedTest
    @MethodSource("shells")
    void bytesThatAreNoTextArriveAsTheyWere(List<String> shell) throws IOException {
        List<String> arguments = new ArrayList<>();
        Random random = new Random(2);
        for (int i = 0; i < 500; i++) {
            StringBuilder bytes = new StringBuilder("x");
            for (int length = random.nextInt(20); length > 0; length--) {
                bytes.append((char) (1 + random.nextInt(255)));
            }
            arguments.add(bytes.toString());
        }

        assertThat(through(shell, arguments, StandardCharsets.ISO_8859_1)).isEqualTo(arguments);
    }

    @Test
    void aShellWasAsked() {
        assertThat(shells()).contains(List.of("sh"));
    }

    /** What a real shell makes of the line. */
    private static List<String> through(List<String> shell, List<String> arguments, Charset charset)
            throws IOException {
        ProcessBuilder builder = new ProcessBuilder(shell).redirectErrorStream(true);
        builder.environment().put("LC_ALL", "C");
        Process process = builder.start();
        try (var in = process.outputWriter(charset)) {
            in.write("printf '%s\\0' " + ShellQuote.join(arguments) + "\n");
        }
        String output = new String(process.getInputStream().readAllBytes(), charset);
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
