package dev.hil.board;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hil.board.Lockdep.Readings;
import dev.hil.klog.Kind;
import dev.hil.klog.KlogScanner;
import dev.hil.klog.KnownIssues;
import dev.hil.link.LocalShell;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIf;

class LockdepTest {
    private static final String BOOT = "11111111-2222-3333-4444-555555555555";
    private static final String ON = """
             lock-classes:                         1234 [max: 8192]
             direct dependencies:                  9876 [max: 524288]
             debug_locks:                             1
            """;
    private static final String RECURSIVE = """
            [   12.345678] ============================================
            [   12.345679] WARNING: possible recursive locking detected
            [   12.345680] 6.1.0 #1 Not tainted
            [   12.345681] --------------------------------------------
            [   12.345682] insmod/99 is trying to acquire lock:
            [   12.345683] ffff0000 (&foo->lock){+.+.}-{3:3}, at: take_twice+0x10/0x20 [sab]
            [   12.345684]\s
            [   12.345685] but task is already holding lock:
            [   12.345686] ffff0000 (&foo->lock){+.+.}-{3:3}, at: take_twice+0x8/0x20 [sab]
            [   12.345687] stack backtrace:
            [   12.345688] CPU: 0 PID: 99 Comm: insmod Not tainted 6.1.0 #1
            [   12.345689] Call trace:
            [   12.345690]  dump_stack+0x18/0x34
            [   12.345691]  take_twice+0x10/0x20 [sab]
            """;

    private static Readings readings(String stats, String prove) {
        return new Readings(BOOT, 0, prove, "CONFIG_PROVE_LOCKING=y", stats);
    }

    private static Lockdep judge(Readings readings, Sighting... seen) {
        return Lockdep.judge(readings, BOOT, List.of(seen), true, List.of());
    }

    private static Sighting sighting(Kind kind, String headline) {
        return new Sighting(Channel.KMSG, BOOT, Instant.now(), "812.3", kind, headline, null, Path.of("x"), 0);
    }

    private static Sighting recursive(KnownIssues known) throws IOException {
        var finding = KlogScanner.scan(new ByteArrayInputStream(RECURSIVE.getBytes(StandardCharsets.UTF_8)), known)
                .findings()
                .get(0);
        return sighting(finding.kind(), "possible recursive locking detected").withFinding(finding);
    }

    @Test
    void lockdepThatRunsAndProvesIsProven() {
        Lockdep lockdep = judge(readings(ON, "1"));

        assertThat(lockdep.state()).isEqualTo(LockdepState.PROVEN);
        assertThat(lockdep.stats()).isEqualTo(ON);
        assertThat(lockdep.evidence()).anyMatch(text -> text.contains("the fullest, lock-classes, is 15 % full"));
    }

    @Test
    void lockdepThatTurnedItselfOffIsBlind() {
        assertBlind(
                judge(readings(ON.replace("  1\n", "  0\n"), "1")), "debug_locks is 0", "something that no log shows");
    }

    @Test
    void whatTurnedItOffIsNamedWithItsTime() {
        Readings tainted = new Readings(BOOT, 1 | 1 << 12, "1", "", ON.replace("  1\n", "  0\n"));

        assertBlind(
                judge(tainted, sighting(Kind.TAINT_OFF, "Disabling lock debugging due to kernel taint")),
                "turned off by taint PO at 812.3 s");
    }

    @Test
    void lockdepThatOnlyTracksIsBlind() {
        assertBlind(judge(readings(ON, "0")), "/proc/sys/kernel/prove_locking is \"0\", not 1", "nothing is proven");
    }

    @Test
    void whatCannotBeReadIsBlind() {
        assertBlind(judge(readings(ON, "")), "prove_locking is \"\"");
        assertBlind(judge(readings("", "1")), "/proc/lockdep_stats cannot be read");
        assertBlind(judge(readings(" lock-classes: 1 [max: 2]\n a: b\n", "1")), "no line debug_locks");
    }

    @Test
    void aLineThatOnlyLooksLikeItIsNotBelieved() {
        assertBlind(judge(readings(" x debug_locks: 1\n debug_locks: 1 0\n", "1")), "no line debug_locks");
    }

    @Test
    void aReportIsASplatWhateverElseIsSaid() throws IOException {
        Lockdep lockdep = judge(readings(ON.replace("  1\n", "  0\n"), "1"), recursive(KnownIssues.none()));

        assertThat(lockdep.state()).isEqualTo(LockdepState.SPLAT);
        assertThat(lockdep.splats()).hasSize(1);
        assertThat(lockdep.splats().get(0).locks()).contains("&foo->lock");
        assertThat(lockdep.reason()).contains("recursive locking").contains("812.3 s");
    }

    @Test
    void aReportOfWhichOnlyTheHeadlineWasReadIsASplat() {
        Lockdep lockdep = judge(readings(ON, "1"), sighting(Kind.CIRCULAR, "possible circular locking dependency"));

        assertThat(lockdep.state()).isEqualTo(LockdepState.SPLAT);
        assertThat(lockdep.reason()).contains("its end was not read");
    }

    @Test
    void aKnownSplatThatTurnedLockdepOffLeavesItBlind() throws IOException {
        KnownIssues known = KnownIssues.parse(List.of("title ^recursive | queued upstream"), LocalDate.EPOCH);

        Lockdep lockdep = judge(readings(ON.replace("  1\n", "  0\n"), "1"), recursive(known));

        assertBlind(lockdep, "the known issue", "at 812.3 s", "nothing that came after is proven");
        assertThat(lockdep.known()).hasSize(1);
        assertThat(lockdep.splats()).isEmpty();
    }

    @Test
    void aKnownSplatThatLeavesLockdepOnIsListedAndProven() throws IOException {
        KnownIssues known = KnownIssues.parse(List.of("title . | queued upstream"), LocalDate.EPOCH);
        var finding = KlogScanner.scan(new ByteArrayInputStream("""
                        [    1.000001] =============================
                        [    1.000002] WARNING: suspicious RCU usage
                        [    1.000003] 6.1.0 #1 Not tainted
                        [    1.000004] -----------------------------
                        [    1.000005] x.c:1 suspicious rcu_dereference_check() usage!
                        """.getBytes(StandardCharsets.UTF_8)), known)
                .findings()
                .get(0);

        Lockdep lockdep = judge(
                readings(ON, "1"),
                sighting(finding.kind(), "suspicious RCU usage").withFinding(finding));

        assertThat(lockdep.state()).isEqualTo(LockdepState.PROVEN);
        assertThat(lockdep.known()).hasSize(1);
        assertThat(lockdep.evidence()).anyMatch(text -> text.contains("known issue"));
    }

    @Test
    void anotherBootOrALogWithHolesIsBlind() {
        assertBlind(
                Lockdep.judge(readings(ON, "1"), "another", List.of(), true, List.of()),
                "the board is in boot " + BOOT,
                "another");
        assertBlind(
                Lockdep.judge(readings(ON, "1"), BOOT, List.of(), true, List.of("7 messages were overwritten")),
                "a report may have been missed",
                "7 messages");
    }

    @Test
    void anOffLineInALogIsBelievedOverTheCounter() {
        assertBlind(
                judge(readings(ON, "1"), sighting(Kind.CAPACITY, "BUG: MAX_LOCKDEP_CHAINS too low!")),
                "a log says that lockdep went off");
    }

    @Test
    void aTableThatIsNearlyFullIsSaid() {
        Lockdep lockdep = judge(readings(ON.replace("1234", "8100"), "1"));

        assertThat(lockdep.state()).isEqualTo(LockdepState.PROVEN);
        assertThat(lockdep.evidence()).anyMatch(text -> text.contains("lock-classes: 8100 of 8192, 98 % full"));
    }

    static boolean thisHostHasLockdep() {
        return Files.exists(Path.of("/proc/lockdep_stats"));
    }

    @Test
    @DisabledIf(value = "thisHostHasLockdep", disabledReason = "this host's own kernel has lockdep")
    void aKernelWithoutLockdepIsBlind() {
        Readings here = Readings.read(new LocalShell());

        assertBlind(
                Lockdep.judge(here, here.bootId(), List.of(), false, List.of()),
                "/proc/lockdep_stats cannot be read",
                "lockdep is not compiled in");
    }

    private static void assertBlind(Lockdep lockdep, String... reasons) {
        assertThat(lockdep.state()).isEqualTo(LockdepState.BLIND);
        assertThat(lockdep.reason()).contains(reasons);
    }
}
