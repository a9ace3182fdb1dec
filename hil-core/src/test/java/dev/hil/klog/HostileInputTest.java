package dev.hil.klog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nothing that a log may hold makes the scanner throw, hang or grow. */
class HostileInputTest {

    private static final int MEGABYTE = 1 << 20;

    private static void feed(String unit, int bytes) {
        byte[] piece = unit.repeat(Math.max(1, 65_536 / unit.length())).getBytes(StandardCharsets.ISO_8859_1);
        KlogScanner scanner = new KlogScanner(new KlogListener() {});
        for (int fed = 0; fed < bytes; fed += piece.length) {
            scanner.accept(piece, 0, piece.length);
        }
        scanner.finish();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x",
                "\n",
                "\r",
                "\0",
                "[",
                "[ ",
                "[    1.000000]",
                "[    1.000000] BUG: ",
                "BUG: key ",
                "BUG: key BUG: using WARNING: at INFO: task ",
                "WARNING: possible circular locking dependency detected\n",
                "[    1.000000] ------------[ cut here ]------------\n",
                "-> #1 (&a){+.+.}:\n",
                "\u001b[",
                "<1>",
                "** x ** ",
                "Linux version 6\n",
                "U-Boot SPL 1\n",
                "__CURSOR=s\nMESSAGE\n12345678x\n",
                "WARNING: possible recursive locking detected\n foo+0x1/0x2\n",
                "1,1,1,-;",
            })
    void takesAnyRepetition(String unit) {
        assertTimeout(Duration.ofSeconds(20), () -> feed(unit, MEGABYTE));
    }

    @Test
    void takesRandomBytes() {
        byte[] noise = new byte[4 * MEGABYTE];
        new Random(1).nextBytes(noise);
        CorpusTest.scan(noise);
    }

    @Test
    void keepsABoundedPartOfAReportThatNeverEnds() {
        StringBuilder log = new StringBuilder("[    1.000000] WARNING: possible recursive locking detected\n");
        for (int i = 0; i < 100_000; i++) {
            log.append("[    1.000001]  foo+0x1/0x2\n");
        }
        byte[] bytes = log.toString().getBytes(StandardCharsets.UTF_8);
        assertThat(CorpusTest.scan(bytes).findings())
                .first()
                .satisfies(finding -> assertThat(finding.lines()).hasSizeLessThanOrEqualTo(OpenReport.MAX_LINES));
    }

    @Test
    void findsAReportInALineOfGarbage() {
        byte[] garbage = new byte[10_000];
        Arrays.fill(garbage, (byte) 0xff);
        byte[] report =
                "[    1.000000] BUG: KASAN: slab-out-of-bounds in foo+0x1/0x2\n".getBytes(StandardCharsets.UTF_8);
        byte[] log = Arrays.copyOf(garbage, garbage.length + report.length);
        System.arraycopy(report, 0, log, garbage.length, report.length);
        assertThat(CorpusTest.scan(log).findings()).extracting(Finding::kind).containsExactly(Kind.KASAN);
    }

    @Test
    void aReportMayBeCutAnywhere() {
        byte[] log = """
                [    1.000000] BUG: spinlock bad magic on CPU#1, cat/812
                [    1.000001]  lock: foo_lock+0x0/0x40, .magic: 00000000, .owner: <none>/-1, .owner_cpu: 0
                """.getBytes(StandardCharsets.UTF_8);
        for (int cut = 0; cut <= log.length; cut++) {
            KlogResult result = CorpusTest.scan(Arrays.copyOf(log, cut));
            assertThat(result.findings()).hasSizeLessThanOrEqualTo(1);
        }
    }
}
