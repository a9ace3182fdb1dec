package dev.hil.klog;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class KlogScannerTest {

    private static final String CIRCULAR = """
            [    5.000000] ======================================================
            [    5.000001] WARNING: possible circular locking dependency detected
            [    5.000002] 7.2.13 #1 Not tainted
            [    5.000003] ------------------------------------------------------
            [    5.000004] cat/812 is trying to acquire lock:
            [    5.000005] ffff888101f0a0d8 (&a->mutex){+.+.}-{4:4}, at: foo_ioctl+0x12/0x40
            [    5.000006]
            [    5.000007] but task is already holding lock:
            [    5.000008] ffff888101f0a0e8 (&b->mutex/1){+.+.}-{4:4}, at: bar_open+0x12/0x40
            [    5.000009]
            [    5.000010] which lock already depends on the new lock.
            [    5.000011]
            [    5.000012] the existing dependency chain (in reverse order) is:
            [    5.000013]
            [    5.000014] -> #1 (&b->mutex/1){+.+.}-{4:4}:
            [    5.000015]        lock_acquire+0x10/0x20
            [    5.000016]        bar_ioctl+0x12/0x40
            [    5.000017]
            [    5.000018] -> #0 (&a->mutex){+.+.}-{4:4}:
            [    5.000019]        lock_acquire+0x10/0x20
            [    5.000020]        foo_ioctl+0x22/0x60
            [    5.000021]
            [    5.000022] other info that might help us debug this:
            [    5.000023]
            [    5.000024]  Possible unsafe locking scenario:
            [    5.000025]        CPU0                    CPU1
            [    5.000026]   lock(&b->mutex/1);
            [    5.000027]                                lock(&a->mutex);
            [    5.000028]  *** DEADLOCK ***
            [    5.000029]
            [    5.000030] 1 lock held by cat/812:
            [    5.000031]  #0: ffff888101f0a0e8 (&b->mutex/1){+.+.}-{4:4}, at: bar_open+0x12/0x40
            [    5.000032]
            [    5.000033] stack backtrace:
            [    5.000034] CPU: 1 UID: 0 PID: 812 Comm: cat Not tainted 7.2.13 #1 PREEMPT(full)
            [    5.000035] Call trace:
            [    5.000036]  dump_stack_lvl+0x80/0xf0
            [    5.000037]  foo_ioctl+0x12/0x40
            [    5.000038]  el0t_64_sync+0x1a8/0x1b0
            """;

    private final List<Finding> findings = new ArrayList<>();
    private final List<Boot> boots = new ArrayList<>();
    private final List<String> started = new ArrayList<>();

    private final KlogScanner scanner = new KlogScanner(new KlogListener() {
        @Override
        public void started(Kind kind, long line, String headline) {
            started.add(kind.id() + "@" + line);
        }

        @Override
        public void finding(Finding finding) {
            findings.add(finding);
        }

        @Override
        public void boot(Boot boot) {
            boots.add(boot);
        }
    });

    private void feed(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        scanner.accept(bytes, 0, bytes.length);
    }

    @Test
    void tellsOfASplatAtItsHeadline() {
        feed(CIRCULAR.substring(0, CIRCULAR.indexOf("7.2.13")));
        assertThat(started).containsExactly("circular@2");
        assertThat(findings).isEmpty();
    }

    @Test
    void understandsACycle() {
        feed(CIRCULAR);
        scanner.finish();
        assertThat(findings).singleElement().satisfies(finding -> {
            assertThat(finding.kind()).isEqualTo(Kind.CIRCULAR);
            assertThat(finding.complete()).isTrue();
            assertThat(finding.firstLine()).isEqualTo(2);
            assertThat(finding.lastLine()).isEqualTo(39);
            assertThat(finding.locks()).containsExactly("&a->mutex", "&b->mutex/1");
            assertThat(finding.detail()).isInstanceOfSatisfying(Detail.Lockdep.class, lockdep -> {
                assertThat(lockdep.task()).isEqualTo("cat/812");
                assertThat(lockdep.held()).extracting(Lock::subclass).containsExactly(1);
                assertThat(lockdep.dependencies()).extracting(Object::toString).hasSize(2);
                assertThat(lockdep.scenario()).hasSize(3);
                assertThat(lockdep.trace()).contains("foo_ioctl");
            });
        });
        assertThat(boots)
                .singleElement()
                .satisfies(boot -> assertThat(boot.lockdep().verdict()).isEqualTo(LockdepState.Verdict.SPLAT));
    }

    @Test
    void readsTheSameInPiecesOfAnySize() {
        byte[] bytes = CIRCULAR.getBytes(StandardCharsets.UTF_8);
        for (byte b : bytes) {
            scanner.accept(new byte[] {b}, 0, 1);
        }
        scanner.finish();
        assertThat(findings).isEqualTo(CorpusTest.scan(bytes).findings()).hasSize(1);
    }

    @Test
    void handsOutACutReportWhenTheLogIsOver() {
        feed(CIRCULAR.substring(0, CIRCULAR.indexOf("which lock")));
        scanner.idle();
        assertThat(findings).isEmpty();
        scanner.finish();
        assertThat(findings).singleElement().satisfies(finding -> {
            assertThat(finding.complete()).isFalse();
            assertThat(finding.locks()).containsExactly("&a->mutex", "&b->mutex/1");
        });
    }

    @Test
    void handsOutACompleteReportWhenTheLogFallsSilent() {
        feed(CIRCULAR);
        assertThat(findings).isEmpty();
        scanner.idle();
        assertThat(findings).hasSize(1);
    }

    @Test
    void isUsedAsThePageHasIt() throws IOException {
        byte[] log = CIRCULAR.getBytes(StandardCharsets.UTF_8);
        List<String> said = new ArrayList<>();
        KlogScanner reader = new KlogScanner(new KlogListener() {
            @Override
            public void started(Kind kind, long line, String headline) {
                said.add("line " + line + ": " + headline); // at the headline, even if the board wedges then
            }

            @Override
            public void finding(Finding finding) {
                said.add(finding.title()); // when the report is over
            }

            @Override
            public void boot(Boot boot) {
                said.add("lockdep " + boot.lockdep().verdict()); // when the boot is over
            }
        });
        reader.accept(log, 0, log.length); // pieces of any size
        reader.idle(); // the stream is silent: hands out what is complete
        reader.finish(); // hands out the rest
        KlogResult all = KlogScanner.scan(new ByteArrayInputStream(log));

        assertThat(said).hasSize(3).first().asString().startsWith("line 2: WARNING: possible circular");
        assertThat(said).last().isEqualTo("lockdep SPLAT");
        assertThat(all.findings()).hasSize(1);
    }
}
