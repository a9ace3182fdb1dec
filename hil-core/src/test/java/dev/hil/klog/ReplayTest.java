package dev.hil.klog;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A log that is printed into itself is no other boot, and its reports are no second findings. */
class ReplayTest {

    private static final String BANNER = """
            [    0.000000] Booting Linux on physical CPU 0x0000000000 [0x412fd050]
            [    0.000000] Linux version 6.12.1 (hil@lab) #1 SMP
            [    0.000000] Lock dependency validator: Copyright (c) 2006 Red Hat, Inc., Ingo Molnar
            [    0.000001] sched_clock: 56 bits at 24MHz, resolution 41ns, wraps every 4398046511097ns
            """;
    private static final String SPLAT = """
            [   41.100001] BUG: sleeping function called from invalid context at kernel/locking/mutex.c:580
            [   41.100002] in_atomic(): 1, irqs_disabled(): 0, non_block: 0, pid: 99, name: cat
            [   41.100003] CPU: 1 PID: 99 Comm: cat Not tainted 6.12.1 #1
            [   41.100004] Call trace:
            [   41.100005]  dump_stack_lvl+0x74/0x94
            [   41.100006]  foo_ioctl+0x28/0x90
            [   41.100007]  el0t_64_sync+0x190/0x198
            """;

    /** The driver messages of one boot; another boot has other stamps. */
    private static String drivers(int boot) {
        return IntStream.range(0, 200)
                .mapToObj(i -> String.format(
                        Locale.ROOT, "[%5d.%06d] driver %d: probed", i / 20, (i % 20) * 50_000 + 137 * boot + i, i))
                .collect(Collectors.joining("\n", "", "\n"));
    }

    private static final String LATER = "[   60.000001] eth0: Link is Down\n";

    private static KlogResult scan(String log) {
        KlogResult result = CorpusTest.scan(log.getBytes(StandardCharsets.UTF_8));
        KlogResult naive = NaiveScanner.scan(log.getBytes(StandardCharsets.UTF_8));
        assertThat(result.findings()).isEqualTo(naive.findings());
        assertThat(result.boots()).isEqualTo(naive.boots());
        return result;
    }

    private static final String BOOT = BANNER + drivers(1) + SPLAT;

    @Test
    void dmesgOnTheConsoleIsNoBoot() {
        KlogResult result = scan(BOOT + "board login: root\n# dmesg\n" + BOOT + "# \n" + LATER);
        assertThat(result.boots()).hasSize(1);
        assertThat(result.findings()).extracting(Finding::kind).containsExactly(Kind.SLEEP);
    }

    @Test
    void dmesgAtTheEndOfTheLogIsNoBootEither() {
        KlogResult result = scan(BOOT + "# dmesg\n" + BOOT);
        assertThat(result.boots()).hasSize(1);
        assertThat(result.findings()).hasSize(1);
    }

    @Test
    void dmesgTwiceIsNoBoot() {
        KlogResult result = scan(BOOT + "# dmesg\n" + BOOT + "# dmesg\n" + BOOT + LATER);
        assertThat(result.boots()).hasSize(1);
        assertThat(result.findings()).hasSize(1);
    }

    @Test
    void dmesgInAnotherFormatIsNoBoot() {
        String raw = BOOT.lines().map(line -> "<6>" + line).collect(Collectors.joining("\n", "", "\n"));
        KlogResult result = scan(BOOT + "# dmesg -r\n" + raw + LATER);
        assertThat(result.boots()).hasSize(1);
        assertThat(result.findings()).hasSize(1);
    }

    @Test
    void theEndOfDmesgIsNoBoot() {
        String tail = BOOT.lines().skip(190).collect(Collectors.joining("\n", "", "\n"));
        KlogResult result = scan(BOOT + "# dmesg | tail\n" + tail + LATER);
        assertThat(result.boots()).hasSize(1);
        assertThat(result.findings()).hasSize(1);
    }

    @Test
    void whatDmesgShowsAndTheConsoleDidNotIsFound() {
        KlogResult result = scan(BANNER + drivers(1) + LATER + "# dmesg\n" + BOOT + LATER);
        assertThat(result.boots()).hasSize(1);
        assertThat(result.findings()).extracting(Finding::kind).containsExactly(Kind.SLEEP);
    }

    @Test
    void anotherBootOfTheSameKernelIsOne() {
        KlogResult result = scan(BOOT + BANNER + drivers(2) + SPLAT.replace("41.1", "43.2"));
        assertThat(result.boots()).hasSize(2);
        assertThat(result.findings())
                .extracting(Finding::kind)
                .containsExactly(Kind.SLEEP, Kind.SILENT_RESET, Kind.SLEEP);
        assertThat(result.findings().get(1).firstLine()).isEqualTo(BOOT.lines().count() + 1);
    }

    @Test
    void aBootThatGetsNowhereIsOne() {
        KlogResult result = scan(BOOT + BANNER);
        assertThat(result.boots()).hasSize(2);
        assertThat(result.findings()).extracting(Finding::kind).containsExactly(Kind.SLEEP, Kind.SILENT_RESET);
    }

    @Test
    void aBootAfterDmesgIsOne() {
        KlogResult result = scan(BOOT + "# dmesg\n" + BOOT + BANNER + drivers(2));
        assertThat(result.boots()).hasSize(2);
        assertThat(result.findings()).extracting(Finding::kind).containsExactly(Kind.SLEEP, Kind.SILENT_RESET);
    }

    @Test
    void firmwareAfterDmesgIsABoot() {
        KlogResult result = scan(BOOT + "# dmesg\n" + BOOT + "U-Boot 2025.04 (May 16 2026)\n" + BANNER + drivers(1));
        assertThat(result.boots()).hasSize(2);
        assertThat(result.findings()).extracting(Finding::kind).containsExactly(Kind.SLEEP, Kind.SILENT_RESET);
    }

    /** A clock that counts in timer ticks gives every boot the same stamps. */
    @Test
    void aCoarseClockProvesNothing() {
        String coarse = BANNER
                + IntStream.range(1, 100)
                        .mapToObj(i -> String.format(
                                Locale.ROOT, "[    %d.%02d0000] driver %d: probed", i / 20, i % 20 * 4, i))
                        .collect(Collectors.joining("\n", "", "\n"));
        KlogResult result = scan(coarse + coarse);
        assertThat(result.boots()).hasSize(2);
    }

    @Test
    void aStuckCpusLateLinesAreNoBoot() {
        KlogResult result = scan("""
                [  290.000001] eth0: Link is Up
                [  292.700001] eth0: Link is Down
                [  277.700001] eth0: late
                [  277.700002] eth0: late
                [  293.000001] eth0: Link is Up
                """);
        assertThat(result.boots()).hasSize(1);
        assertThat(result.findings()).isEmpty();
    }

    @Test
    void aLiveBootIsKnownWithoutMoreLines() {
        List<Finding> findings = new java.util.ArrayList<>();
        KlogScanner scanner = new KlogScanner(new KlogListener() {
            @Override
            public void finding(Finding finding) {
                findings.add(finding);
            }
        });
        byte[] log = (BOOT + BANNER).getBytes(StandardCharsets.UTF_8);
        scanner.accept(log, 0, log.length);
        scanner.idle();
        assertThat(findings).extracting(Finding::kind).contains(Kind.SILENT_RESET);
    }
}
