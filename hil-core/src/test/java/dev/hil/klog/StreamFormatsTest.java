package dev.hil.klog;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** One report in every form in which logs arrive. */
class StreamFormatsTest {

    private static final List<String> REPORT = List.of(
            "BUG: sleeping function called from invalid context at kernel/locking/mutex.c:585",
            "Call trace:",
            " __might_resched+0x15c/0x240",
            " rga_resume+0x24/0x60",
            " el0t_64_sync+0x190/0x194",
            "usb 1-1: new high-speed USB device");

    private static KlogResult scan(String log) {
        return CorpusTest.scan(log.getBytes(StandardCharsets.UTF_8));
    }

    static Stream<Arguments> formats() {
        return Stream.of(
                Arguments.of("bare", "%2$s"),
                Arguments.of("console", "[   22.12345%1$d] %2$s"),
                Arguments.of("CRLF", "[   22.12345%1$d] %2$s\r"),
                Arguments.of("caller", "[   22.12345%1$d][   T81] %2$s"),
                Arguments.of("dmesg -r", "<4>[   22.12345%1$d] %2$s"),
                Arguments.of("dmesg -x", "kern  :warn  : [   22.12345%1$d] %2$s"),
                Arguments.of("dmesg -T", "[Sat May 16 16:53:14 2026] %2$s"),
                Arguments.of("dmesg -H", "[  +0.00001%1$d] %2$s"),
                Arguments.of("dmesg iso", "2026-05-16T16:53:14,12345%1$d+02:00 %2$s"),
                Arguments.of("journal short", "May 16 16:53:14 board kernel: %2$s"),
                Arguments.of("journal short, stamped", "May 16 16:53:14 board kernel: [   22.12345%1$d] %2$s"),
                Arguments.of("journal short-precise", "May 16 16:53:14.12345%1$d board kernel: %2$s"),
                Arguments.of("journal short-iso", "2026-05-16T16:53:14+0200 board kernel: %2$s"),
                Arguments.of("/dev/kmsg", "4,123%1$d,2212345%1$d,-;%2$s\n SUBSYSTEM=usb\n DEVICE=+usb:1-1"),
                Arguments.of("/dev/kmsg, caller", "4,123%1$d,2212345%1$d,-,caller=T81;%2$s"),
                Arguments.of("conserver", "[2026-05-16 16:53:14] [   22.12345%1$d] %2$s"),
                Arguments.of(
                        "LAVA",
                        "- {\"dt\": \"2026-05-16T16:53:14.1\", \"lvl\": \"target\", \"msg\": \"[   22.12345%1$d] %2$s"),
                Arguments.of("escapes", "\u001b[0;33m[   22.12345%1$d]\u001b[0m %2$s\u001b[K"),
                Arguments.of("journal export", "__CURSOR=s=%1$d\n_TRANSPORT=kernel\nPRIORITY=4\nMESSAGE=%2$s\n"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("formats")
    void findsTheReport(String name, String format) {
        StringBuilder log = new StringBuilder();
        for (int i = 0; i < REPORT.size(); i++) {
            log.append(format.formatted(i, REPORT.get(i))).append('\n');
        }
        assertThat(scan(log.toString()).findings()).singleElement().satisfies(finding -> {
            assertThat(finding.kind()).isEqualTo(Kind.SLEEP);
            assertThat(finding.title()).endsWith("in rga_resume");
            assertThat(finding.complete()).isTrue();
            assertThat(finding.lines()).isEqualTo(REPORT.subList(0, 5));
        });
    }

    @Test
    void believesTheKernelOnly() {
        String report = REPORT.get(0);
        assertThat(scan("May 16 16:53:14 board python3[812]: " + report + "\n"
                                + "<12>[   22.000000] " + report + "\n"
                                + "[   22.000001] systemd[1]: " + report + "\n"
                                + "user  :warn  : [   22.000002] " + report + "\n"
                                + "12,1,22000003,-;" + report + "\n"
                                + "__CURSOR=s=1\nMESSAGE=" + report + "\n_TRANSPORT=stdout\n\n")
                        .findings())
                .isEmpty();
    }

    @Test
    void splitsWhatAConsoleGlues() {
        assertThat(scan("board login: [   16.305150] " + REPORT.get(0) + "\n").findings())
                .singleElement()
                .satisfies(finding -> assertThat(finding.lines()).containsExactly(REPORT.get(0)));
        assertThat(scan("** 12 printk messages dropped ** [   16.305150] " + REPORT.get(0) + "\n")
                        .findings())
                .hasSize(1);
    }

    @Test
    void untanglesContextsByTheirTag() {
        StringBuilder log = new StringBuilder();
        for (int i = 0; i < 5; i++) {
            log.append("[    5.00000%d][  T1] %s%n".formatted(i, REPORT.get(i)));
            log.append("[    5.00000%d][  C2] %s%n".formatted(i, REPORT.get(i).replace("rga", "vop")));
        }
        assertThat(scan(log.toString()).findings())
                .extracting(Finding::title)
                .satisfiesExactly(
                        first -> assertThat(first).endsWith("in rga_resume"),
                        second -> assertThat(second).endsWith("in vop_resume"));
    }

    @Test
    void readsARamoopsRecord() {
        KlogResult result = scan("""
                Panic#2 Part1
                ial circular locking dependency
                <0>[   11.000000] Kernel panic - not syncing: Attempted to kill init! exitcode=0x0000000b
                <4>[   11.000001] CPU: 0 UID: 0 PID: 1 Comm: init Not tainted 6.12.1 #1
                <4>[   11.000002] Call trace:
                <4>[   11.000003]  do_exit+0x1/0x2
                <0>[   12.000000] ---[ end Kernel panic - not syncing: Attempted to kill init! exitcode=0x0000000b ]---

                ECC: 12 Corrupted bytes, 0 unrecoverable blocks
                """);
        assertThat(result.findings()).singleElement().satisfies(finding -> {
            assertThat(finding.kind()).isEqualTo(Kind.PANIC);
            assertThat(finding.complete()).isTrue();
            assertThat(finding.lines()).noneMatch(line -> line.contains("ECC"));
        });
        assertThat(result.boots()).singleElement().extracting(Boot::end).isEqualTo(Boot.End.DIED);
    }

    @Test
    void endsAReportWhereTheNextBootBegins() {
        KlogResult result = scan("[    5.000000] " + REPORT.get(0)
                + "\n\0\0\0\0[    0.000000] Booting Linux on physical CPU 0x0\n[    0.000000] Linux version 6.12.1\n");
        assertThat(result.boots()).extracting(Boot::end).containsExactly(Boot.End.SILENT, Boot.End.OPEN);
        assertThat(result.findings()).extracting(Finding::kind).containsExactly(Kind.SLEEP, Kind.SILENT_RESET);
        assertThat(result.findings().get(0).complete()).isFalse();
    }
}
