package dev.hil.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExtlinuxMenuTest {
    private static final String MENU = """
            # made by hand
            MENU TITLE Boot
            TIMEOUT 30
            DEFAULT safe

            LABEL safe
            \tLINUX /boot/Image
            \tINITRD /boot/initrd.img
            \tFDT /boot/board.dtb
            \tAPPEND root=/dev/mmcblk0p2 rw $x 'y'

            LABEL safe-lockdep
            \tKERNEL /boot/Image-lockdep
            \tDEVICETREE /boot/board.dtb
            """;

    @Test
    void entriesAreReadWithTheirFiles() {
        ExtlinuxMenu menu = parse(MENU);

        assertThat(menu.entries()).extracting(BootEntry::label).containsExactly("safe", "safe-lockdep");
        assertThat(menu.entry("safe").files()).containsExactly("/boot/Image", "/boot/initrd.img", "/boot/board.dtb");
        assertThat(menu.entry("safe").append()).contains("root=/dev/mmcblk0p2 rw $x 'y'");
        assertThat(menu.entry("safe").line()).isEqualTo(6);
        assertThat(menu.entry("safe-lockdep").files()).containsExactly("/boot/Image-lockdep", "/boot/board.dtb");
        assertThat(menu.entry("safe-lockdep").append()).isEmpty();
    }

    @Test
    void keywordsCountInAnyCase() {
        ExtlinuxMenu menu = parse("default b\nlabel a\nlinux /a\nLaBeL b\nLinux /b\n");

        assertThat(menu.defaultLabel()).isEqualTo("b");
        assertThat(menu.entry("b").linux()).contains("/b");
    }

    @Test
    void labelsKeepTheirCase() {
        assertThat(parse("DEFAULT A\nLABEL a\nLABEL A\n").entry("A").line()).isEqualTo(3);
    }

    @Test
    void theLastDefaultCounts() {
        assertThat(parse("DEFAULT a\nLABEL a\nLABEL b\nDEFAULT b\n").defaultLabel())
                .isEqualTo("b");
    }

    @Test
    void menuDefaultChoosesItsLabel() {
        assertThat(parse("DEFAULT a\nLABEL a\nLABEL b\n  menu default\n  LINUX /b\n")
                        .defaultLabel())
                .isEqualTo("b");
        assertThat(parse("LABEL b\n  MENU DEFAULT\nLABEL a\nDEFAULT a\n").defaultLabel())
                .isEqualTo("a");
    }

    /** U-Boot treats ONTIMEOUT as DEFAULT: whichever comes last wins (boot/pxe_utils.c, parse_pxefile_top). */
    @Test
    void onTimeoutIsADefaultToo() {
        ExtlinuxMenu menu = parse("DEFAULT a\nONTIMEOUT b\nLABEL a\nLABEL b\nLABEL c\n");

        assertThat(menu.defaultLabel()).isEqualTo("b");
        assertThat(menu.withDefault("c").text()).isEqualTo("DEFAULT a\nONTIMEOUT c\nLABEL a\nLABEL b\nLABEL c\n");
    }

    @Test
    void withoutAnyDefaultTheFirstLabelBoots() {
        assertThat(parse("LABEL x\nLABEL y\n").defaultLabel()).isEqualTo("x");
    }

    @Test
    void aCommentChoosesNothing() {
        assertThat(parse("DEFAULT a\n# DEFAULT b\n#DEFAULT b\nLABEL a\n#LABEL c\nLABEL b\n")
                        .defaultLabel())
                .isEqualTo("a");
    }

    @Test
    void anotherDefaultChangesNothingButItsName() {
        assertThat(parse(MENU).withDefault("safe-lockdep").text())
                .isEqualTo(MENU.replace("DEFAULT safe\n", "DEFAULT safe-lockdep\n"));
    }

    @Test
    void theDefaultThatIsThereAlreadyChangesNothing() {
        assertThat(parse(MENU).withDefault("safe").text()).isEqualTo(MENU);
    }

    @ParameterizedTest
    @CsvSource({
        "'DEFAULT a\r\nLABEL a\r\nLABEL b\r\n', 'DEFAULT b\r\nLABEL a\r\nLABEL b\r\n'",
        "'\tdefault\t a\nLABEL a\nLABEL b', '\tdefault\t b\nLABEL a\nLABEL b'",
        "'DEFAULT LABEL\nlabel LABEL\nlabel b', 'DEFAULT b\nlabel LABEL\nlabel b'",
        "'LABEL a\nLABEL b\nDEFAULT a', 'LABEL a\nLABEL b\nDEFAULT b'",
        "'LABEL a\nLABEL b\nDEFAULT', 'LABEL a\nLABEL b\nDEFAULT b'",
        "'LABEL a\nLABEL b\n', 'DEFAULT b\nLABEL a\nLABEL b\n'",
        "'LABEL a\r\nLABEL b\r\n', 'DEFAULT b\r\nLABEL a\r\nLABEL b\r\n'",
        "'DEFAULT ab\nLABEL a\nLABEL ab\nLABEL b', 'DEFAULT b\nLABEL a\nLABEL ab\nLABEL b'",
    })
    void lineEndsAndBlanksStayAsTheyAre(String before, String after) {
        ExtlinuxMenu edited = parse(before).withDefault("b");

        assertThat(edited.text()).isEqualTo(after);
        assertThat(edited.defaultLabel()).isEqualTo("b");
    }

    /** U-Boot compares names up to the line feed: a blank behind a label is part of its name. */
    @ParameterizedTest
    @CsvSource({
        "'DEFAULT a\nLABEL a\n  label   b \t\n', 'DEFAULT b \t\nLABEL a\n  label   b \t\n'",
        "'DEFAULT a  \nLABEL a\nLABEL b\n', 'DEFAULT b\nLABEL a\nLABEL b\n'",
        "'DEFAULT a\r\nLABEL a\r\nLABEL b', 'DEFAULT b\nLABEL a\r\nLABEL b'",
    })
    void theDefaultIsWrittenExactlyAsItsLabelIs(String before, String after) {
        assertThat(parse(before).withDefault("b").text()).isEqualTo(after);
    }

    /** Whatever the menu looks like: there, and back again, gives the very bytes that were found. */
    @Test
    void anEditTakenBackGivesTheSameBytes() {
        for (int seed = 0; seed < 500; seed++) {
            Random random = new Random(seed);
            List<String> labels = List.of("a", "ab", "l", "B", "\u00e4\u00ff", "x y");
            String text = randomMenu(random, labels);
            ExtlinuxMenu menu = parse(text);
            String was = menu.defaultLabel();
            String wanted = labels.get(random.nextInt(labels.size()));

            ExtlinuxMenu edited = menu.withDefault(wanted);

            assertThat(menu.text()).as("seed %d: parsing keeps the text", seed).isEqualTo(text);
            assertThat(edited.defaultLabel()).as("seed %d", seed).isEqualTo(wanted);
            assertThat(edited.entries())
                    .as("seed %d: no label is lost", seed)
                    .extracting(BootEntry::label)
                    .containsExactlyElementsOf(
                            menu.entries().stream().map(BootEntry::label).toList());
            assertThat(edited.withDefault(was).text()).as("seed %d", seed).isEqualTo(text);
            assertThat(differingLines(text, edited.text()))
                    .as("seed %d: lines that differ", seed)
                    .isEqualTo(was.equals(wanted) ? 0 : 1);
        }
    }

    private static long differingLines(String one, String other) {
        String[] before = one.split("\n", -1);
        String[] after = other.split("\n", -1);
        assertThat(after).hasSameSizeAs(before);
        long differing = 0;
        for (int i = 0; i < before.length; i++) {
            differing += before[i].equals(after[i]) ? 0 : 1;
        }
        return differing;
    }

    private static String randomMenu(Random random, List<String> labels) {
        String end = random.nextBoolean() ? "\n" : "\r\n";
        // A blank behind a name is part of it, wherever it stands.
        List<String> names = labels.stream()
                .map(label -> label + (random.nextBoolean() ? "" : " \t"))
                .toList();
        List<String> lines = new ArrayList<>();
        List<String> noise = List.of(
                "",
                "  ",
                "\t# c\u00f6mment \u0080",
                "MENU TITLE x",
                "TIMEOUT 50",
                "PROMPT 0",
                "unknown\tthing  here ",
                "  APPEND a=b  c=\"d e\" ",
                "\tLINUX\t/boot/Image ",
                "# DEFAULT a",
                "say DEFAULT a");
        lines.add("DEFAULT " + names.get(random.nextInt(names.size())));
        for (String name : names) {
            lines.add((random.nextBoolean() ? "label  " : "\tLABEL\t") + name);
            for (int i = random.nextInt(5); i > 0; i--) {
                lines.add(noise.get(random.nextInt(noise.size())));
            }
            if (random.nextInt(4) == 0) {
                lines.add(
                        (random.nextBoolean() ? "OnTimeout\t" : "DEFAULT ") + names.get(random.nextInt(names.size())));
            }
        }
        lines.add("# the end");
        return String.join(end, lines) + (random.nextBoolean() ? end : "");
    }

    @Test
    void aMenuDefaultThatWouldOverruleTheEditIsRefused() {
        ExtlinuxMenu menu = parse("DEFAULT a\nLABEL a\nLABEL b\nMENU DEFAULT\n");

        assertRefused(() -> menu.withDefault("a"))
                .withMessageContaining("MENU DEFAULT in line 4")
                .withMessageContaining("\"b\"")
                .withMessageContaining("DEFAULT b at the top");
    }

    @Test
    void aDefaultAfterTheMenuDefaultCanBeEdited() {
        assertThat(parse("LABEL a\nMENU DEFAULT\nLABEL b\nDEFAULT a\n")
                        .withDefault("b")
                        .text())
                .isEqualTo("LABEL a\nMENU DEFAULT\nLABEL b\nDEFAULT b\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"nosuch", "saf", "Safe", "safe ", ""})
    void anUnknownLabelIsRefusedNamingTheLabels(String label) {
        assertRefused(() -> parse(MENU).withDefault(label))
                .withMessage("menu of x has no label \"%s\"; it has safe, safe-lockdep", label);
    }

    @Test
    void aLabelThatIsThereTwiceIsRefused() {
        assertRefused(() -> parse("LABEL a\nLINUX /1\nLABEL b\nLABEL a\nLINUX /2\n"))
                .withMessage("menu of x has the label \"a\" twice, in lines 1 and 4");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n\n", "# LABEL a\n", "DEFAULT a\n", "set default=0\nmenuentry 'x' {\n}\n"})
    void whatHoldsNoLabelIsNoMenu(String text) {
        assertRefused(() -> parse(text)).withMessage("menu of x holds no LABEL: is it an extlinux boot menu?");
    }

    @Test
    void aFileFarTooLargeIsNoMenu() {
        assertRefused(() -> parse("LABEL a\n" + "# x\n".repeat(75_000)))
                .withMessage("menu of x has 300008 bytes: that is no boot menu");
    }

    private static ExtlinuxMenu parse(String text) {
        return ExtlinuxMenu.parse("menu of x", text);
    }

    private static org.assertj.core.api.ThrowableAssertAlternative<BootMenuException> assertRefused(Runnable action) {
        return assertThatExceptionOfType(BootMenuException.class).isThrownBy(action::run);
    }

    @Test
    void theLinesOfALabelAreGivenAsTheyStand() {
        ExtlinuxMenu menu = ExtlinuxMenu.parse(
                "menu", "LABEL a\n\tMENU DEFAULT\n\tlinux /a\n\tFDTDIR /dtbs\n\n# of b\nLABEL b\n\tLINUX /b");

        assertThat(menu.block("a")).containsExactly("LABEL a\n", "\tlinux /a\n", "\tFDTDIR /dtbs\n");
        assertThat(menu.block("b")).containsExactly("LABEL b\n", "\tLINUX /b");
    }
}
