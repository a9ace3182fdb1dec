package dev.hil.board;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hil.link.LocalShell;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIf;

class LockdepTest {
    private static final String ON = """
             lock-classes:                         1234 [max: 8192]
             direct dependencies:                  9876 [max: 524288]
             debug_locks:                             1
            """;

    @Test
    void lockdepThatRunsAndProvesIsProven() {
        Lockdep lockdep = Lockdep.of(ON, "1");

        assertThat(lockdep.state()).isEqualTo(LockdepState.PROVEN);
        assertThat(lockdep.stats()).isEqualTo(ON);
    }

    @Test
    void lockdepThatTurnedItselfOffIsBlind() {
        assertBlind(Lockdep.of(ON.replace("  1\n", "  0\n"), "1"), "debug_locks is 0", "turned itself off");
    }

    @Test
    void lockdepThatOnlyTracksIsBlind() {
        assertBlind(Lockdep.of(ON, "0"), "/proc/sys/kernel/prove_locking is \"0\", not 1", "nothing is proven");
    }

    @Test
    void whatCannotBeReadIsBlind() {
        assertBlind(Lockdep.of(ON, ""), "prove_locking is \"\"");
        assertBlind(Lockdep.of("", "1"), "/proc/lockdep_stats has no line debug_locks");
    }

    @Test
    void aLineThatOnlyLooksLikeItIsNotBelieved() {
        assertBlind(Lockdep.of(" x debug_locks: 1\n debug_locks: 1 0\n", "1"), "no line debug_locks");
    }

    static boolean thisHostHasLockdep() {
        return Files.exists(Path.of("/proc/lockdep_stats"));
    }

    @Test
    @DisabledIf(value = "thisHostHasLockdep", disabledReason = "this host's own kernel has lockdep")
    void aKernelWithoutLockdepIsBlind() {
        assertBlind(Lockdep.read(new LocalShell()), "/proc/lockdep_stats cannot be read", "lockdep is not compiled in");
    }

    private static void assertBlind(Lockdep lockdep, String... reasons) {
        assertThat(lockdep.state()).isEqualTo(LockdepState.BLIND);
        assertThat(lockdep.reason()).contains(reasons);
    }
}
