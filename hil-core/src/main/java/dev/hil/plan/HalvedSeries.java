package dev.hil.plan;

import dev.hil.board.Board;
import dev.hil.board.Lockdep;
import dev.hil.board.LockdepState;
import dev.hil.board.Reset;
import dev.hil.board.ResetVerdict;
import dev.hil.board.Sighting;
import dev.hil.kernel.Series;
import dev.hil.kernel.SeriesEntry;
import dev.hil.link.InfrastructureException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Searches a board's series for the patch with which something regresses, by halves: each trial puts several patches onto
 * what is proven good, as one step, boots and exercises it. Patches of a trial that went wrong are taken out again. In
 * the end the good patches are on the board, in tree and build as well.
 */
public final class HalvedSeries {
    private final KernelUnderTest kernel;
    private final Board board;
    private final Series series;
    private @Nullable SeriesSearch found;
    private @Nullable BugReport last;
    private String why = "";
    private boolean leftBad;

    public HalvedSeries(KernelUnderTest kernel) {
        this.kernel = kernel;
        this.board = kernel.board();
        this.series = Series.read(kernel.definition().series());
    }

    /**
     * Searches.
     *
     * @param smokes names of the definition's smokes that exercise the kernel
     * @return the patch that does it; empty where none does
     * @throws InfrastructureException where a trial tells nothing: a build that fails, a lockdep that is BLIND
     */
    public Optional<SeriesEntry> search(List<String> smokes) {
        int patches = series.entries().size();
        board.evidence()
                .event(
                        "bisect",
                        "%d patches by halves, in at most %d boots"
                                .formatted(
                                        patches,
                                        Bisection.begin(Bisection.Way.HALVE, patches)
                                                .mostQuestions()));
        SeriesSearch search = SeriesSearch.run(Bisection.Way.HALVE, patches, (good, to) -> isGood(good, to, smokes));
        found = search;
        if (leftBad) {
            // What runs now was found bad; what lies there is good.
            board.reboot(kernel.label());
            kernel.proveLoaded();
        }
        board.evidence().event("bisect", describe());
        Optional<SeriesEntry> culprit = culprit();
        BugReport report = last;
        if (culprit.isPresent() && report != null) {
            Regression.write(board, culprit.get(), report);
        }
        return culprit;
    }

    /** The patches that are proven good. */
    public List<SeriesEntry> good() {
        SeriesSearch search = found;
        return search == null
                ? List.of()
                : series.entries().subList(0, search.state().good());
    }

    /** The patch that does it, where there is one. */
    public Optional<SeriesEntry> culprit() {
        SeriesSearch search = found;
        return search == null || search.state().culprit().isEmpty()
                ? Optional.empty()
                : Optional.of(series.entries().get(search.state().culprit().getAsInt() - 1));
    }

    /** What regressed with it, in the words of the assertion that failed. */
    public String why() {
        return why;
    }

    /** The trials and what they came to, in a line. */
    public String describe() {
        SeriesSearch search = found;
        if (search == null) {
            return "not searched yet";
        }
        List<String> trials = new ArrayList<>();
        search.tried().forEach(trial -> trials.add("%d %s".formatted(trial.patches(), trial.good() ? "good" : "bad")));
        return "%s, after %d boots (first so many patches: %s)"
                .formatted(
                        culprit()
                                .map(patch -> "it is " + patch.name())
                                .orElse("none of the %d patches does harm"
                                        .formatted(series.entries().size())),
                        search.tried().size(),
                        String.join(", ", trials));
    }

    private boolean isGood(int good, int to, List<String> smokes) {
        SeriesEntry joint = PatchRange.of(series, board.evidence().folder("patches"), good, to);
        board.evidence()
                .event(
                        "bisect",
                        "is all well with the first %d of %d patches? %d are known to be good"
                                .formatted(to, series.entries().size(), good));
        Step step = Step.of(kernel, joint);
        long mark = board.watch().mark();
        try {
            step.run();
            exercise(smokes, mark);
            series.entries().subList(good, to).forEach(kernel::applied);
            leftBad = false;
            return true;
        } catch (AssertionError e) {
            why = String.valueOf(e.getMessage());
            board.evidence().event("bisect", "not with the first %d: %s".formatted(to, why));
            // The last patch of the last bad trial is the one: that is how the search comes to its end.
            last = Regression.of(kernel, series.entries().get(to - 1)).gather(why);
            step.takeBack();
            leftBad = true;
            return false;
        }
    }

    /** @param mark what was reported before it is not held against the trial */
    private void exercise(List<String> smokes, long mark) {
        Throwable failed = null;
        for (String smoke : smokes) {
            try {
                Smokes.run(board, smoke);
            } catch (AssertionError | InfrastructureException e) {
                // A lost link may be a kernel that died: that is asked first.
                failed = e;
                break;
            }
        }
        Reset reset = board.verdict();
        if (reset.verdict() != ResetVerdict.NONE && reset.verdict() != ResetVerdict.NETWORK_ONLY) {
            throw new AssertionError(
                    "board %s was reset and nobody ordered it: %s".formatted(board.name(), reset.describe()), failed);
        }
        Lockdep lockdep = board.lockdep();
        List<Sighting> unexpected = board.watch().unexpected(mark);
        if (!unexpected.isEmpty() || lockdep.state() == LockdepState.SPLAT) {
            throw new AssertionError(
                    unexpected.isEmpty() ? lockdep.reason() : unexpected.get(0).toString(), failed);
        }
        if (failed instanceof AssertionError assertion) {
            throw assertion;
        }
        if (failed instanceof InfrastructureException lab) {
            throw lab;
        }
        if (lockdep.state() == LockdepState.BLIND) {
            throw new InfrastructureException(
                    "whether all is well cannot be told, since lockdep is BLIND: " + lockdep.reason());
        }
    }
}
