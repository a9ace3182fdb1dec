package dev.hil.junit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hil.board.Board;
import dev.hil.board.BoardLostException;
import dev.hil.board.Channel;
import dev.hil.board.PstoreRecord;
import dev.hil.board.Reset;
import dev.hil.board.Sighting;
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
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * The suite that must stay red: each test sabotages the emulated board in one way and runs a user's test class on it, as
 * JUnit would. What must come out is a failure or an error of the right kind with the right words; a green is the one
 * thing that must not be.
 *
 * <p>Scenarios follow each other on one board, each in a boot of its own that was ordered and proven, with pstore
 * cleared. One that leaves more behind than a boot takes away has a board of its own; so has the one after a failure.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class SabotageIT {
    private static final String BOOTS = "boots";
    private static final String LOCKDEP = "lockdep clean";
    private static final String RESET = "no silent watchdog reset";
    private static final String SMOKE = "smoke: decode";
    private static final String SABOTAGE = "sabotage";

    /** Frames flow, and in the middle of it something else happens. */
    private static final String STREAM = "modprobe vim2m && echo 2 > /sys/module/vim2m/parameters/default_transtime &&"
            + " dmabuf-stream -m -n 60 vim2m";

    /** Later than all that share the first definition. */
    private static final int OTHER_DEFINITIONS = Order.DEFAULT + 1;

    @TempDir
    private static Path folder;

    private static ScenarioBoards boards;

    @BeforeAll
    static void begin() {
        boards = new ScenarioBoards(folder, Evidence.defaultHome().resolve("sabotage"));
    }

    @AfterAll
    static void end() {
        boards.close();
    }

    @RegisterExtension
    static final AfterTestExecutionCallback AFRESH = context -> {
        if (context.getExecutionException().isPresent()) {
            boards.close();
        }
    };

    /** A user's class: it boots the kernel under test, and ends with the two assertions of the plan. */
    @HilTest
    abstract static class OnTheTestKernel implements StepAssertions {
        @Test
        @Order(1)
        @DisplayName(BOOTS)
        void boots(Board board) throws IOException {
            board.pstore().clear(board.pstore().read());
            Sabotage.smoke(board, smoke());
            prepare(board);
            Reset reset = board.reboot(board.definition().boot().test());
            HilAssertions.assertThat(reset).isOrdered();
            assertThat(reset.pstore()).extracting(PstoreRecord::kind).doesNotContain(PstoreRecord.Kind.DMESG);
        }

        /** Before the kernel under test is booted. */
        void prepare(Board board) throws IOException {}

        /** What the smoke test is here. */
        String smoke() {
            return STREAM;
        }
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

    static class SplatInTheSmoke extends Smoked {
        @Override
        String smoke() {
            return "modprobe hil_sabotage && echo abba > %s && %s".formatted(Sabotage.RUN, STREAM);
        }
    }

    @Test
    void aSplatInTheSmoke() throws IOException {
        PlanRun.Outcome outcome = run(SplatInTheSmoke.class);

        red(outcome, LOCKDEP, AssertionError.class)
                .containsSubsequence(
                        "lockdep is SPLAT",
                        "circular locking dependency: hil_abba_a -> hil_abba_b",
                        "locks: hil_abba_a, hil_abba_b",
                        "possible circular locking dependency",
                        "last on the console",
                        "evidence: ");
        red(outcome, LOCKDEP, AssertionError.class).contains("hil_abba_a", "hil_abba_b");
        red(outcome, SMOKE, AssertionError.class)
                .containsSubsequence(
                        "the kernel reported", "circular locking dependency", "last on the console", "evidence: ")
                .contains("hil_abba_a", "hil_abba_b");
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
    void lockdepCompiledOut() throws IOException {
        PlanRun.Outcome outcome = run(Unproven.class);

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
    void lockdepTurnedOffByTaintBeforeTheSmoke() throws IOException {
        PlanRun.Outcome outcome = run(Tainted.class);

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
    void proveLockingIsZero() throws IOException {
        PlanRun.Outcome outcome = runAlone(NotProving.class);

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
    void aTableOfLockdepIsFull() throws IOException {
        PlanRun.Outcome outcome = run(TableFull.class);

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
    void aSplatOnAConsoleFloodedWithNoise() throws IOException {
        PlanRun.Outcome outcome = run(Flooded.class);

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
    void aSplatThatWasThereInTheBaselineTooIsListedAndGreen() throws IOException {
        PlanRun.Outcome outcome = run(KnownSplat.class);

        assertThat(outcome.failed()).as("false reds").isEmpty();
        assertThat(outcome.passed()).contains(SMOKE, LOCKDEP, RESET, "listed");
    }

    @Test
    @Order(OTHER_DEFINITIONS)
    void theSameSplatWhereNobodyKnowsIt() throws IOException {
        PlanRun.Outcome outcome = run(KnownSplat.class, STRICT);

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
    void aSplatThenAWedge() throws IOException {
        PlanRun.Outcome outcome = run(SplatThenWedge.class);

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
    void aSilentWatchdogReset() throws IOException {
        PlanRun.Outcome outcome = run(Wedged.class);

        red(outcome, RESET, AssertionError.class).contains("SILENT_WATCHDOG", "last of boot ");
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
    void aResetIntoTheSameKernelWhileSshWasIdle() throws IOException {
        PlanRun.Outcome outcome = run(ResetWhileIdle.class);

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
    void twoResetsInARow() throws IOException {
        PlanRun.Outcome outcome = run(TwoResets.class);

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
    void aPanicWithPstoreIntact() throws IOException {
        PlanRun.Outcome outcome = run(Panicked.class);

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
    void aPanicWithPstoreEmptiedBeforeAnyoneLooks() throws IOException {
        PlanRun.Outcome outcome = runAlone(PanickedAndEmptied.class);

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
    void aPowerCutThatClearsRamoops() throws IOException {
        PlanRun.Outcome outcome = run(PowerCut.class);

        // Where the emulator takes long to come back, it might have been the watchdog, and that is said.
        red(outcome, RESET, AssertionError.class)
                .contains("the memory is gone")
                .containsAnyOf("POWER_LOSS", "the power was lost, or the watchdog");
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
    void bitsFlippedInRamoops() throws IOException {
        PlanRun.Outcome outcome = run(BitsFlipped.class);

        red(outcome, RESET, AssertionError.class)
                .contains("DIAGNOSED", "a panic that was asked for")
                .containsPattern("\\d+ Corrected bytes, \\d+ unrecoverable blocks");
    }

    /**
     * Of lockdep's reports only suspicious RCU usage is hidden by a quiet console: before it prints another, the kernel
     * raises the console's level by itself (lib/debug_locks.c, debug_locks_off).
     */
    static class Quiet extends Sabotaged {
        @Override
        void prepare(Board board) {
            Sabotage.addToCommandLine(board, "quiet");
        }

        @Override
        void sabotage(Board board) {
            long seen = board.watch().mark();
            Sabotage.commit(board, "rcu-usage");
            board.watch().await("the splat", Sighting::isSplat, seen, Duration.ofSeconds(30));
            board.watch().drain(Duration.ofSeconds(30));
            assertThat(board.watch()
                            .sightings()
                            .subList((int) seen, board.watch().sightings().size()))
                    .filteredOn(Sighting::isSplat)
                    .extracting(Sighting::channel)
                    .containsOnly(Channel.KMSG);
            long mark = Sabotage.consolePosition(board);
            Sabotage.machine(board).reset();
            Sabotage.awaitFirmware(board, mark);
        }
    }

    @Test
    @Order(OTHER_DEFINITIONS)
    void aSplatAndASilentResetOnAQuietConsole() throws IOException {
        PlanRun.Outcome outcome = run(Quiet.class, STRICT);
        boards.close();

        red(outcome, SABOTAGE, AssertionError.class).contains("was reset", "suspicious RCU usage");
        red(outcome, RESET, AssertionError.class).contains("was reset");
        red(outcome, LOCKDEP, AssertionError.class).contains("BLIND");
    }

    static class PoweredOff extends Sabotaged {
        @Override
        void sabotage(Board board) {
            Sabotage.machine(board).off();
        }
    }

    /** Last of all, since its board is gone. */
    @Test
    @Order(OTHER_DEFINITIONS + 1)
    void theBoardIsPoweredOff() throws IOException {
        PlanRun.Outcome outcome = run(PoweredOff.class, STRICT);

        red(outcome, SABOTAGE, InfrastructureException.class).contains("last on the console");
        assertThat(outcome.passed()).as("false greens").containsExactly(BOOTS);
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
    void theWrongKernelIsBooted() throws IOException {
        PlanRun.Outcome outcome = attempt(WrongKernel.class);

        red(outcome, BOOTS, AssertionError.class).contains("-safe", "-lockdep");
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
    void theRightReleaseButAnOlderBuild() throws IOException {
        PlanRun.Outcome outcome = attempt(OlderBuild.class);

        red(outcome, BOOTS, AssertionError.class).contains("01dbu11d");
    }

    // What the smoke does

    static class DoesNothing extends Smoked {
        @Override
        String smoke() {
            return "true";
        }
    }

    @Test
    void aSmokeThatDoesNothing() throws IOException {
        PlanRun.Outcome outcome = run(DoesNothing.class);

        red(outcome, SMOKE, AssertionError.class).contains("0 frames of at least 60");
        green(outcome, LOCKDEP);
        green(outcome, RESET);
    }

    static class Hangs extends Smoked {
        @Override
        String smoke() {
            return STREAM + "; sleep 1000";
        }
    }

    @Test
    @Order(OTHER_DEFINITIONS)
    void aSmokeThatHangs() throws IOException {
        PlanRun.Outcome outcome = run(Hangs.class, STRICT);

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
    void aLinkCutForTwentySecondsAndHealedIsNoReset() throws IOException {
        PlanRun.Outcome outcome = run(CutOff.class);

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

    /** With known issues, and patient. */
    private static final Wanted LENIENT = new Wanted(
            "title ^suspicious RCU usage in hil_rcu_usage | in the baseline too\n",
            Duration.ofMinutes(1),
            Duration.ofMinutes(2));

    /** With no known issues, and soon out of patience. */
    private static final Wanted STRICT = new Wanted("", Duration.ofSeconds(12), Duration.ofSeconds(20));

    /**
     * What is wanted of a board's definition.
     *
     * @param known the file of known issues
     * @param smoke how long the smoke test may take
     * @param boot how long a boot may take
     */
    private record Wanted(String known, Duration smoke, Duration boot) {
        String definition() throws IOException {
            Path issues = Files.writeString(folder.resolve("known-issues-" + known.hashCode()), known);
            String text = VirtualBoards.text();
            text = replaced(text, "(?ms)^command = '''.*?'''", "command = \"sh %s\"".formatted(Sabotage.SMOKE));
            // The first of each, from the bottom up: neither must find what the other has written.
            text = replaced(text, "(?m)^timeout = \"30s\"$", "timeout = \"%ds\"".formatted(smoke.toSeconds()));
            text = replaced(text, "(?m)^timeout = \"90s\"$", "timeout = \"%ds\"".formatted(boot.toSeconds()));
            return "known_issues = \"%s\"%n%s".formatted(issues, text);
        }

        private static String replaced(String text, String pattern, String by) {
            String changed = text.replaceFirst(pattern, by);
            assertThat(changed).as("the definition has no match of %s", pattern).isNotEqualTo(text);
            return changed;
        }
    }

    private static PlanRun.Outcome run(Class<? extends OnTheTestKernel> scenario) throws IOException {
        return run(scenario, LENIENT);
    }

    /** A scenario that changes more of its board than a boot takes away. */
    private static PlanRun.Outcome runAlone(Class<? extends OnTheTestKernel> scenario) throws IOException {
        PlanRun.Outcome outcome = run(scenario);
        boards.close();
        return outcome;
    }

    /** A scenario whose board need not boot what it should; what runs then is nothing for others. */
    private static PlanRun.Outcome attempt(Class<? extends OnTheTestKernel> scenario) throws IOException {
        PlanRun.Outcome outcome = boards.run(LENIENT.definition(), scenario);
        boards.close();
        return outcome;
    }

    private static PlanRun.Outcome run(Class<? extends OnTheTestKernel> scenario, Wanted wanted) throws IOException {
        PlanRun.Outcome outcome = boards.run(wanted.definition(), scenario);
        Throwable boot = outcome.failed().get(BOOTS);
        if (boot != null) {
            throw new AssertionError(
                    "scenario %s did not take place, its board was not brought to where it begins: %s"
                            .formatted(scenario.getSimpleName(), boot.getMessage()),
                    boot);
        }
        // What the kernel did is held against the test in which it did it, too; anything else would mean that the
        // scenario has not taken place.
        Throwable thrown = outcome.failed().get(SABOTAGE);
        if (thrown != null && !(thrown instanceof BoardLostException)) {
            assertThat(thrown)
                    .as("the sabotage itself")
                    .isInstanceOf(AssertionError.class)
                    .message()
                    .containsAnyOf("the kernel reported", "was reset and nobody ordered it");
        }
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
