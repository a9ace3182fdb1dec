package dev.hil.klog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Each message by which a kernel tells that something is wrong gives one finding of its kind, and what only looks like
 * one gives none, in every form in which logs come.
 */
class KernelMessagesTest {

    /** What stands before the kernel's words; {@code CR} at the end stands for a serial line's carriage return. */
    static final Map<String, String> FORMS = forms();

    private static Map<String, String> forms() {
        Map<String, String> forms = new LinkedHashMap<>();
        forms.put("bare", "");
        forms.put("serial console", "CR");
        forms.put("stamped", "[  100.123456] ");
        forms.put("stamped serial console", "[  100.123456] CR");
        forms.put("task", "[  100.123456][  T812] ");
        forms.put("CPU", "[  100.123456][    C1] ");
        forms.put("dmesg -r", "<4>[  100.123456] ");
        forms.put("dmesg -r, task", "<4>[  100.123456][  T812] ");
        forms.put("dmesg -x", "kern  :warn  : [  100.123456] ");
        forms.put("dmesg -T", "[Sat May 16 16:53:14 2026] ");
        forms.put("dmesg --time-format iso", "2026-05-16T16:53:14,123456+02:00 ");
        forms.put("journalctl -k", "May 16 16:53:14 board kernel: ");
        forms.put("journalctl -o short-iso", "2026-05-16T16:53:14+0200 board kernel: ");
        forms.put("journalctl -o short-precise", "May 16 16:53:14.123456 board kernel: ");
        forms.put("journalctl -o short-monotonic", "[  100.123456] board kernel: ");
        forms.put("rsyslog", "May 16 16:53:14 board kernel: [  100.123456] ");
        forms.put("/dev/kmsg", "4,1234,100123456,-;");
        forms.put("/dev/kmsg, caller", "4,1234,100123456,-,caller=T812;");
        forms.put("conserver", "[2026-05-16 16:53:14] [  100.123456] ");
        forms.put("LAVA", "2026-05-16T16:53:14.123456 [  100.123456] ");
        return forms;
    }

    record Sample(String kind, String text) {}

    static List<Sample> messages() {
        return lines("messages.txt")
                .map(line -> line.split(" \\| ", 2))
                .map(parts -> new Sample(parts[0], unescaped(parts[1])))
                .toList();
    }

    private static Stream<String> lines(String resource) {
        try (InputStream in = KernelMessagesTest.class.getResourceAsStream("/klog/" + resource)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("# "));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static String unescaped(String text) {
        return text.replace("\\n", "\n").replace("\\t", "\t");
    }

    static byte[] log(String form, String text) {
        String end = form.endsWith("CR") ? "\r\n" : "\n";
        String prefix = form.endsWith("CR") ? form.substring(0, form.length() - 2) : form;
        List<String> lines = new ArrayList<>(List.of("eth0: link becomes ready"));
        lines.addAll(Arrays.asList(text.split("\n", -1)));
        lines.add("usb 1-1: new high-speed USB device number 2 using xhci_hcd");
        return lines.stream()
                .map(line -> prefix + line + end)
                .collect(Collectors.joining())
                .getBytes(StandardCharsets.UTF_8);
    }

    @TestFactory
    Stream<DynamicTest> isFoundOnceInEachForm() {
        return messages().stream()
                .map(sample -> DynamicTest.dynamicTest(sample.kind() + ": " + sample.text(), () -> {
                    for (Map.Entry<String, String> form : FORMS.entrySet()) {
                        KlogResult result = CorpusTest.scan(log(form.getValue(), sample.text()));
                        assertThat(result.findings())
                                .as(form.getKey())
                                .extracting(finding -> finding.kind().id())
                                .containsExactly(sample.kind());
                    }
                }));
    }

    @TestFactory
    Stream<DynamicTest> isSilentInEachForm() {
        return lines("silent.txt")
                .map(KernelMessagesTest::unescaped)
                .map(text -> DynamicTest.dynamicTest(text, () -> {
                    for (Map.Entry<String, String> form : FORMS.entrySet()) {
                        assertThat(CorpusTest.scan(log(form.getValue(), text)).findings())
                                .as(form.getKey())
                                .isEmpty();
                    }
                }));
    }

    /** What a process says is never the kernel's, whatever it quotes. */
    @Test
    void quotedByAProcessItIsSilent() {
        for (Sample sample : messages()) {
            for (String form : List.of(
                    "May 16 16:53:14 board python3[812]: ",
                    "2026-05-16T16:53:14+0200 board test-runner[812]: ",
                    "<12>[  100.123456] ",
                    "12,1234,100123456,-;",
                    "user  :warn  : [  100.123456] ",
                    "[  100.123456] test-runner[812]: ",
                    "[  100.123456] board test-runner[812]: ")) {
                assertThat(CorpusTest.scan(log(form, sample.text())).findings())
                        .as(form + sample.text())
                        .isEmpty();
            }
        }
    }

    /** Cut at every byte, a message may be missed or taken for a lesser one, but nothing is thrown. */
    @Test
    void canBeCutAnywhere() {
        for (Sample sample : messages()) {
            byte[] log = log("[  100.123456] ", sample.text());
            for (int length = 0; length < log.length; length += 7) {
                byte[] part = Arrays.copyOf(log, length);
                assertThatCode(() -> CorpusTest.scan(part)).doesNotThrowAnyException();
            }
        }
    }
}
