package dev.hil.junit;

import dev.hil.board.Board;
import dev.hil.board.BoardDefinition;
import dev.hil.board.BoardDefinitions;
import dev.hil.board.BoardSession;
import dev.hil.kernel.Series;
import dev.hil.link.InfrastructureException;
import dev.hil.plan.Bisection;
import dev.hil.plan.HalvedSeries;
import dev.hil.plan.KernelUnderTest;
import dev.hil.plan.Outcome;
import dev.hil.plan.PlanState;
import dev.hil.plan.Regression;
import dev.hil.record.Evidence;
import dev.hil.record.StepOutcome;
import dev.hil.report.CiOutput;
import dev.hil.report.Report;
import dev.hil.report.Reports;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.StoreScope;

/**
 * What all classes of one run share: the board, opened when the first test needs it, and how far the plan has come.
 * Closed with JUnit's launcher session, that is, when Maven's test run or the IDE's ends.
 */
final class Run implements AutoCloseable {
    private static final Namespace NAMESPACE = Namespace.create("dev.hil");

    private final BoardDefinition definition;
    private final PlanState plan = new PlanState();
    private final PlanReport report;
    private @Nullable Evidence evidence;
    private @Nullable BoardSession session;
    private @Nullable RuntimeException unopened;
    private @Nullable StepTests step;
    private @Nullable KernelUnderTest kernel;
    private @Nullable HalvedSeries halved;

    private Run(BoardDefinition definition) {
        this.definition = definition;
        this.report = new PlanReport(definition);
    }

    /** The run on the board that was asked for; empty where none was. */
    static Optional<Run> of(ExtensionContext context) {
        return BoardSelection.current()
                .map(name -> context.getStore(StoreScope.LAUNCHER_SESSION, NAMESPACE)
                        .getOrComputeIfAbsent(name, Run::start, Run.class));
    }

    private static Run start(String name) {
        return new Run(BoardDefinitions.find().get(name).withSeries(System.getProperty("hil.series", "")));
    }

    PlanState plan() {
        return plan;
    }

    PlanReport report() {
        return report;
    }

    /** The board; the error of the first attempt again where it could not be had. */
    synchronized Board board() {
        if (unopened != null) {
            throw new InfrastructureException(
                    "board %s could not be had earlier in this run: %s"
                            .formatted(definition.name(), unopened.getMessage()),
                    unopened);
        }
        BoardSession open = session;
        if (open == null) {
            try {
                Evidence begun = Evidence.start(Evidence.defaultHome(), definition.name(), System.out);
                evidence = begun;
                keepDefinition(begun);
                begun.write("plan.txt", String.join("\n", PlanOrder.last()) + "\n");
                try (var opening =
                        begun.progress().begin("open", "open", "opening board %s".formatted(definition.name()))) {
                    opening.failed();
                    open = BoardSession.open(definition, begun);
                    opening.succeeded();
                }
                session = open;
            } catch (RuntimeException e) {
                unopened = e;
                throw e;
            }
        }
        return open.board();
    }

    private void keepDefinition(Evidence begun) {
        try {
            begun.write("definition.toml", Files.readString(definition.file()));
        } catch (IOException e) {
            begun.event("definition", "was not copied: " + e);
        }
    }

    /** The kernel under test of this run. */
    synchronized KernelUnderTest kernel() {
        Board board = board();
        KernelUnderTest known = kernel;
        if (known == null) {
            known = KernelUnderTest.of(board);
            kernel = known;
        }
        return known;
    }

    /** The search of this run for the patch that regresses. */
    synchronized HalvedSeries halved() {
        HalvedSeries known = halved;
        if (known == null) {
            known = new HalvedSeries(kernel());
            halved = known;
        }
        return known;
    }

    /** Lets the next step of the plan be built while the board is busy. */
    synchronized void lookAhead() {
        KernelUnderTest known = kernel;
        if (known == null || plan.stopped().isPresent() || Bisection.Way.chosen() == Bisection.Way.HALVE) {
            return;
        }
        Series series = Series.read(definition.kernel().orElseThrow().series());
        PlanOrder.steps().stream()
                .filter(beginning -> !known.hasApplied(series.entry(beginning)))
                .findFirst()
                .ifPresent(known::prepareAhead);
    }

    /** The board, if a test has wanted it yet. */
    synchronized Optional<Board> opened() {
        return Optional.ofNullable(session).map(BoardSession::board);
    }

    /** Tells those who wait for the board what this run is doing now. */
    synchronized void doing(String what) {
        BoardSession open = session;
        if (open != null) {
            open.doing(what);
        }
    }

    /** What an earlier run has proven of a patch, where this run goes on from that. */
    synchronized Optional<StepOutcome> proven(String patch) {
        BoardSession open = session;
        return open == null ? Optional.empty() : open.resumption().of(patch);
    }

    /** As {@link #proven}, by how the patch's name begins. */
    synchronized Optional<StepOutcome> provenBeginning(String beginning) {
        BoardSession open = session;
        return open == null
                ? Optional.empty()
                : open.resumption().proven().stream()
                        .filter(proven -> proven.patch().startsWith(beginning))
                        .findFirst();
    }

    /** A step's class begins. */
    synchronized void begin(StepTests tests) {
        step = tests;
    }

    /** The step whose class is being run. */
    synchronized Optional<StepTests> step() {
        return Optional.ofNullable(step);
    }

    /** The step that is being made regresses: that is written up while what was built for it is still there. */
    synchronized void writeUp() {
        StepTests regressed = step;
        BoardSession open = session;
        Optional<Throwable> failure = regressed == null ? Optional.empty() : regressed.failure();
        if (regressed == null || open == null || !(failure.orElse(null) instanceof AssertionError failed)) {
            return;
        }
        try {
            Series series = Series.read(open.board().claimKernel().series());
            Regression.of(kernel(), series.entry(regressed.patch())).write(String.valueOf(failed.getMessage()));
        } catch (RuntimeException e) {
            // The regression itself must not be lost over what is said of it.
            open.evidence().event("report", "no bug report could be written: " + e.getMessage());
        }
    }

    /** A step's class has ended: its outcome goes to the ledger, if there is one. */
    synchronized void endStep() {
        StepTests ended = step;
        BoardSession open = session;
        step = null;
        if (ended == null || open == null) {
            return;
        }
        Optional<Throwable> failure = ended.failure();
        if (failure.isEmpty() && plan.stopped().isEmpty() && ended.missing().isEmpty()) {
            outcome(open, ended, StepOutcome.Result.PROVEN, "all %d tests passed".formatted(ended.count()));
        } else if (failure.isPresent() && failure.get() instanceof AssertionError) {
            outcome(open, ended, StepOutcome.Result.REGRESSED, PlanReport.headline(failure.get()));
        } else {
            report.step(
                    ended.patch(),
                    new Outcome.Step(
                            Outcome.State.FAILED,
                            failure.map(PlanReport::headline)
                                    .orElseGet(() -> "tests have not run or not passed: " + ended.missing())));
        }
    }

    private void outcome(BoardSession open, StepTests ended, StepOutcome.Result result, String why) {
        report.step(ended.patch(), Outcome.Step.of(result, why));
        open.outcome(ended.identity(), ended.patch(), result, why);
    }

    /** The evidence, if there is any yet; also of a board that could not be had. */
    synchronized Optional<Evidence> evidence() {
        return Optional.ofNullable(evidence);
    }

    /**
     * Gives the board back.
     *
     * @throws InfrastructureException where it is not as it was found
     */
    @Override
    public synchronized void close() {
        BoardSession open = session;
        HalvedSeries searched = halved;
        if (searched != null) {
            searched.good()
                    .forEach(patch ->
                            report.step(patch.name(), new Outcome.Step(Outcome.State.PROVEN, "good, by halves")));
            searched.culprit()
                    .ifPresent(patch -> report.step(
                            patch.name(),
                            new Outcome.Step(Outcome.State.REGRESSED, PlanReport.headline(searched.why()))));
        }
        Optional<String> notHad = Optional.ofNullable(unopened).map(Throwable::getMessage);
        Optional<String> notRestored = Optional.empty();
        try {
            if (open != null) {
                KernelUnderTest known = kernel;
                if (known != null) {
                    known.awaitAhead();
                }
                try (var closing = open.evidence().progress().begin("close", "close", "giving the board back")) {
                    closing.live(() -> "what was changed is undone, latest first");
                    open.close();
                }
            }
        } catch (InfrastructureException e) {
            notRestored = Optional.of(String.valueOf(e.getMessage()));
            throw e;
        } finally {
            Optional<String> said = notRestored;
            evidence().ifPresent(kept -> {
                report.conclude(kept, plan.stopped(), notHad, said);
                page(kept);
                report.lastWord().ifPresent(word -> kept.event("outcome", word));
                kept.listAgain();
            });
        }
    }

    /** A page that cannot be made takes nothing from the evidence, nor from the outcome. */
    private static void page(Evidence evidence) {
        try {
            Report page = Reports.write(evidence.folder());
            evidence.listAgain();
            CiOutput.tell(page, System.getenv(), System.out);
            evidence.event(
                    "report",
                    "%s: %s%s; %s"
                            .formatted(
                                    page.outcome().result(),
                                    page.outcome().step().isEmpty()
                                            ? ""
                                            : page.outcome().step() + ": ",
                                    page.outcome().headline(),
                                    evidence.file(Reports.HTML)));
        } catch (RuntimeException e) {
            evidence.event(
                    "report", "could not be made: %s. `hil report %s` tries again".formatted(e, evidence.folder()));
        }
    }
}
