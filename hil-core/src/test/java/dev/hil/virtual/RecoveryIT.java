package dev.hil.virtual;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.hil.board.BoardDefinitions;
import dev.hil.cli.Main;
import dev.hil.junit.HilTest;
import dev.hil.junit.PlanProcess;
import dev.hil.link.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs of a plan are killed, lose their board or lose the way to it, at transitions of the ledger; then
 * {@code hil recover} puts the board back, and all is compared with the state before. What is compared is read by the
 * test's own means.
 *
 * <p>By itself it goes to every kind of transition once, and makes each kind of fault that is quick to make.
 * {@code -Dhil.recovery=faults} makes each fault in several phases and writes the matrix of the docs;
 * {@code -Dhil.recovery=all} goes to every transition of the plan besides, for each fault; with
 * {@code -Dhil.recovery.first=2 -Dhil.recovery.stride=3} to the second of them, the fifth, and so on.
 * {@code -Dhil.recovery=plan -Dit.test=RecoveryIT#thePlan*} does that with the plan of hil-tests.
 */
@HilTest
class RecoveryIT {
    private static final String HOW_MUCH = System.getProperty("hil.recovery", "short");
    /** The plan of hil-tests builds whole kernels. */
    private static final Duration LIMIT = Duration.ofMinutes(HOW_MUCH.equals("plan") ? 60 : 6);

    private static final Pattern LINK_LOST = Pattern.compile(
            "the connection was lost while|no answer within|no ssh server answered|handshake was not done");
    private static final FaultMatrix MATRIX = new FaultMatrix();

    /** So that several machines, or nights, can share the transitions. */
    private static final int FIRST = Integer.getInteger("hil.recovery.first", 1);

    private static final int STRIDE = Integer.getInteger("hil.recovery.stride", 1);

    @TempDir
    private static Path folder;

    private static @Nullable PersistentBoard kept;
    /** The state in which each test must find the board, and must leave it. */
    private static Map<String, String> found = Map.of();
    /** Whether the board was seen in that state at the end of the test before. */
    private static boolean isWhole;

    private static int boards;
    private static final Set<String> stoppedAt = new TreeSet<>();

    private static PersistentBoard board() {
        PersistentBoard board = kept;
        if (board == null) {
            throw new IllegalStateException("no test has begun");
        }
        return board;
    }

    /** A board that an earlier test has left changed is not used again: its failure must not be that of others. */
    @BeforeEach
    void haveBoard() throws IOException {
        if (isWhole) {
            isWhole = false;
            board().define(PersistentBoard.PATIENCE);
            return;
        }
        end();
        begin(PersistentBoard.tiny(newFolder()));
    }

    private static Path newFolder() throws IOException {
        return Files.createDirectories(folder.resolve("board-" + ++boards));
    }

    private static void begin(PersistentBoard board) throws IOException {
        kept = board;
        found = board.state();
    }

    @AfterAll
    static void end() throws IOException {
        PersistentBoard board = kept;
        kept = null;
        if (board != null) {
            board.close();
        }
    }

    private static ChildRun run(String stopAt) throws IOException {
        return plan(stopAt, List.of(), board().plan().toArray(String[]::new));
    }

    private static ChildRun plan(String stopAt, List<String> options, String... classes) throws IOException {
        List<String> all = new ArrayList<>(List.of("-Dboard=" + board().name(), "-Dhil.home=" + board().home()));
        all.addAll(options);
        return ChildRun.start(board(), stopAt, all, PlanProcess.class, classes);
    }

    private static ChildRun recovery(String stopAt) throws IOException {
        return ChildRun.start(
                board(),
                stopAt,
                List.of(),
                Main.class,
                "recover",
                "--home",
                board().home().toString(),
                board().name());
    }

    private static void stopped(ChildRun run) throws InterruptedException {
        Optional<String> where = run.awaitStop(LIMIT);
        assertThat(where).as(run.output()).isPresent();
        stoppedAt.add(kind(where.orElseThrow()));
    }

    private static boolean killAt(ChildRun child) throws InterruptedException {
        try (child) {
            Optional<String> where = child.awaitStop(LIMIT);
            if (where.isEmpty()) {
                System.out.println("did not come so far: " + child.output());
            }
            where.ifPresent(transition -> stoppedAt.add(kind(transition)));
            child.kill();
            return where.isPresent();
        }
    }

    /** {@code 12 before INTENT SetDefault: DEFAULT of ...} is of the kind {@code before INTENT}. */
    private static String kind(String transition) {
        return transition.replaceFirst("^\\d+ (\\w+ \\w+).*", "$1");
    }

    /** A run killed at one transition, recoveries of it killed at others, and then one that is left in peace. */
    private static void killed(String run, String... recoveries) throws Exception {
        for (int attempt = 1; !killedOnce(run, recoveries); attempt++) {
            // The emulated board was too slow for a run's own limits, as it is on a busy host: one more fault to
            // recover.
            recovered("a run that failed by itself on its way to " + run);
            assertThat(attempt)
                    .as("attempts to come to %s and then %s", run, List.of(recoveries))
                    .isLessThan(4);
        }
        recovered("a run killed " + run);
    }

    private static Path runs() {
        return board().home().resolve(board().name()).resolve("runs");
    }

    private static boolean killedOnce(String run, String... recoveries) throws Exception {
        boolean there = killAt(run(run));
        if (there && isNamed(run)) {
            String changed = FaultMatrix.changed(found, board().state());
            MATRIX.add("kill -9 of the run", run, "the run is gone", changed, runs());
        }
        for (String at : recoveries) {
            there = there && killAt(recovery(at));
        }
        return there;
    }

    /** A transition of a phase that has a name, not just the next one of them all. */
    private static boolean isNamed(String where) {
        return !where.matches("\\d+");
    }

    private static void recovered(String after) throws Exception {
        for (int attempt = 1; !isRecovered(after, attempt); attempt++) {
            System.out.printf("the link was lost on a busy host while %s was recovered: once more%n", after);
        }
        requireWhole(after);
    }

    /** Whether it went through; one whose link is lost on a busy host is repeated, as its message says. */
    private static boolean isRecovered(String after, int attempt) throws Exception {
        try (ChildRun recovery = recovery("0")) {
            int exit = recovery.awaitExit(LIMIT);
            boolean lostLink = exit != 0 && LINK_LOST.matcher(recovery.output()).find();
            if (lostLink && attempt < 3) {
                return false;
            }
            assertThat(exit)
                    .as("%s: hil recover says%n%s", after, recovery.output())
                    .isZero();
            assertThat(recovery.output()).contains("it runs the safe label safe");
            return true;
        }
    }

    private static void requireWhole(String after) throws IOException {
        assertThat(board().state()).as(after).isEqualTo(found);
        isWhole = true;
    }

    /** Each record is on the board still, or a whole copy is in the evidence. */
    private static void nothingLost(List<String> records) throws IOException {
        List<String> safe = new ArrayList<>(board().pstore());
        try (Stream<Path> files = Files.walk(board().home())) {
            for (Path file : files.filter(Files::isRegularFile)
                    .filter(file -> String.valueOf(file.getParent()).contains("pstore-"))
                    .toList()) {
                safe.add(Sha256.of(file));
            }
        }
        assertThat(safe).as("on the board or copied").containsAll(records);
    }

    @Test
    @Order(1)
    void recordsOfAPanicAreNotLostWhereverTheRunDies() throws Exception {
        List<String> places = HOW_MUCH.equals("short")
                ? List.of("before NOTE: removed from pstore")
                : List.of("before NOTE: removed from pstore", "after NOTE: removed from pstore");
        for (String where : places) {
            board().crash();
            List<String> records = board().pstore();
            assertThat(records).as("what a crash leaves").isNotEmpty();

            killed(where);

            nothingLost(records);
        }
    }

    @Test
    @Order(2)
    void aRunThatDiedBeforeItsFirstChange() throws Exception {
        killed("before FOUND");
    }

    @Test
    @Order(3)
    void whoComesToABoardInUseLeavesWithTheHoldersName() throws Exception {
        try (ChildRun run = run("after FOUND")) {
            stopped(run);
            try (ChildRun other = recovery("0")) {
                assertThat(other.awaitExit(LIMIT)).as(other.output()).isEqualTo(3);
                assertThat(other.output())
                        .contains("board rec is in use by " + System.getProperty("user.name") + "@")
                        .contains(", pid " + run.pid() + ", since ");
                MATRIX.add("a second run", "after FOUND", FaultMatrix.seen(other), "nothing", runs());
            }
            run.kill();
        }
        assertThat(killAt(recovery("before GIVEN_BACK"))).isTrue();
        assertThat(killAt(recovery("after GIVEN_BACK"))).isTrue();
        recovered("a second run");
    }

    @Test
    @Order(4)
    void aRunThatDiedWhileItInstalledAKernel() throws Exception {
        killed("after DONE: file", "before UNDONE: file");
        killed("before DONE: modules /lib/modules/hil-before", "before UNDONE: modules /lib/modules/hil-before");
        killed("after INTENT RemoveLabel", "after UNDONE: label", "after UNDONE: modules /lib/modules/hil-new");
    }

    @Test
    @Order(5)
    void aRunThatDiedOnItsWayToTheTestKernel() throws Exception {
        killed("before INTENT SetDefault", "before UNDONE: board rec leaves");
        killed(
                "before DONE: DEFAULT",
                "before UNDONE: DEFAULT",
                "after UNDONE: DEFAULT",
                "after UNDONE: board rec leaves");
    }

    @Test
    @Order(6)
    void aRunThatDiedAfterAStep() throws Exception {
        killed(
                "after STEP",
                "before UNDONE: module ",
                "after UNDONE: module ",
                "before UNDONE: patch",
                "after UNDONE: patch",
                "before NOTE: ordered reboot",
                "after NOTE: ordered reboot");
    }

    @Test
    @Order(6)
    void aRunThatIsStoppedFromAnIde() throws Exception {
        try (ChildRun run = run("before DONE: module ")) {
            stopped(run);
            run.stop();
        }
        recovered("a run that was stopped");
    }

    @Test
    @Order(7)
    void aRunThatDiedWhileItPatchedOrGaveTheBoardBack() throws Exception {
        requireFaults();
        killed("after FOUND", "before GIVEN_BACK");
        killed("before DONE: patch", "before UNDONE: patch");
        killed("before DONE: module ", "before UNDONE: module ");
        killed("before STEP");
        killed("after UNDONE: module ");
        killed("after UNDONE: board rec leaves");
        killed("before GIVEN_BACK");
    }

    @Test
    @Order(8)
    void everyKindOfTransitionWasGoneTo() throws IOException {
        List<String> kinds = new ArrayList<>();
        for (String kind : List.of("FOUND", "INTENT", "DONE", "UNDONE", "GIVEN_BACK", "NOTE")) {
            kinds.add("before " + kind);
            kinds.add("after " + kind);
        }
        kinds.add("after STEP");
        assertThat(stoppedAt).containsAll(kinds);
        requireWhole("nothing was done");
    }

    @Test
    @Order(20)
    void aBoardThatLosesItsPowerWhileItsMenuIsWritten() throws Exception {
        lost("after INTENT SetDefault", Fault.POWER);
    }

    @Test
    @Order(21)
    void aBoardThatLosesItsPower() throws Exception {
        requireFaults();
        for (String where : List.of(
                "before DONE: modules /lib/modules/hil-before", "before DONE: module ", "after UNDONE: module ")) {
            lost(where, Fault.POWER);
        }
    }

    @Test
    @Order(30)
    void aLinkThatIsCutWhileAKernelIsInstalled() throws Exception {
        // Nothing has been rebooted by then, and nobody brings the link back while the run waits.
        board().define("15s");
        lost("after INTENT RestoreTree", Fault.CUT);
    }

    @Test
    @Order(31)
    void aLinkThatIsLost() throws Exception {
        requireFaults();
        board().define("30s");
        for (Fault fault : List.of(Fault.CUT, Fault.HALF_OPEN, Fault.GARBAGE)) {
            for (String where : List.of("after INTENT SetDefault", "before DONE: module ")) {
                lost(where, fault);
            }
        }
    }

    @Test
    @Order(32)
    void aLinkThatBecomesSlow() throws Exception {
        requireFaults();
        try (ChildRun run = run("after INTENT SetDefault")) {
            assertThat(run.awaitStop(LIMIT)).as(run.output()).isPresent();
            Fault.SLOW.make(board());
            run.goOn();
            assertThat(run.awaitExit(LIMIT)).as(run.output()).isZero();
            MATRIX.add(Fault.SLOW.words, "after INTENT SetDefault", FaultMatrix.seen(run), "nothing", runs());
        } finally {
            board().line().mend();
        }
        requireWhole("a run over a slow link");
    }

    private enum Fault {
        POWER("power cut of the board"),
        CUT("ssh link: cut"),
        HALF_OPEN("ssh link: half-open"),
        GARBAGE("ssh link: garbage"),
        SLOW("ssh link: slow");

        private final String words;

        Fault(String words) {
            this.words = words;
        }

        private void make(PersistentBoard board) throws IOException {
            switch (this) {
                case POWER -> board.cutPower();
                case CUT -> board.line().cut();
                case HALF_OPEN -> board.line().fallSilent();
                case GARBAGE -> board.line().garble();
                case SLOW -> board.line().slowTo(100_000);
            }
        }
    }

    private static void lost(String where, Fault fault) throws Exception {
        for (int attempt = 1; !isLostOnce(where, fault); attempt++) {
            // As with a run that is killed: on a busy host it may fail by its own limits before it comes so far.
            recovered("a run that failed by itself on its way to " + where);
            assertThat(attempt).as("attempts to come to %s", where).isLessThan(4);
        }
        recovered("%s %s".formatted(fault.words, where));
    }

    private static boolean isLostOnce(String where, Fault fault) throws Exception {
        try (ChildRun run = run(where)) {
            if (run.awaitStop(LIMIT).isEmpty()) {
                System.out.println("did not come so far: " + run.output());
                return false;
            }
            fault.make(board());
            run.goOn();
            int exit = run.awaitExit(LIMIT);
            board().line().mend();
            board().awaitBoot("");
            if (fault == Fault.POWER) {
                // The board may be back in time for what is left of the run: then that is done in order.
                assertThat(exit == 0 || run.output().contains("plan-failed ") || isSaid(run))
                        .as(run.output())
                        .isTrue();
            } else if (isNamed(where)) {
                assertThat(exit).as(run.output()).isNotZero();
                assertThat(isSaid(run)).as(run.output()).isTrue();
            }
            if (isNamed(where)) {
                MATRIX.add(
                        fault.words,
                        where,
                        fault == Fault.POWER ? FaultMatrix.POWER_SEEN : FaultMatrix.seen(run),
                        fault == Fault.POWER ? FaultMatrix.POWER_CHANGED : changedNow(),
                        runs());
            }
            return true;
        } finally {
            board().line().mend();
        }
    }

    private static boolean isSaid(ChildRun run) {
        return run.output().contains("NOT as it was found");
    }

    private static String changedNow() throws IOException {
        return FaultMatrix.changed(found, board().state());
    }

    @Test
    @Order(40)
    void aRunThatWasCutGoesOnFromItsLastProvenStep() throws Exception {
        requireFaults();
        try (ChildRun cut = plan("before DONE: module .*tiny", List.of(), "Base", "First", "Second")) {
            // The first step's module, and then the second's.
            assertThat(cut.awaitStop(LIMIT)).as(cut.output()).isPresent();
            cut.goOn();
            assertThat(cut.awaitTransition("before INTENT ReversePatch: patch 0002", LIMIT))
                    .as(cut.output())
                    .isTrue();
            cut.kill();
        }
        try (ChildRun resumed = plan("0", List.of("-Dhil.resume"), "Base", "First", "Second")) {
            assertThat(resumed.awaitExit(LIMIT)).as(resumed.output()).isZero();
            assertThat(resumed.output())
                    .contains(
                            "plan-skipped answersTwo(Board): not run again: step 0001-tiny.patch was proven by an earlier run")
                    .contains("evidence: " + board().home())
                    .contains("plan-passed answersThree(Board)");
        }
        requireWhole("a resumed run");
    }

    @Test
    @Order(41)
    void whatDiffersIsSaidAndNothingIsResumed() throws Exception {
        requireFaults();
        try (ChildRun cut = plan("after STEP", List.of(), "Base", "First", "Second")) {
            assertThat(cut.awaitStop(LIMIT)).as(cut.output()).isPresent();
            cut.kill();
        }
        board().exec("echo somebody >> /boot/extlinux/extlinux.conf.bak; echo x >> " + PlanProcess.OLD_TREE
                + "/kernel/m.ko; sync");
        try (ChildRun resumed = plan("0", List.of("-Dhil.resume"), "Base", "First", "Second")) {
            assertThat(resumed.awaitExit(LIMIT)).as(resumed.output()).isNotZero();
            assertThat(resumed.output())
                    .contains("the run cannot be resumed")
                    .contains("modules " + PlanProcess.OLD_TREE + ": was ")
                    .contains("Begin again without -Dhil.resume");
        }
        board().exec("rm /boot/extlinux/extlinux.conf.bak; echo old > " + PlanProcess.OLD_TREE + "/kernel/m.ko; sync");
        recovered("a run that was not resumed");
    }

    @Test
    @Order(90)
    void theFaultMatrixOfTheDocsIsAsItWasSeen() throws IOException {
        isWhole = true;
        Path docs = BoardDefinitions.find()
                .folder()
                .resolve("../../docs/fault-matrix.md")
                .normalize();
        Path written = Files.writeString(Path.of("target", "fault-matrix.md"), MATRIX.markdown());
        String advice =
                "look at what changed; if it is right, run with -Dhil.recovery=faults, then cp hil-core/%s docs/"
                        .formatted(written);
        assertThat(docs).as("the matrix: " + advice).exists();
        // A part of the faults makes a part of the rows.
        assertThat(Files.readAllLines(docs)).as(advice).containsAll(MATRIX.lines());
        if (MATRIX.isWhole()) {
            assertThat(docs).as(advice).hasContent(MATRIX.markdown());
        }
    }

    private static void requireFaults() {
        boolean wanted = List.of("faults", "all").contains(HOW_MUCH);
        isWhole |= !wanted;
        assumeTrue(wanted, "each fault in several phases: -Dhil.recovery=faults");
    }

    private static void requireAll() {
        boolean wanted = HOW_MUCH.equals("all");
        isWhole |= !wanted;
        assumeTrue(wanted, "every transition: -Dhil.recovery=all");
    }

    /** The transitions of a whole run that is left in peace. */
    private static List<String> transitions() throws Exception {
        try (ChildRun run = run("0")) {
            assertThat(run.awaitExit(LIMIT)).as(run.output()).isZero();
            requireWhole("a run in peace");
            return run.transitions();
        }
    }

    @Test
    @Order(100)
    void aRunKilledAtEveryTransition() throws Exception {
        requireAll();
        List<String> transitions = transitions();
        assertThat(transitions).hasSizeGreaterThan(50);
        killedAtEach(transitions);
    }

    @Test
    @Order(101)
    void aBoardThatLosesItsPowerAtEveryTransition() throws Exception {
        requireAll();
        atEveryTransition(Fault.POWER);
    }

    @Test
    @Order(102)
    void aLinkThatIsCutAtEveryTransition() throws Exception {
        requireAll();
        atEveryTransition(Fault.CUT);
    }

    /** The plan of hil-tests, whatever it has come to do: its classes are run as they were compiled. */
    @Test
    @Order(110)
    void thePlanOfHilTestsKilledAtEveryTransition() throws Exception {
        boolean wanted = HOW_MUCH.equals("plan");
        isWhole |= !wanted;
        assumeTrue(wanted, "every transition of the plan in hil-tests: -Dhil.recovery=plan");
        end();
        begin(PersistentBoard.ofThePlan(newFolder()));
        List<String> transitions = transitions();
        killedAtEach(transitions);
    }

    private static void killedAtEach(List<String> transitions) throws Exception {
        for (int i = FIRST; i <= transitions.size(); i += STRIDE) {
            System.out.printf("kill at %d of %d: %s%n", i, transitions.size(), transitions.get(i - 1));
            killed(Integer.toString(i));
        }
    }

    private static void atEveryTransition(Fault fault) throws Exception {
        int transitions = transitions().size();
        for (int i = FIRST; i <= transitions; i += STRIDE) {
            System.out.printf("%s at %d of %d%n", fault.words, i, transitions);
            lost(Integer.toString(i), fault);
        }
    }
}
