package dev.hil.report;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hil.report.Report.Outcome;
import dev.hil.report.Report.Result;
import dev.hil.report.Report.Splat;
import dev.hil.report.Report.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** How a run came out, in a word and a line. Never a success without proof: what is not known to have passed has not. */
final class Judge {
    private static final String PROVEN_EARLIER = "not run again: ";

    private Judge() {}

    /**
     * Judges a run.
     *
     * @param plan {@code outcome.json}, the last word of a plan; missing where there was none
     * @param index {@code index.json}
     * @param cutOff what it was doing when it was cut off; empty where it came to its end
     * @param splats what the kernel reported
     * @param events of the run
     */
    static Outcome judge(
            JsonNode plan,
            JsonNode index,
            Optional<String> cutOff,
            List<Step> steps,
            List<Splat> splats,
            List<JsonNode> events) {
        List<String> proven = proven(steps, plan);
        String left = events.stream()
                .filter(event -> Folder.text(event, "kind").equals("not-restored"))
                .map(event -> Folder.text(event, "text"))
                .findFirst()
                .orElse("");
        // What failed comes before what was left out because of it.
        Optional<Step> bad = steps.stream()
                .filter(step ->
                        step.result().equals(Steps.FAILED) || step.result().equals(Steps.ERROR))
                .findFirst()
                // A plan's last word has weighed what was left out: not all of it is missed.
                .or(() -> steps.stream()
                        .filter(step -> plan.isMissingNode() && !step.result().equals(Steps.PASSED) && !isProven(step))
                        .findFirst());
        String headline = "";
        if (bad.isPresent()) {
            headline = withSplat(bad.get(), splats);
        } else if (cutOff.isPresent()) {
            headline = cutOff.get();
        } else if (!left.isEmpty()) {
            headline = Steps.headline(left);
        } else if (steps.isEmpty()) {
            headline = Folder.text(index, "outcome").isEmpty() ? "no test ran" : Folder.text(index, "outcome");
        }
        boolean good = bad.isEmpty() && cutOff.isEmpty() && left.isEmpty() && !steps.isEmpty();
        Result seen = good ? Result.SUCCESS : proven.isEmpty() ? Result.FAILURE : Result.PARTIAL;
        // The plan may know of something that is missing; it cannot make good what is seen here.
        Result result = worse(seen, Folder.text(plan, "outcome"));
        if (result != seen || headline.isEmpty()) {
            headline = plan.path("reasons").path(0).asText(headline);
        }
        return new Outcome(
                result,
                bad.map(Step::title).orElse(""),
                headline.isEmpty() ? everything(steps, proven) : headline,
                count(steps, Steps.PASSED),
                count(steps, Steps.FAILED),
                count(steps, Steps.ERROR),
                count(steps, Steps.SKIPPED) + count(steps, Steps.ABORTED),
                proven,
                left);
    }

    /** A search by halves proves patches without a step of their own for each. */
    private static List<String> proven(List<Step> steps, JsonNode plan) {
        List<String> proven = new ArrayList<>(
                steps.stream().filter(Judge::isProven).map(Step::title).toList());
        if (proven.isEmpty()) {
            plan.path("proven").forEach(patch -> proven.add(patch.asText()));
        }
        return List.copyOf(proven);
    }

    private static Result worse(Result seen, String plan) {
        for (Result result : Result.values()) {
            if (result.name().equals(plan)) {
                return result.compareTo(seen) > 0 ? result : seen;
            }
        }
        return seen;
    }

    /** What the kernel reported in a step says more than that it did. */
    private static String withSplat(Step step, List<Splat> splats) {
        String headline = step.headline().isEmpty() ? step.result() : step.headline();
        return splats.stream()
                .filter(splat -> splat.status().equals("unexpected"))
                .filter(splat -> step.began() >= 0 && splat.at() >= step.began() && splat.at() <= step.ended())
                .map(Splat::title)
                .filter(title -> !headline.contains(title))
                .findFirst()
                .map(title -> headline + "; " + title)
                .orElse(headline);
    }

    private static String everything(List<Step> steps, List<String> proven) {
        return proven.isEmpty()
                ? "all tests of %d classes passed".formatted(steps.size())
                : "%d %s proven, every gate and test passed"
                        .formatted(proven.size(), proven.size() == 1 ? "step is" : "steps are");
    }

    private static boolean isProven(Step step) {
        boolean earlier = step.result().equals(Steps.SKIPPED)
                && step.tests().stream().allMatch(test -> test.reason().startsWith(PROVEN_EARLIER));
        return step.kind().equals("step") && (step.result().equals(Steps.PASSED) || earlier);
    }

    private static int count(List<Step> steps, String result) {
        return (int) steps.stream()
                .flatMap(step -> step.tests().stream())
                .filter(test -> test.result().equals(result))
                .count();
    }
}
