package dev.hil.junit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hil.board.Board;
import dev.hil.board.BoardLostException;
import dev.hil.link.Command;
import dev.hil.link.InfrastructureException;
import dev.hil.record.Evidence;
import dev.hil.virtual.VirtualBoards;
import dev.hil.virtual.VirtualMachine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.assertj.core.api.AbstractStringAssert;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/**
 * The suite that must stay red: each test sabotages the emulated board in one way and runs a user's test class on it, as
 * JUnit would. What must come out is a failure or an error of the right kind with the right words; a green is the one
 * thing that must not be.
 */
class SabotageIT {
    private static final String LOCKDEP = "lockdep clean";
    private static final String RESET = "no silent watchdog reset";
    private static final String SMOKE = "smoke: decode";
    private static final String SABOTAGE = "sabotage";

    /** Frames flow, and in the middle of it something else happens. */
    private static final String STREAM = "modprobe vim2m && echo 2 > /sys/module/vim2m/parameters/default_transtime &&"
            + " dmabuf-stream -m -n 60 vim2m";

    @TempDir
    private Path folder;

    private String head = "";
    private String command = STREAM;
    private Duration smokeTimeout = Duration.ofMinutes(1);
    private Duration bootTimeout = Duration.ofMinutes(2);

    /** A user's class: it boots the kernel under test, and ends with the two assertions of the plan. */
    @HilTest
    abstract static class OnTheTestKernel implements StepAssertions {
        @Test
        @Order(1)
        @DisplayName("boots")
        void boots(Board board) throws IOException {
            prepare(board);
            board.reboot(board.definition().boot().test());
        }

        /** Before the kernel under test is booted. */
        void prepare(Board board) throws IOException {}
    }

    /** One that is sabotaged in a test of its own. */
    abstract static class Sabotaged extends OnTheTestKernel {
        @Test
        @Order(100)
        @DisplayName(SABOTAGE)
        final void sabotages(Board board) throws IOException {
            sabotage(board);
        }

        abstract void sabotage(Board board) throws IOException;
    }

    // What lockdep has to say

    static class Smoked extends OnTheTestKernel implements DecodeSmoke {}

    @Test
    void aSplatInTheSmoke(TestInfo info) throws IOException {
        command = "modprobe hil_sabotage && echo abba > %s && %s".formatted(Sabotage.RUN, STREAM);

        PlanRun.Outcome outcome = run(info, Smoked.class);

        red(outcome, LOCKDEP, AssertionError.class)
                .contains("SPLAT", "circular locking dependency", "hil_abba_a", "hil_abba_b");
        red(outcome, SMOKE, AssertionError.class).contains("circular locking dependency", "hil_abba_a", "hil_abba_b");
        green(outcome, RESET);
    }

    static class Unproven extends OnTheTestKernel {
        @Test
        @Order(2)
        @DisplayName("runs the kernel to go back to")
        void safe(Board board) {
            board.reboot(board.definition().boot().safe());
        }
    }

    @Test
    void lockdepCompiledOut(TestInfo info) throws IOException {
        PlanRun.Outcome outcome = run(info, Unproven.class);

        red(outcome, LOCKDEP, AssertionError.class).contains("BLIND", "not compiled in");
        green(outcome, RESET);
    }

    static class Tainted extends Sabotaged implements DecodeSmoke {
        @Override
        void sabotage(Board board) {
            Sabotage.commit(board, "taint");
        }
    }

    @Test
    void lockdepTurnedOffByTaintBeforeTheSmoke(TestInfo info) throws IOException {
        PlanRun.Outcome outcome = run(info, Tainted.class);

        red(outcome, LOCKDEP, AssertionError.class).contains("BLIND", "taint P");
        green(outcome, SMOKE);
        green(outcome, RESET);
    }

    static class NotProving extends Smoked {
        @Override
        void prepare(Board board) {
            Sabotage.addToCommandLine(board, "lockdep.prove_locking=0");
        }
    }

    @Test
    void proveLockingIsZero(TestInfo info) throws IOException {
        PlanRun.Outcome outcome = run(info, NotProving.class);

        red(outcome, LOCKDEP, AssertionError.class).contains("BLIND", "prove_locking");
        green(outcome, SMOKE);
    }

    static class TableFull extends Sabotaged {
        @Override
        void sabotage(Board board) {
            Sabotage.commit(board, "lock-classes");
        }
    }

    @Test
    void aTableOfLockdepIsFull(TestInfo info) throws IOException {
        PlanRun.Outcome outcome = run(info, TableFull.class);

        red(outcome, LOCKDEP, AssertionError.class).contains("BLIND", "MAX_LOCKDEP_KEYS too low");
        green(outcome, RESET);
    }

    static class Flooded extends Sabotaged {
        @Override
        void sabotage(Board board) {
            Sabotage.flood(board);
            Sabotage.commit(board, "dma-fence");
        }
    }

    @Test
    void aSplatOnAConsoleFloodedWithNoise(TestInfo info) throws IOException {
        PlanRun.Outcome outcome = run(info, Flooded.class);

        red(outcome, LOCKDEP, AssertionError.class).contains("SPLAT", "reservation_ww_class_mutex", "dma_fence_map");
        green(outcome, RESET);
    }

    static class KnownSplat extends Sabotaged implements DecodeSmoke {
        @Override
        void sabotage(Board board) {
            Sabotage.commit(board, "rcu-usage");
        }

        @Test
        @Order(1100)
        @DisplayName("listed")
        void isListed(Board board) {
            assertThat(board.lockdep().known())
                    .isNotEmpty()
                    .allSatisfy(sighting -> assertThat(sighting.title()).contains("suspicious RCU usage"));
        }
    }

    @Test
    void aSplatThatWasThereInTheBaselineTooIsListedAndGreen(TestInfo info) throws IOException {
        Path known = Files.writeString(
                folder.resolve("known-issues"), "title ^suspicious RCU usage in hil_rcu_usage | in the baseline too\n");
        head = "known_issues = \"%s\"".formatted(known);

        PlanRun.Outcome outcome = run(info, KnownSplat.class);

        assertThat(outcome.failed()).as("false reds").isEmpty();
        assertThat(outcome.passed()).contains(SMOKE, LOCKDEP, RESET, "listed");
    }

    @Test
    void theSameSplatWhereNobodyKnowsIt(TestInfo info) throws IOException {
        PlanRun.Outcome outcome = run(info, KnownSplat.class);

        red(outcome, LOCKDEP, AssertionError.class).contains("SPLAT", "suspicious RCU usage");
        red(outcome, "listed", AssertionError.class);
    }

    // What becomes of the board

    static class SplatThenWedge extends Sabotaged {
        @Override
        void sabotage(Board board) {
            Sabotage.commitSoon(board, "abba wedge");
            awaitWatchdog(board);
        }
    }

    @Test
    void aSplatThenAWedge(TestInfo info) throws IOException {
        PlanRun.Outcome outcome = run(info, SplatThenWedge.class);

        red(outcome, SABOTAGE, AssertionError.class)
                .contains("SILENT_WATCHDOG", "circular locking dependency", "hil_abba_a", "hil_abba_b");
        red(outcome, RESET, AssertionError.class).contains("SILENT_WATCHDOG");
        red(outcome, LOCKDEP, AssertionError.class);
    }

    static class Wedged extends Sabotaged {
        @Override
        void sabotage(Board board) {
            Sabotage.commitSoon(board, "wedge");
            awaitWatchdog(board);
        }
    }

    @Test
    void aSilentWatchdogReset(TestInfo info) throws IOException {
        PlanRun.Outcome outcome = run(info, Wedged.class);

        red(outcome, RESET, AssertionError.class).contains("SILENT_WATCHDOG");
        red(outcome, LOCKDEP, AssertionError.class);
    }

    static class ResetWhileIdle extends Sabotaged {
        @Override
        void sabotage(Board board) {
            long mark = Sabotage.consolePosition(board);
            Sabotage.machine(board).reset();
            Sabotage.awaitInit(board, mark);
        }
    }

    @Test
    void aResetIntoTheSameKernelWhileSshWasIdle(TestInfo info) throws IOException {
        PlanRun.Outcome outcome = run(info, ResetWhileIdle.class);

        red(outcome, RESET, AssertionError.class).contains("was reset");
        red(outcome, LOCKDEP, AssertionError.class);
    }

    static class TwoResets extends Sabotaged {
        @Override
        void sabotage(Board board) {
            for (int i = 0; i < 2; i++) {
                long mark = Sabotage.consolePosition(board);
                Sabotage.machine(board).reset();
                Sabotage.awaitInit(board, mark);
            }
        }
    }

    @Test
    void twoResetsInARow(TestInfo info) throws IOException {
        PlanRun.Outcome outcome = run(info, TwoResets.class);

        red(outcome, RESET, AssertionError.class).contains("was reset", "2 boots began meanwhile");
    }

    static class Panicked extends Sabotaged {
        @Override
        void sabotage(Board board) {
            long mark = Sabotage.consolePosition(board);
            Sabotage.commitSoon(board, "panic");
            Sabotage.awaitInit(board, mark);
        }
    }

    @Test
    void aPanicWithPstoreIntact(TestInfo info) throws IOException {
        PlanRun.Outcome outcome = run(info, Panicked.class);

        red(outcome, RESET, AssertionError.class)
                .contains("DIAGNOSED", "a panic that was asked for", "/sys/fs/pstore/dmesg-ramoops-0");
    }

    static class PanickedAndEmptied extends Panicked {
        @Override
        void prepare(Board board) {
            Sabotage.emptyPstoreAtBoot(board);
        }
    }

    @Test
    void aPanicWithPstoreEmptiedBeforeAnyoneLooks(TestInfo info) throws IOException {
        PlanRun.Outcome outcome = run(info, PanickedAndEmptied.class);

        red(outcome, RESET, AssertionError.class)
                .contains("DIAGNOSED", "a panic that was asked for", "/var/lib/systemd/pstore/dmesg-ramoops-0");
    }

    static class PowerCut extends Sabotaged {
        @Override
        void sabotage(Board board) {
            VirtualMachine machine = Sabotage.machine(board);
            machine.off();
            long mark = Sabotage.consolePosition(board);
            machine.on();
            Sabotage.awaitInit(board, mark);
        }
    }

    @Test
    void aPowerCutThatClearsRamoops(TestInfo info) throws IOException {
        PlanRun.Outcome outcome = run(info, PowerCut.class);

        red(outcome, RESET, AssertionError.class).contains("POWER_LOSS", "the memory is gone");
    }

    static class BitsFlipped extends Sabotaged {
        @Override
        void sabotage(Board board) {
            Sabotage.flipBits(board, 20, 100);
            long mark = Sabotage.consolePosition(board);
            Sabotage.commitSoon(board, "panic");
            Sabotage.awaitInit(board, mark);
        }
    }

    @Test
    void bitsFlippedInRamoops(TestInfo info) throws IOException {
        PlanRun.Outcome outcome = run(info, BitsFlipped.class);

        red(outcome, RESET, AssertionError.class)
                .contains("DIAGNOSED", "a panic that was asked for")
                .containsPattern("\\d+ Corrected bytes, \\d+ unrecoverable blocks");
    }

    static class Quiet extends Wedged {
        @Override
        void prepare(Board board) {
            Sabotage.addToCommandLine(board, "quiet");
        }
    }

    @Test
    void aSilentResetOnAQuietConsole(TestInfo info) throws IOException {
        PlanRun.Outcome outcome = run(info, Quiet.class);

        red(outcome, RESET, AssertionError.class).contains("was reset");
    }

    static class PoweredOff extends Sabotaged {
        @Override
        void sabotage(Board board) {
            Sabotage.machine(board).off();
        }
    }

    @Test
    void theBoardIsPoweredOff(TestInfo info) throws IOException {
        bootTimeout = Duration.ofSeconds(30);

        PlanRun.Outcome outcome = run(info, PoweredOff.class);

        red(outcome, SABOTAGE, InfrastructureException.class).contains("last on the console");
        assertThat(outcome.passed()).as("false greens").containsExactly("boots");
        assertThat(outcome.skipped())
                .containsKeys(LOCKDEP, RESET)
                .allSatisfy((test, reason) -> assertThat(reason).contains("board virtual"));
    }

    // What runs at all

    static class WrongKernel extends Smoked {
        @Override
        void prepare(Board board) {
            Sabotage.bootInstead(
                    board, Sabotage.image(board, board.definition().boot().safe()));
        }
    }

    @Test
    void theWrongKernelIsBooted(TestInfo info) throws IOException {
        PlanRun.Outcome outcome = run(info, WrongKernel.class);

        red(outcome, "boots", AssertionError.class).contains("-safe", "-lockdep");
        red(outcome, LOCKDEP, AssertionError.class).contains("BLIND");
    }

    static class OlderBuild extends OnTheTestKernel {
        @TempDir
        private Path folder;

        @Override
        void prepare(Board board) throws IOException {
            Sabotage.bootInstead(board, Sabotage.olderBuild(board, folder));
        }
    }

    @Test
    void theRightReleaseButAnOlderBuild(TestInfo info) throws IOException {
        PlanRun.Outcome outcome = run(info, OlderBuild.class);

        red(outcome, "boots", AssertionError.class).contains("01dbu11d");
    }

    // What the smoke does

    @Test
    void aSmokeThatDoesNothing(TestInfo info) throws IOException {
        command = "true";

        PlanRun.Outcome outcome = run(info, Smoked.class);

        red(outcome, SMOKE, AssertionError.class).contains("0 frames of at least 60");
        green(outcome, LOCKDEP);
        green(outcome, RESET);
    }

    @Test
    void aSmokeThatHangs(TestInfo info) throws IOException {
        command = STREAM + "; sleep 1000";
        smokeTimeout = Duration.ofSeconds(15);

        PlanRun.Outcome outcome = run(info, Smoked.class);

        red(outcome, SMOKE, AssertionError.class).contains("hangs");
        green(outcome, LOCKDEP);
        green(outcome, RESET);
    }

    // What must not be taken for something else

    static class CutOff extends OnTheTestKernel {
        private static final Duration CUT = Duration.ofSeconds(20);

        @Test
        @Order(100)
        @DisplayName("cut off")
        void cutOff(Board board) {
            VirtualMachine machine = Sabotage.machine(board);
            long start = System.nanoTime();
            machine.unplug();
            try {
                board.exec(Command.of("true").timeout(CUT));
            } finally {
                Awaitility.await("the cut has lasted")
                        .atMost(CUT.plusSeconds(5))
                        .until(() -> System.nanoTime() - start > CUT.toNanos());
                machine.plug();
            }
        }
    }

    @Test
    void aLinkCutForTwentySecondsAndHealedIsNoReset(TestInfo info) throws IOException {
        PlanRun.Outcome outcome = run(info, CutOff.class);

        red(outcome, "cut off", InfrastructureException.class);
        green(outcome, RESET);
        green(outcome, LOCKDEP);
    }

    /** The board is not back yet then: whoever asks it next has to wait. */
    private static void awaitWatchdog(Board board) {
        VirtualMachine machine = Sabotage.machine(board);
        Awaitility.await("the watchdog bites")
                .atMost(Duration.ofMinutes(2))
                .until(() ->
                        machine.events().stream().anyMatch(event -> event.name().equals("WATCHDOG")));
    }

    private PlanRun.Outcome run(TestInfo info, Class<?> scenario) throws IOException {
        String name = info.getTestMethod().orElseThrow().getName();
        String text = VirtualBoards.text();
        String definition = head + "\n"
                + text.replaceFirst("(?m)^timeout = \"90s\"$", "timeout = \"%ds\"".formatted(bootTimeout.toSeconds()))
                        .replaceFirst("(?ms)^command = '''.*?'''", "command = '''\n%s\n'''".formatted(command))
                        .replaceFirst(
                                "(?m)^timeout = \"30s\"$", "timeout = \"%ds\"".formatted(smokeTimeout.toSeconds()));
        PlanRun plan = PlanRun.onTheEmulatedBoard(
                folder, definition, Evidence.defaultHome().resolve("sabotage").resolve(name));
        PlanRun.Outcome outcome = plan.execute(scenario);
        // What the kernel did is held against the test in which it did it, too; anything else would mean that the
        // scenario
        // has not taken place.
        outcome.failed().forEach((test, thrown) -> {
            if (test.equals(SABOTAGE) && !(thrown instanceof BoardLostException)) {
                assertThat(thrown)
                        .as("the sabotage itself")
                        .isInstanceOf(AssertionError.class)
                        .message()
                        .containsAnyOf("the kernel reported", "was reset and nobody ordered it");
            }
        });
        if (Sabotaged.class.isAssignableFrom(scenario)) {
            assertThat(outcome.started()).contains(SABOTAGE);
        }
        return outcome;
    }

    private static AbstractStringAssert<?> red(PlanRun.Outcome outcome, String test, Class<? extends Throwable> kind) {
        assertThat(outcome.passed()).as("false greens").doesNotContain(test);
        assertThat(outcome.failed()).as("what came out red").containsKey(test);
        Throwable thrown = outcome.failure(test);
        assertThat(thrown).as("what made \"%s\" red", test).isInstanceOf(kind);
        return assertThat(String.valueOf(thrown.getMessage())).contains("evidence: ");
    }

    private static void green(PlanRun.Outcome outcome, String test) {
        assertThat(outcome.failed()).as("false reds").doesNotContainKey(test);
        assertThat(outcome.passed()).contains(test);
    }
}
