package dev.hil.virtual;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.hil.board.BoardDefinitions;
import dev.hil.cli.Main;
import dev.hil.junit.HilTest;
import dev.hil.junit.PlanProcess;
import dev.hil.link.Sha256;
import dev.hil.plan.CutRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs are killed, lose their board or lose the way to it, at transitions of the ledger; then {@code hil recover} puts
 * the board back, and all is compared with the state before. What is compared is read by the test's own means.
 *
 * <p>{@code -Dhil.recovery=short} goes to every kind of transition once. {@code -Dhil.recovery=all} goes to every transition of a
 * whole run, for each fault.
 */
@EnabledIfSystemProperty(
        named = "hil.recovery",
        matches = "short|all",
        disabledReason = "asked for by -Dhil.recovery=short or all: some of it is still red")
@HilTest
class RecoveryIT {
    private static final Duration LIMIT = Duration.ofMinutes(6);

    @TempDir
    private static Path folder;

    private static @Nullable PersistentBoard kept;
    private static @Nullable Map<String, String> found;
    private static final Set<String> stoppedAt = new TreeSet<>();
    private static final FaultMatrix matrix = new FaultMatrix();
    private static final int ROWS = 20;

    private static synchronized PersistentBoard board() throws IOException {
        PersistentBoard board = kept;
        if (board == null) {
            board = new PersistentBoard(folder);
            kept = board;
            found = board.state();
        }
        return board;
    }

    @AfterAll
    static void end() throws IOException {
        PersistentBoard board = kept;
        if (board != null) {
            board.close();
        }
    }

    private static ChildRun run(String stopAt) throws IOException {
        return ChildRun.start(board(), stopAt, CutRun.class, board().home().toString(), PersistentBoard.NAME);
    }

    private static ChildRun recovery(String stopAt) throws IOException {
        return ChildRun.start(
                board(), stopAt, Main.class, "recover", "--home", board().home().toString(), PersistentBoard.NAME);
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

    private static Map<String, String> before() {
        return Objects.requireNonNull(found, "the state before");
    }

    private static Path runs() throws IOException {
        return board().home().resolve(PersistentBoard.NAME).resolve("runs");
    }

    private static boolean killedOnce(String run, String... recoveries) throws Exception {
        boolean there = killAt(run(run));
        if (there && !run.matches("\\d+")) {
            String changed = FaultMatrix.changed(before(), board().state());
            matrix.add(
                    "kill -9 of the run", FaultMatrix.phase(run), "the run is gone", changed, FaultMatrix.kept(runs()));
        }
        for (String at : recoveries) {
            there = there && killAt(recovery(at));
        }
        return there;
    }

    private static void recovered(String after) throws Exception {
        try (ChildRun recovery = recovery("0")) {
            int exit = recovery.awaitExit(LIMIT);
            assertThat(exit)
                    .as("%s: hil recover says%n%s", after, recovery.output())
                    .isZero();
        }
        assertThat(board().state()).as(after).isEqualTo(found);
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
        for (String where : new String[] {"before NOTE: removed from pstore", "after NOTE: removed from pstore"}) {
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
        killed("after FOUND", "before GIVEN_BACK", "after GIVEN_BACK");
    }

    @Test
    @Order(3)
    void aRunThatDiedOnItsWayToTheTestKernel() throws Exception {
        killed("before INTENT SetDefault", "before UNDONE: board rec leaves");
        killed("after INTENT SetDefault", "before UNDONE: DEFAULT", "after UNDONE: DEFAULT");
        killed("before DONE: DEFAULT", "after UNDONE: board rec leaves");
    }

    @Test
    @Order(4)
    void aRunThatDiedWhileItInstalledAKernel() throws Exception {
        killed("before DONE: file", "before UNDONE: file");
        killed(
                "before DONE: modules /lib/modules/hil-before",
                "before UNDONE: modules /lib/modules/hil-before",
                "before NOTE: ordered reboot");
        killed(
                "before DONE: label",
                "after UNDONE: label",
                "after UNDONE: modules /lib/modules/hil-new",
                "after NOTE: ordered reboot");
    }

    @Test
    @Order(5)
    void aRunThatDiedInAStep() throws Exception {
        killed("before DONE: patch", "before UNDONE: patch");
        killed("before DONE: module ", "before UNDONE: module ", "after UNDONE: module ", "after UNDONE: patch");
    }

    @Test
    @Order(6)
    void aRunThatDiedWhileItGaveTheBoardBack() throws Exception {
        killed("after DONE: module ");
    }

    @Test
    @Order(7)
    void everyKindOfTransitionWasGoneTo() {
        List<String> kinds = new ArrayList<>();
        for (String kind : List.of("FOUND", "INTENT", "DONE", "UNDONE", "GIVEN_BACK", "NOTE")) {
            kinds.add("before " + kind);
            kinds.add("after " + kind);
        }
        assertThat(stoppedAt).containsAll(kinds);
    }

    @Test
    @Order(10)
    void whoComesToABoardInUseLeavesWithTheHoldersName() throws Exception {
        try (ChildRun run = run("after NOTE: ordered reboot")) {
            assertThat(run.awaitStop(LIMIT)).isPresent();
            try (ChildRun other = recovery("0")) {
                assertThat(other.awaitExit(LIMIT)).as(other.output()).isEqualTo(3);
                assertThat(other.output())
                        .contains("board rec is in use by " + System.getProperty("user.name") + "@")
                        .contains(", pid " + run.pid() + ", since ");
            }
            run.goOn();
            assertThat(run.awaitExit(LIMIT)).as(run.output()).isZero();
        }
        assertThat(board().state()).isEqualTo(found);
    }

    @Test
    @Order(20)
    void aBoardThatLosesItsPower() throws Exception {
        for (String where : new String[] {"after INTENT SetDefault", "before DONE: module "}) {
            powerCut(where);
        }
    }

    private static void powerCut(String where) throws Exception {
        try (ChildRun run = run(where)) {
            assertThat(run.awaitStop(LIMIT)).as(where).isPresent();
            board().cutPower();
            run.goOn();
            run.awaitExit(LIMIT);
            if (!where.matches("\\d+")) {
                matrix.add(
                        "power cut of the board", FaultMatrix.phase(where), seen(run), "-", FaultMatrix.kept(runs()));
            }
        }
        board().awaitBoot("");
        recovered("the power cut " + where);
    }

    @Test
    @Order(30)
    void aLinkThatIsCut() throws Exception {
        linkLost("before INTENT SetDefault", Fault.CUT);
        linkLost("before DONE: module ", Fault.CUT);
    }

    @Test
    @Order(31)
    void aLinkThatIsHalfOpen() throws Exception {
        linkLost("after INTENT RestoreTree", Fault.HALF_OPEN);
    }

    @Test
    @Order(32)
    void aLinkThatGarbles() throws Exception {
        linkLost("after INTENT SetDefault", Fault.GARBAGE);
    }

    @Test
    @Order(33)
    void aLinkThatBecomesSlow() throws Exception {
        try (ChildRun run = run("after INTENT SetDefault")) {
            assertThat(run.awaitStop(LIMIT)).isPresent();
            board().line().slowTo(100_000);
            run.goOn();
            assertThat(run.awaitExit(LIMIT)).as(run.output()).isZero();
            assertThat(run.output()).contains(CutRun.ENDED);
            matrix.add(
                    "link: slow",
                    FaultMatrix.phase("after INTENT SetDefault"),
                    seen(run),
                    "nothing",
                    FaultMatrix.kept(runs()));
        } finally {
            board().line().mend();
        }
        assertThat(board().state()).isEqualTo(found);
    }

    private static ChildRun plan(String stopAt, String... options) throws IOException {
        List<String> all = new ArrayList<>(List.of("-Dboard=" + PersistentBoard.NAME, "-Dhil.home=" + board().home()));
        all.addAll(List.of(options));
        return ChildRun.start(board(), stopAt, all, PlanProcess.class);
    }

    @Test
    @Order(40)
    void aRunThatWasCutGoesOnFromItsLastProvenStep() throws Exception {
        try (ChildRun cut = plan("before DONE: module .*tiny")) {
            // The first step's module, and then the second's.
            assertThat(cut.awaitStop(LIMIT)).as(cut.output()).isPresent();
            cut.goOn();
            assertThat(cut.awaitTransition("before INTENT ReversePatch: patch 0002", LIMIT))
                    .as(cut.output())
                    .isTrue();
            cut.kill();
        }
        try (ChildRun resumed = plan("0", "-Dhil.resume")) {
            assertThat(resumed.awaitExit(LIMIT)).as(resumed.output()).isZero();
            assertThat(resumed.output())
                    .contains(
                            "plan-skipped answersTwo(Board): not run again: step 0001-tiny.patch was proven by an earlier run")
                    .contains("evidence: " + board().home())
                    .contains("plan-passed answersThree(Board)");
        }
        assertThat(board().state()).isEqualTo(found);
    }

    @Test
    @Order(41)
    void whatDiffersIsSaidAndNothingIsResumed() throws Exception {
        try (ChildRun cut = plan("after STEP")) {
            assertThat(cut.awaitStop(LIMIT)).as(cut.output()).isPresent();
            cut.kill();
        }
        board().exec("echo somebody >> /boot/extlinux/extlinux.conf.bak; echo x >> " + CutRun.OLD_TREE
                + "/kernel/m.ko; sync");
        try (ChildRun resumed = plan("0", "-Dhil.resume")) {
            assertThat(resumed.awaitExit(LIMIT)).as(resumed.output()).isNotZero();
            assertThat(resumed.output())
                    .contains("the run cannot be resumed")
                    .contains("modules " + CutRun.OLD_TREE + ": was ")
                    .contains("Begin again without -Dhil.resume");
        }
        board().exec("rm /boot/extlinux/extlinux.conf.bak; echo old > " + CutRun.OLD_TREE + "/kernel/m.ko; sync");
        recovered("a run that was not resumed");
    }

    /** Only where all of the tests above have run: a part of them cannot know the whole. */
    @Test
    @Order(90)
    void theFaultMatrixIsAsItIsInTheDocs() throws IOException {
        assumeTrue(matrix.size() >= ROWS, "only a part of the faults was made");
        Path written = Files.writeString(Path.of("target", "fault-matrix.md"), matrix.markdown());
        Path docs = BoardDefinitions.find()
                .folder()
                .resolve("../../docs/fault-matrix.md")
                .normalize();

        assumeTrue(Files.exists(docs), "there is no docs/fault-matrix.md yet: cp hil-core/" + written + " " + docs);
        assertThat(docs)
                .as("cp hil-core/%s docs/fault-matrix.md, look at what changed, and commit it", written)
                .hasContent(matrix.markdown());
    }

    private enum Fault {
        CUT("cut"),
        HALF_OPEN("half-open"),
        GARBAGE("garbage");

        private final String words;

        Fault(String words) {
            this.words = words;
        }
    }

    /** What a person at the terminal reads at the end, in outline. */
    private static String seen(ChildRun run) {
        List<String> seen = new ArrayList<>();
        if (run.output().contains("NOT as it was found")) {
            seen.add("\"the board is NOT as it was found\", what is open with the commands to undo it by hand");
        }
        if (run.output().contains(CutRun.ENDED)) {
            seen.add("the run ends in order");
        } else {
            seen.add("an error that names the lost link");
        }
        return String.join("; ", seen);
    }

    private static void linkLost(String where, Fault fault) throws Exception {
        try (ChildRun run = run(where)) {
            assertThat(run.awaitStop(LIMIT)).as(where).isPresent();
            switch (fault) {
                case CUT -> board().line().cut();
                case HALF_OPEN -> board().line().fallSilent();
                case GARBAGE -> board().line().garble();
            }
            run.goOn();
            assertThat(run.awaitExit(LIMIT)).as(run.output()).isNotZero();
            assertThat(run.output()).contains("NOT as it was found");
            matrix.add("link: " + fault.words, FaultMatrix.phase(where), seen(run), "-", FaultMatrix.kept(runs()));
        } finally {
            board().line().mend();
        }
        recovered("the link lost (%s) %s".formatted(fault, where));
    }

    private static void requireAll() {
        assumeTrue("all".equals(System.getProperty("hil.recovery")), "every transition: -Dhil.recovery=all");
    }

    /** The transitions of a whole run that is left in peace. */
    private static List<String> transitions() throws Exception {
        try (ChildRun run = run("0")) {
            assertThat(run.awaitExit(LIMIT)).as(run.output()).isZero();
            assertThat(board().state()).as("after a run in peace").isEqualTo(found);
            return run.transitions();
        }
    }

    @Test
    @Order(100)
    void aRunKilledAtEveryTransition() throws Exception {
        requireAll();
        List<String> transitions = transitions();
        assertThat(transitions).hasSizeGreaterThan(50);
        for (int i = 1; i <= transitions.size(); i++) {
            System.out.printf("kill at %d of %d: %s%n", i, transitions.size(), transitions.get(i - 1));
            killed(Integer.toString(i));
        }
    }

    @Test
    @Order(101)
    void aBoardThatLosesItsPowerAtEveryTransition() throws Exception {
        requireAll();
        int transitions = transitions().size();
        for (int i = 1; i <= transitions; i++) {
            System.out.printf("power cut at %d of %d%n", i, transitions);
            powerCut(Integer.toString(i));
        }
    }

    @Test
    @Order(102)
    void aLinkThatIsCutAtEveryTransition() throws Exception {
        requireAll();
        int transitions = transitions().size();
        for (int i = 1; i <= transitions; i++) {
            System.out.printf("link cut at %d of %d%n", i, transitions);
            try (ChildRun run = run(Integer.toString(i))) {
                assertThat(run.awaitStop(LIMIT)).isPresent();
                board().line().cut();
                run.goOn();
                run.awaitExit(LIMIT);
            } finally {
                board().line().mend();
            }
            recovered("the link cut at " + i);
        }
    }
}
