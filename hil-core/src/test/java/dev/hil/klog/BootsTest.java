package dev.hil.klog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hil.klog.LockdepState.Verdict;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BootsTest {

    private static final String START = """
            [    0.000000] Booting Linux on physical CPU 0x0000000000 [0x412fd050]
            [    0.000000] Linux version 6.12.1 (hil@lab) #1 SMP
            [    0.000001] Lock dependency validator: Copyright (c) 2006 Red Hat, Inc., Ingo Molnar
            [    9.000000] usb 1-1: new high-speed USB device
            """;

    private static KlogResult scan(String log) {
        return CorpusTest.scan(log.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void aBootOutOfTheBlueIsAFinding() {
        KlogResult result = scan(START + START);
        assertThat(result.boots()).extracting(Boot::end).containsExactly(Boot.End.SILENT, Boot.End.OPEN);
        assertThat(result.findings()).singleElement().satisfies(finding -> {
            assertThat(finding.kind()).isEqualTo(Kind.SILENT_RESET);
            assertThat(finding.firstLine()).isEqualTo(5);
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[   10.000000] reboot: Restarting system",
                "[   10.000000] reboot: Power down",
                "[   10.000000] systemd-shutdown[1]: Syncing filesystems and block devices.",
                "[   10.000000] sysrq: Resetting",
                "[   10.000000] kexec_core: Starting new kernel",
                "May 16 16:53:20 host systemd[1]: Reached target System Reboot.",
            })
    void anOrderedRebootIsNone(String order) {
        KlogResult result = scan(START + order + "\n" + START);
        assertThat(result.findings()).isEmpty();
        assertThat(result.boots()).extracting(Boot::end).containsExactly(Boot.End.ORDERED, Boot.End.OPEN);
    }

    @Test
    void firmwareAndKernelAreOneBoot() {
        KlogResult result = scan("DDR 9fffbe1e78 cym 24/02/04-10:09:20,fwver: v1.16\nU-Boot SPL 2025.04 (May 16 2026)\n"
                + "NOTICE:  BL31: v2.12(release)\nU-Boot 2025.04 (May 16 2026)\n" + START);
        assertThat(result.findings()).isEmpty();
        assertThat(result.boots()).singleElement().satisfies(boot -> {
            assertThat(boot.start()).isEqualTo(Boot.Start.FIRMWARE);
            assertThat(boot.release()).contains("6.12.1");
        });
    }

    @Test
    void aBoardThatStaysInFirmwareIsAFinding() {
        assertThat(scan(START + "[   10.000000] reboot: Restarting system\nU-Boot SPL 2025.04 (May 16 2026)\n")
                        .findings())
                .extracting(Finding::kind)
                .containsExactly(Kind.FIRMWARE_START);
    }

    @Test
    void timeThatGoesBackIsABoot() {
        KlogResult result = scan("[  100.000000] a\n[  101.000000] b\n[    3.000000] c\n[    4.000000] d\n");
        assertThat(result.boots())
                .extracting(Boot::start)
                .containsExactly(Boot.Start.LOG_START, Boot.Start.TIME_WENT_BACK);
    }

    @Test
    void stampsOfSeveralCpusMayBeOutOfOrder() {
        assertThat(scan("[    1.971300] a\n[    1.887427] b\n").boots()).hasSize(1);
    }

    @Test
    void aWatchdogLeftRunningIsWorthARemarkUnlessARebootFollows() {
        String left = "[   10.000000] watchdog: watchdog0: watchdog did not stop!\n";
        assertThat(scan(START + left).findings()).extracting(Finding::severity).containsExactly(Severity.INFO);
        assertThat(scan(START + left + "[   10.100000] reboot: Restarting system\n")
                        .findings())
                .isEmpty();
    }

    @Test
    void lockdepsTablesAreReadFromTheBannerAndFromLockdepStats() {
        LockdepState state = scan("""
                [    0.000000] Lock dependency validator: Copyright (c) 2006 Red Hat, Inc., Ingo Molnar
                [    0.000000] ... MAX_LOCKDEP_SUBCLASSES:  8
                [    0.000000] ... MAX_LOCK_DEPTH:          48
                [    0.000000] ... MAX_LOCKDEP_KEYS:        8192
                [    0.000000] ... CLASSHASH_SIZE:          4096
                [    0.000000] ... MAX_LOCKDEP_ENTRIES:     32768
                [    0.000000] ... MAX_LOCKDEP_CHAINS:      65536
                [   12.000000] random: crng init done
                # cat /proc/lockdep_stats
                 lock-classes:                         1638 [max: 8192]
                 direct dependencies:                 16000 [max: 32768]
                 indirect dependencies:              100000
                 dependency chains:                   64881 [max: 65536]
                 dependency chain hlocks used:       200000 [max: 327680]
                 stack-trace entries:                100000 [max: 524288]
                 max locking depth:                      20
                 debug_locks:                             1
                """).boots().get(0).lockdep();
        assertThat(state.verdict()).isEqualTo(Verdict.PROVEN_POSSIBLE);
        assertThat(state.tables())
                .containsExactlyInAnyOrder(
                        new LockdepTable("locking depth", 20, 48),
                        new LockdepTable("lock-classes", 1638, 8192),
                        new LockdepTable("direct dependencies", 16000, 32768),
                        new LockdepTable("dependency chains", 64881, 65536),
                        new LockdepTable("dependency chain hlocks", 200000, 327680),
                        new LockdepTable("stack-trace entries", 100000, 524288));
        assertThat(state.tables())
                .filteredOn(table -> table.name().equals("dependency chains"))
                .extracting(LockdepTable::headRoom)
                .containsExactly(0);
    }

    @Test
    void debugLocksOfZeroInLockdepStatsIsBlindness() {
        LockdepState state = scan("""
                [    0.000000] Lock dependency validator: Copyright (c) 2006 Red Hat, Inc., Ingo Molnar
                [   12.000000] random: crng init done
                 debug_locks:                             0
                """).boots().get(0).lockdep();
        assertThat(state.verdict()).isEqualTo(Verdict.BLIND);
        assertThat(state.offLine()).isEqualTo(3);
    }

    @Test
    void eachBootHasItsOwnLockdepState() {
        String off = "[   10.000000] BUG: MAX_LOCKDEP_KEYS too low!\n[   11.000000] reboot: Restarting system\n";
        KlogResult result = scan(START + off + START);
        assertThat(result.boots())
                .extracting(boot -> boot.lockdep().verdict())
                .containsExactly(Verdict.BLIND, Verdict.PROVEN_POSSIBLE);
        assertThat(result.boots().get(0).lockdep().offLine()).isEqualTo(5);
        assertThat(result.lockdep()).isEqualTo(Verdict.BLIND);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Disabling lock debugging due to kernel taint",
                "INFO: lockdep is turned off.",
                "rcu_scheduler_active = 2, debug_locks = 0",
                "Kernel command line: root=/dev/sda1 lockdep.prove_locking=0 quiet",
                "Kernel panic - not syncing: VFS: Unable to mount root fs",
            })
    void knowsWhenLockdepIsOff(String line) {
        assertThat(scan(START + "[   10.000000] " + line + "\n").lockdep()).isEqualTo(Verdict.BLIND);
    }

    @Test
    void whatTestsProvokeIsExpected() {
        String oops =
                "[   10.000001] Unable to handle kernel NULL pointer dereference at virtual address 0000000000000000\n";
        assertThat(scan("[   10.000000] sysrq: Trigger a crash\n" + oops).findings())
                .extracting(Finding::expected)
                .containsExactly("sysrq-c");
        assertThat(scan("[   10.000000] lkdtm: Performing direct entry EXCEPTION\n" + oops)
                        .findings())
                .extracting(Finding::expected)
                .containsExactly("lkdtm EXCEPTION");
        assertThat(scan("[   10.000000]     # Subtest: kasan\n" + oops + "[   10.1]     ok 1 kmalloc_oob\n")
                        .findings())
                .extracting(Finding::expected)
                .containsExactly("KUnit kasan");
        assertThat(scan(oops).findings()).extracting(Finding::expected).containsOnlyNulls();
    }
}
