package dev.hil.klog;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** What each print_* function of lockdep writes is understood: locks, task, held locks, dependencies, scenario. */
class LockdepReportsTest {

    private record Sample(String name, Map<String, String> expected, List<String> lines) {
        String expected(String field) {
            return expected.getOrDefault(field, "");
        }
    }

    private static List<Sample> samples() {
        String text;
        try (InputStream in = LockdepReportsTest.class.getResourceAsStream("/klog/lockdep.txt")) {
            text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        List<Sample> samples = new ArrayList<>();
        for (String block : text.split("(?m)^=== ", -1)) {
            int head = block.indexOf("\n---\n");
            if (head < 0) {
                continue;
            }
            List<String> fields = block.substring(0, head).lines().toList();
            Map<String, String> expected = new HashMap<>();
            for (String field : fields.subList(1, fields.size())) {
                int colon = field.indexOf(':');
                expected.put(
                        field.substring(0, colon), field.substring(colon + 1).strip());
            }
            samples.add(new Sample(
                    fields.get(0), expected, block.substring(head + 5).lines().toList()));
        }
        return samples;
    }

    @TestFactory
    Stream<DynamicTest> isUnderstood() {
        return samples().stream()
                .map(sample -> DynamicTest.dynamicTest(sample.name(), () -> check(sample, stamped(sample.lines()))));
    }

    /** Other contexts print between the lines; only the kernel's tag tells them apart. */
    @TestFactory
    Stream<DynamicTest> isUnderstoodBetweenOtherContexts() {
        return samples().stream()
                .map(sample -> DynamicTest.dynamicTest(sample.name(), () -> {
                    List<String> log = new ArrayList<>();
                    int micros = 100_000;
                    for (String line : sample.lines()) {
                        log.add("[  100.%06d][  T812] %s".formatted(micros++, line));
                        log.add("[  100.%06d][   T77] usb 1-1: new high-speed USB device number 2".formatted(micros++));
                        log.add("[  100.%06d][    C1]  ? other_cpu_function+0x12/0x34".formatted(micros++));
                    }
                    log.add("[  101.000000][  T812] eth0: link becomes ready");
                    check(sample, log);
                }));
    }

    /** Kernels before 5.x built a lock's line of pieces (KERN_CONT), between which other CPUs printed. */
    @TestFactory
    Stream<DynamicTest> isUnderstoodInPieces() {
        // Without a frame around it, a report ends where another CPU's stack trace does.
        return samples().stream()
                .filter(sample -> sample.expected("unframed").isEmpty())
                .map(sample -> DynamicTest.dynamicTest(sample.name(), () -> {
                    List<String> lines = new ArrayList<>();
                    for (String line : sample.lines()) {
                        List<String> pieces = pieces(line);
                        for (int i = 0; i < pieces.size(); i++) {
                            lines.add(pieces.get(i));
                            if (i + 1 < pieces.size()) {
                                lines.add("  ? other_cpu_function+0x12/0x34");
                            }
                        }
                    }
                    check(sample, stamped(lines));
                }));
    }

    private static final Pattern LOCK_LINE = Pattern.compile("^( *(?:#\\d+: |-> #\\d+ )?)([0-9a-f]{16} )?"
            + "(\\()((?:\\(\\w+\\))?[^ ]+?)(\\)\\{[^}]*\\}(?:-\\{\\d:\\d\\})?)(:|, at: .*)$");

    private static List<String> pieces(String line) {
        Matcher matcher = LOCK_LINE.matcher(line);
        if (!matcher.find()) {
            return List.of(line);
        }
        List<String> pieces = new ArrayList<>();
        for (int group = 1; group <= matcher.groupCount(); group++) {
            if (matcher.group(group) != null && !matcher.group(group).isBlank()) {
                pieces.add(matcher.group(group).stripTrailing());
            }
        }
        return pieces;
    }

    private static List<String> stamped(List<String> lines) {
        List<String> log = new ArrayList<>();
        int micros = 100_000;
        for (String line : lines) {
            log.add("[  100.%06d] %s".formatted(micros++, line));
        }
        return log;
    }

    private static void check(Sample sample, List<String> log) {
        List<String> lines = new ArrayList<>(log);
        lines.add("[  101.000000] eth0: link becomes ready");
        KlogResult result = CorpusTest.scan((String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8));
        assertThat(result.findings()).as("findings").hasSize(1);
        Finding finding = result.findings().get(0);
        assertThat(finding.kind().id()).isEqualTo(sample.expected("kind"));
        assertThat(finding.complete()).as("complete").isTrue();
        assertThat(String.join(" | ", finding.locks())).as("locks").isEqualTo(sample.expected("locks"));
        Detail.Lockdep detail = (Detail.Lockdep) finding.detail();
        assertThat(detail.task()).as("task").isEqualTo(sample.expected("task"));
        assertThat(detail.usage()).as("usage").isEqualTo(sample.expected("usage"));
        assertThat(names(detail.held())).as("held").isEqualTo(sample.expected("held"));
        assertThat(String.join(
                        ", ",
                        detail.dependencies().stream()
                                .map(link -> link.from() + " -> " + link.to())
                                .toList()))
                .as("chain")
                .isEqualTo(sample.expected("chain"));
        assertThat(String.join(
                        ", ",
                        detail.locks().stream()
                                .map(Lock::acquiredAt)
                                .filter(site -> !site.isEmpty())
                                .toList()))
                .as("sites")
                .isEqualTo(sample.expected("sites"));
        if (!sample.expected("scenario").isEmpty()) {
            assertThat(detail.scenario()).as("scenario").hasSize(Integer.parseInt(sample.expected("scenario")));
        }
        if (!sample.expected("message").isEmpty()) {
            assertThat(detail.message()).isEqualTo(sample.expected("message"));
        }
    }

    private static String names(List<Lock> locks) {
        return String.join(", ", locks.stream().map(Lock::className).toList());
    }
}
