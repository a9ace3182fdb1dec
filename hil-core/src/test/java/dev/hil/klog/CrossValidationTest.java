package dev.hil.klog;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * How much of what is found in the corpus hangs on the very files: the same reports of other functions and locks, through
 * other channels and between other messages are the same kinds of findings.
 */
class CrossValidationTest {

    private static final Pattern STAMP = Pattern.compile("^(?:<\\d+>)?\\[ *\\d+\\.\\d{6}\\](?:\\[ *[TC]\\d+\\])? ?");
    private static final Pattern FUNCTION =
            Pattern.compile("\\b([a-zA-Z_]\\w{3,}?)((?:\\.\\w+)*\\+0x[0-9a-f]+/0x[0-9a-f]+)");
    private static final Pattern LOCK = Pattern.compile("\\(([&\\w>.-]{4,})((?:#\\d+)?(?:/\\d)?\\)\\{)");
    /** Functions that end a stack, and those by which a test on purpose is known. */
    private static final Pattern KEPT =
            Pattern.compile("entry_.*|ret_from.*|asm_.*|el\\d.*|start_kernel|secondary_.*|.*test.*|.*kunit.*|lkdtm.*");

    private static final Map<String, UnaryOperator<String>> CHANNELS = Map.of(
            "serial line", log -> log.replace("\n", "\r\n"),
            "without stamps", log -> each(log, CrossValidationTest::bare),
            "dmesg -r", log -> stamped(log, line -> "<4>" + line),
            "dmesg -x", log -> stamped(log, line -> "kern  :warn  : " + line),
            "dmesg -T", log -> stamped(log, line -> "[Sat May 16 16:53:14 2026] " + bare(line)),
            "journal", log -> stamped(log, line -> "May 16 16:53:14 board kernel: " + bare(line)),
            "conserver", log -> each(log, line -> "[2026-05-16 16:53:14] " + line),
            "LAVA", log -> each(log, line -> "2026-05-16T16:53:14.123456 " + line),
            "other names", CrossValidationTest::renamed,
            "a process in between", CrossValidationTest::withProcess);

    @TestFactory
    Stream<DynamicTest> theKindStaysTheSame() {
        List<Corpus.Case> cases = Corpus.cases(Corpus.directory());
        return CHANNELS.entrySet().stream()
                .map(channel -> DynamicTest.dynamicTest(channel.getKey(), () -> {
                    for (Corpus.Case sample : cases) {
                        String log = new String(sample.log(), StandardCharsets.ISO_8859_1);
                        assertThat(firstKind(channel.getValue().apply(log)))
                                .as(sample.name() + " " + sample.title())
                                .isEqualTo(firstKind(log));
                    }
                }));
    }

    /** The rest of a cut report may be found as a lesser one; what was found once is not lost again as more comes. */
    @Test
    void whatIsFoundInAPieceIsFoundInTheWhole() {
        for (Corpus.Case sample : Corpus.cases(Corpus.directory())) {
            String log = new String(sample.log(), StandardCharsets.ISO_8859_1);
            boolean found = false;
            for (int tenth = 1; tenth <= 10; tenth++) {
                // At the end of a line: half a line can look like anything.
                int end = log.lastIndexOf('\n', log.length() * tenth / 10 - 1) + 1;
                boolean now = !firstKind(log.substring(0, end)).isEmpty();
                assertThat(now || !found)
                        .as(sample.name() + " " + sample.title() + ", " + tenth + " tenths")
                        .isTrue();
                found |= now;
            }
        }
    }

    private static String firstKind(String log) {
        return CorpusTest.scan(log.getBytes(StandardCharsets.ISO_8859_1)).findings().stream()
                .map(finding -> finding.kind().id())
                .findFirst()
                .orElse("");
    }

    private static String each(String log, UnaryOperator<String> change) {
        return log.lines().map(change).collect(Collectors.joining("\n", "", "\n"));
    }

    private static String stamped(String log, UnaryOperator<String> change) {
        return each(log, line -> STAMP.matcher(line).find() ? change.apply(line) : line);
    }

    private static String bare(String line) {
        return STAMP.matcher(line).replaceFirst("");
    }

    private static String withProcess(String log) {
        Random random = new Random(log.length());
        return each(log, line -> random.nextInt(6) == 0 ? line + "\nStarting network: OK" : line);
    }

    private static String renamed(String log) {
        Map<String, String> names = new HashMap<>();
        String renamed = FUNCTION.matcher(log)
                .replaceAll(match -> Matcher.quoteReplacement(names.computeIfAbsent(
                                match.group(1),
                                name -> KEPT.matcher(name).matches()
                                        ? name
                                        : "function" + Integer.toHexString(name.hashCode()))
                        + match.group(2)));
        return LOCK.matcher(renamed)
                .replaceAll(match -> Matcher.quoteReplacement("("
                        + names.computeIfAbsent(match.group(1), name -> "&lock" + Integer.toHexString(name.hashCode()))
                        + match.group(2)));
    }
}
