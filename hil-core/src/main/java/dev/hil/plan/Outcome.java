package dev.hil.plan;

import dev.hil.record.StepOutcome;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How a run of a plan came out: its last word.
 *
 * @param word the exit of the plan
 * @param reasons a sentence each, the decisive one first
 * @param proven the patches that are proven, in order
 */
public record Outcome(Word word, List<String> reasons, List<String> proven) {

    /** The exits of an iter6-style plan. */
    public enum Word {
        /** Every patch is proven on the kernel under test, and all of them together on the safe configuration. */
        SUCCESS,
        /** Some of it is proven, and the reasons say what is not. */
        PARTIAL,
        /** No patch is proven. */
        FAILURE
    }

    public Outcome {
        reasons = List.copyOf(reasons);
        proven = List.copyOf(proven);
    }

    /** What became of a patch. */
    public enum State {
        PROVEN,
        REGRESSED,
        /** It could not be built, installed or told. */
        FAILED,
        NOT_RUN
    }

    /**
     * What became of a patch, and why.
     *
     * @param why in a sentence
     */
    public record Step(State state, String why) {
        /** A step that was not begun. */
        public static final Step NOT_RUN = new Step(State.NOT_RUN, "");

        /** As the ledger has it. */
        public static Step of(StepOutcome.Result result, String why) {
            return new Step(result == StepOutcome.Result.PROVEN ? State.PROVEN : State.REGRESSED, why);
        }
    }

    /**
     * What a run has seen.
     *
     * @param series the patches of the series, in order
     * @param steps what became of those that were begun
     * @param stopped why the plan was stopped, if it was
     * @param safe what became of the whole series on the safe configuration
     * @param notHad why the board could not be had, so that nothing was done to it
     * @param notRestored what is not as it was found, if anything
     */
    public record Seen(
            List<String> series,
            Map<String, Step> steps,
            Optional<String> stopped,
            Step safe,
            Optional<String> notHad,
            Optional<String> notRestored) {
        public Seen {
            series = List.copyOf(series);
            steps = Map.copyOf(steps);
        }

        private List<String> in(State state) {
            return series.stream()
                    .filter(patch -> steps.getOrDefault(patch, Step.NOT_RUN).state() == state)
                    .toList();
        }
    }

    /** Judges a run. */
    public static Outcome of(Seen seen) {
        List<String> proven = seen.in(State.PROVEN);
        List<String> reasons = new ArrayList<>();
        for (State bad : List.of(State.REGRESSED, State.FAILED)) {
            for (String patch : seen.in(bad)) {
                String why = seen.steps().getOrDefault(patch, Step.NOT_RUN).why();
                reasons.add((bad == State.REGRESSED ? "%s regresses: %s" : "%s could not be judged: %s")
                        .formatted(patch, why));
            }
        }
        boolean first = !seen.series().isEmpty()
                && seen.in(State.REGRESSED).contains(seen.series().get(0));
        if (first) {
            reasons.add(
                    "the line is closed: the first patch, on which the others build, regresses by itself. Take another way than this series");
        }
        if (reasons.isEmpty()) {
            seen.stopped().ifPresent(reasons::add);
        }
        if (!proven.isEmpty()) {
            reasons.add("proven, one upon the other: " + String.join(", ", proven));
        }
        List<String> open = seen.in(State.NOT_RUN);
        if (!open.isEmpty()) {
            reasons.add("not run: " + String.join(", ", open));
        }
        boolean all = proven.size() == seen.series().size() && !proven.isEmpty();
        if (all) {
            reasons.add(0, safe(seen.safe()));
        }
        seen.notHad().ifPresent(text -> reasons.add(0, "the board could not be had: " + text));
        seen.notRestored().ifPresent(text -> reasons.add("the board is NOT as it was found: " + text));
        if (all && seen.safe().state() == State.PROVEN) {
            reasons.add(ADVICE);
            return new Outcome(seen.notRestored().isPresent() ? Word.PARTIAL : Word.SUCCESS, reasons, proven);
        }
        return new Outcome(proven.isEmpty() ? Word.FAILURE : Word.PARTIAL, reasons, proven);
    }

    private static String safe(Step safe) {
        return switch (safe.state()) {
            case PROVEN -> "every patch is proven with lockdep, and the whole series without it";
            case REGRESSED -> "every patch is proven with lockdep, but the series regresses without it: " + safe.why();
            case FAILED -> "every patch is proven with lockdep; without it, it could not be judged: " + safe.why();
            case NOT_RUN ->
                "every patch is proven with lockdep; without it the series was not run (%s)"
                        .formatted(safe.why().isEmpty() ? "3.1, left out by -Dhil.post=none" : safe.why());
        };
    }

    /** Where the plan's amendment A5 leads: kernel/rcu/Kconfig.debug. */
    static final String ADVICE = "next, RCU: PROVE_RCU was on already, since it comes with PROVE_LOCKING (def_bool in"
            + " kernel/rcu/Kconfig.debug). What it leaves out is PROVE_RCU_LIST=y, which needs RCU_EXPERT=y and reports list"
            + " walks without rcu_read_lock: set both in plan.config and run the plan once more";

    /** The whole as a page in Markdown. */
    public String page(String board, String series, String times) {
        StringBuilder text = new StringBuilder("# %s%n%nBoard %s, series %s.%n%n".formatted(word, board, series));
        reasons.forEach(reason -> text.append("- ").append(reason.strip()).append('\n'));
        return text.append("\n## Time\n\n").append(times).toString();
    }

    /** As JSON. */
    public Map<String, Object> asMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("outcome", word.name());
        map.put("reasons", reasons);
        map.put("proven", proven);
        return map;
    }
}
