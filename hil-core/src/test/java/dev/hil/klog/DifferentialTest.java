package dev.hil.klog;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The scanner that skips says the same as the one that reads every line. */
class DifferentialTest {

    private static final int SPLICES = 1500;
    private static final List<String> SALT = List.of(
            "\n",
            "\r\n",
            "[    0.000000] Linux version 6.12.1\n",
            "[    0.000000] Booting Linux on physical CPU 0x0\n",
            "[  100.000000] quiet\n",
            "[    1.000000] early\n",
            "[123456.000000] late\n",
            "[99999.999999] later\n",
            "[ 9a99.000000] no stamp\n",
            "[    5.00000x] no stamp\n",
            "<6>[   12.000001] usb 1-1: new device\n",
            "6,1234,5678900,-;usb 1-1: new device\n SUBSYSTEM=usb\n",
            "U-Boot SPL 2025.04\n",
            "reboot: Restarting system\n",
            "# Subtest: list_sort\n",
            "ok 1 - list_sort\n",
            "Panic#1 Part1\n",
            "-- Boot 0123456789abcdef0123456789abcdef --\n",
            "\0\0\0\0\0\0",
            "\u001b[31m",
            "x".repeat(5000),
            "BUG: ",
            "__CURSOR=s=1\n");

    private final Random random = new Random(20261122);

    @Test
    void agreesOnTheCorpus() {
        for (byte[] log : logs()) {
            assertSame(log);
        }
    }

    @Test
    void agreesOnSplicesOfTheCorpus() {
        List<byte[]> logs = logs();
        for (int i = 0; i < SPLICES; i++) {
            assertSame(splice(logs));
        }
    }

    private static List<byte[]> logs() {
        Path directory = Corpus.directory();
        List<byte[]> logs = new ArrayList<>(Corpus.headers(directory).values());
        Corpus.cases(directory).forEach(sample -> logs.add(sample.log()));
        return logs;
    }

    private byte[] splice(List<byte[]> logs) {
        ByteArrayOutputStream splice = new ByteArrayOutputStream();
        int parts = 2 + random.nextInt(6);
        for (int i = 0; i < parts; i++) {
            if (random.nextInt(3) == 0) {
                splice.writeBytes(SALT.get(random.nextInt(SALT.size())).getBytes(StandardCharsets.UTF_8));
            } else {
                byte[] log = logs.get(random.nextInt(logs.size()));
                int from = random.nextInt(log.length + 1);
                int length = Math.min(log.length - from, random.nextInt(4000));
                splice.write(log, from, length);
            }
        }
        return splice.toByteArray();
    }

    private void assertSame(byte[] log) {
        KlogResult expected = NaiveScanner.scan(log);
        assertThat(CorpusTest.scan(log)).as(() -> text(log)).isEqualTo(expected);
        assertThat(inPieces(log)).as(() -> text(log)).isEqualTo(expected);
    }

    private KlogResult inPieces(byte[] log) {
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
            int length = Math.min(log.length - at, 1 + random.nextInt(random.nextBoolean() ? 3000 : 20));
            scanner.accept(log, at, length);
            at += length;
        }
        scanner.finish();
        return new KlogResult(findings, boots, scanner.lines(), log.length);
    }

    private static String text(byte[] log) {
        return new String(log, StandardCharsets.ISO_8859_1);
    }
}
