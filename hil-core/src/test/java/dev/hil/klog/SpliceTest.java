package dev.hil.klog;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Lines that change the scanner's mind, in any order: boots, records, replays, reports. Whatever comes, it throws
 * nothing, and in one piece, in many and line by line it sees the same.
 */
class SpliceTest {

    private static final int SPLICES = 150;
    private static final int LINES = 300;

    private static final List<String> TURNS = List.of(
            "Panic#1 Part1",
            "Panic#1 Part2",
            "Panic#1 Part3",
            "Oops#2 Part1",
            "ECC: No errors detected",
            "ECC: 3 Corrected bytes, 2 unrecoverable blocks",
            "U-Boot 2025.04 (May 16 2026)",
            "U-Boot SPL 2025.04",
            "[    0.000000] Booting Linux on physical CPU 0x0",
            "[    0.000000] Linux version 6.12.1 (a@b) #1",
            "-- Boot 0123456789abcdef0123456789abcdef --",
            "[    0.000000] Lock dependency validator: Copyright",
            "[   61.000000] reboot: Restarting system",
            "[   61.000000] sysrq: Trigger a crash",
            "    # Subtest: foo",
            "    ok 1 foo",
            "[ backtrace testing ]",
            "[ end of backtrace testing ]",
            "lkdtm: Performing direct entry BUG",
            " #0: ",
            "(",
            "){+.+.}",
            "-> #1 (",
            "");

    private final List<String> reports = reports();
    private final List<String> quiet = quiet();

    private static List<String> reports() {
        List<String> lines = new ArrayList<>();
        for (KernelMessagesTest.Sample sample : KernelMessagesTest.messages()) {
            sample.text().lines().forEach(line -> {
                lines.add(line);
                lines.add("[  100.123456] " + line);
                lines.add("[   70.123456][  T812] " + line);
            });
        }
        return lines;
    }

    private static List<String> quiet() {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            lines.add(String.format(Locale.ROOT, "[%5d.%06d] driver %d: probed", i / 10, i * 99_991 % 1_000_000, i));
        }
        return lines;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void inAnyOrderAllSeeTheSame(long seed) {
        Random random = new Random(seed);
        for (int splice = 0; splice < SPLICES; splice++) {
            byte[] log = log(random);
            KlogResult whole = CorpusTest.scan(log);
            assertThat(whole).as("splice %d of seed %d", splice, seed).isEqualTo(NaiveScanner.scan(log));
            assertThat(inPieces(log, random))
                    .as("pieces of splice %d of seed %d", splice, seed)
                    .isEqualTo(whole);
        }
    }

    private byte[] log(Random random) {
        StringBuilder log = new StringBuilder();
        int at = 0;
        for (int lines = random.nextInt(LINES); lines > 0; lines--) {
            int choice = random.nextInt(10);
            at = random.nextInt(20) == 0 ? random.nextInt(quiet.size()) : at + 1;
            String line = choice < 2
                    ? TURNS.get(random.nextInt(TURNS.size()))
                    : choice < 4 ? reports.get(random.nextInt(reports.size())) : quiet.get(at % quiet.size());
            boolean cut = random.nextInt(40) == 0 && !line.isEmpty();
            log.append(cut ? line.substring(random.nextInt(line.length())) : line)
                    .append(random.nextInt(100) == 0 ? "" : "\n");
        }
        return log.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static KlogResult inPieces(byte[] log, Random random) {
        List<Finding> findings = new ArrayList<>();
        List<Boot> boots = new ArrayList<>();
        KlogScanner scanner = new KlogScanner(new KlogListener() {
            @Override
            public void finding(Finding finding) {
                findings.add(finding);
            }

            @Override
            public void boot(Boot boot) {
                boots.add(boot);
            }
        });
        int at = 0;
        while (at < log.length) {
            int piece = Math.min(1 + random.nextInt(random.nextBoolean() ? 9 : 3000), log.length - at);
            scanner.accept(log, at, piece);
            at += piece;
        }
        scanner.finish();
        return new KlogResult(KlogScanner.marked(findings), boots, scanner.lines(), log.length);
    }
}
