package dev.hil.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandLineTest {
    private static final String LINE =
            " console=ttyS2,1500000n8  root=/dev/sda1 rw ramoops.ecc=1 quiet\tdyndbg=\"file a.c +p\" -- single";

    @Test
    void parametersAreReadAsTheKernelReadsThem() {
        CommandLine line = CommandLine.parse(LINE);

        assertThat(line.parameters())
                .extracting(CommandLine.Parameter::toString)
                .containsExactly(
                        "console=ttyS2,1500000n8",
                        "root=/dev/sda1",
                        "rw",
                        "ramoops.ecc=1",
                        "quiet",
                        "dyndbg=file a.c +p");
        assertThat(line.has("single")).as("what follows -- is for init").isFalse();
        assertThat(line.text()).isEqualTo(LINE);
    }

    @Test
    void dashAndUnderscoreAreTheSameInNames() {
        assertThat(CommandLine.parse("ignore-loglevel a_b=c-d").has("ignore_loglevel"))
                .isTrue();
        assertThat(CommandLine.parse("a_b=c-d").last("a-b")).get().hasToString("a_b=c-d");
    }

    @Test
    void theLastOneOfANameCounts() {
        assertThat(CommandLine.parse("loglevel=4 x loglevel=7").last("loglevel"))
                .get()
                .extracting(CommandLine.Parameter::text)
                .isEqualTo("7");
    }

    @Test
    void quotesAroundAWholeParameterAreTakenOff() {
        assertThat(CommandLine.parse("\"a=b c\" d").parameters())
                .extracting(CommandLine.Parameter::toString)
                .containsExactly("a=b c", "d");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\"", "=", "--", "a=\"b", "$x", "\u0000", "é=ü"})
    void anyTextIsALine(String text) {
        assertThat(CommandLine.parse(text).text()).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ''            | 'x=1'
            'a'           | 'a x=1'
            'a  '         | 'a x=1  '
            'a -- single' | 'a x=1 -- single'
            '-- single'   | 'x=1 -- single'
            '  '          | '  x=1'
            """)
    void addingLeavesTheRestAsItIs(String before, String after) {
        assertThat(CommandLine.parse(before).with("x=1").text()).isEqualTo(after);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            'x=1'            | ''
            'a x=1 b'        | 'a b'
            'x=1  a   x b'   | 'a b'
            'a\tx=1\tb -- x' | 'a\tb -- x'
            'a b'            | 'a b'
            """)
    void removingLeavesTheRestAsItIs(String before, String after) {
        assertThat(CommandLine.parse(before).without("x").text()).isEqualTo(after);
    }

    @Test
    void addingAndRemovingGivesTheSameBytesBack() {
        Random random = new Random(7);
        for (int i = 0; i < 500; i++) {
            StringBuilder text = new StringBuilder("a");
            for (int length = random.nextInt(30); length > 0; length--) {
                text.append("ab= \t$é'-_.".charAt(random.nextInt(11)));
            }
            CommandLine line = CommandLine.parse(text.toString());

            assertThat(line.with("zz=1").without("zz").text())
                    .as("of \"%s\"", text)
                    .isEqualTo(line.text());
        }
    }

    @Test
    void whatALineLacksIsToldWithItsValue() {
        assertThat(CommandLine.parse("panic=1 loglevel=7").lacks(CommandLine.parse("panic=10 loglevel=7 quiet")))
                .extracting(CommandLine.Parameter::toString)
                .containsExactly("panic=10", "quiet");
    }

    @Test
    void theParametersOfAModuleAreFound() {
        assertThat(CommandLine.parse("ramoops.ecc=1 ramoopsx.y ramoops.mem-size=2")
                        .ofModule("ramoops"))
                .hasSize(2);
    }
}
