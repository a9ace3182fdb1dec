package dev.hil.klog;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class FingerprintTest {

    private static Finding only(String log) {
        return CorpusTest.scan(log.getBytes(StandardCharsets.UTF_8)).findings().get(0);
    }

    private static String cycle(String first, String second, String third) {
        return """
            WARNING: possible circular locking dependency detected
            6.12.1 #1 Not tainted
            cat/1 is trying to acquire lock:
            ffff888101f0a0d8 (%1$s){+.+.}-{4:4}, at: take_%1$s+0x12/0x40
            but task is already holding lock:
            ffff888101f0a0d8 (%3$s){+.+.}-{4:4}, at: take_%3$s+0x12/0x40
            which lock already depends on the new lock.
            the existing dependency chain (in reverse order) is:
            -> #2 (%3$s#7){+.+.}-{4:4}:
                   lock_acquire+0x10/0x20
                   take_%3$s+0x12/0x40
            -> #1 (%2$s){+.+.}-{4:4}:
                   lock_acquire+0x10/0x20
                   take_%2$s+0x12/0x40
            -> #0 (%1$s){+.+.}-{4:4}:
                   lock_acquire+0x10/0x20
                   take_%1$s+0x22/0x60
            other info that might help us debug this:
            stack backtrace:
             dump_stack_lvl+0x80/0xf0
             take_%1$s+0x12/0x40
             el0t_64_sync+0x1a8/0x1b0
            """.formatted(first, second, third);
    }

    @Test
    void oneCycleIsTheSameFromWhicheverLockItIsEntered() {
        Finding a = only(cycle("a", "b", "c"));
        Finding b = only(cycle("b", "c", "a"));
        Finding c = only(cycle("c", "a", "b"));
        assertThat(b.fingerprint()).isEqualTo(a.fingerprint());
        assertThat(c.fingerprint()).isEqualTo(a.fingerprint());
        assertThat(b.fingerprintFine()).isEqualTo(a.fingerprintFine());
        assertThat(c.fingerprintFine()).isEqualTo(a.fingerprintFine());
    }

    @Test
    void theOtherWayRoundIsAnotherCycle() {
        assertThat(only(cycle("a", "c", "b")).fingerprint())
                .isNotEqualTo(only(cycle("a", "b", "c")).fingerprint());
    }

    @Test
    void fineTellsCallSitesApartCoarseDoesNot() {
        String log = cycle("a", "b", "c");
        Finding other = only(log.replace("take_b", "elsewhere"));
        assertThat(other.fingerprint()).isEqualTo(only(log).fingerprint());
        assertThat(other.fingerprintFine()).isNotEqualTo(only(log).fingerprintFine());
    }

    @TestFactory
    Stream<DynamicTest> survivesARebuild() {
        Random random = new Random(7);
        return Corpus.cases(Corpus.directory()).stream()
                .filter(Corpus.Case::lockdep)
                .map(sample -> DynamicTest.dynamicTest(sample.name() + " " + sample.title(), () -> {
                    Finding before = lockdep(sample.log());
                    for (int i = 0; i < 3; i++) {
                        Finding after = lockdep(Rebuild.mutate(sample.log(), random));
                        assertThat(after.fingerprint())
                                .as("%s, then %s", before.title(), after.title())
                                .isEqualTo(before.fingerprint());
                        assertThat(after.fingerprintFine()).isEqualTo(before.fingerprintFine());
                    }
                }));
    }

    static Finding lockdep(byte[] log) {
        return CorpusTest.scan(log).findings().stream()
                .filter(finding -> finding.category() == Category.LOCKDEP)
                .findFirst()
                .orElseThrow(() -> new AssertionError("no lockdep finding"));
    }
}
