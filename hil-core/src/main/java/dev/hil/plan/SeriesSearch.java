package dev.hil.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * Carries a {@link Bisection} out.
 *
 * @param state what is known in the end
 * @param tried the questions that were asked, in their order
 */
public record SeriesSearch(Bisection state, List<Tried> tried) {
    public SeriesSearch {
        tried = List.copyOf(tried);
    }

    /**
     * A question and its answer.
     *
     * @param patches with so many patches of the series
     * @param good whether all was well
     */
    public record Tried(int patches, boolean good) {}

    /** Adds patches to a kernel that is good, and finds out whether it still is. */
    public interface Trial {
        /**
         * Builds, boots and exercises. Where the answer is no, the patches are taken out again before it is given: what
         * is tried next goes on from the good ones.
         *
         * @param good the number of patches that are in the tree
         * @param to how many are to be in it
         * @return whether all is well with them
         * @throws RuntimeException where that cannot be told; the search ends there
         */
        boolean isGood(int good, int to);
    }

    /** Asks until the answer is known. */
    public static SeriesSearch run(Bisection.Way way, int patches, Trial trial) {
        Bisection state = Bisection.begin(way, patches);
        List<Tried> tried = new ArrayList<>();
        for (OptionalInt next = state.next(); next.isPresent(); next = state.next()) {
            boolean good = trial.isGood(state.good(), next.getAsInt());
            tried.add(new Tried(next.getAsInt(), good));
            state = state.answered(good);
        }
        return new SeriesSearch(state, tried);
    }
}
