package dev.hil.record;

import java.util.List;

/**
 * How a step of a plan came out.
 *
 * @param plan what makes the step this step: its patch and those before it, by checksum, so that an edited patch is
 *     another step
 * @param patch the step's patch
 * @param result how it came out
 * @param why in a sentence
 * @param evidence the folder of the run that has the proof
 * @param left how the step left the machines, for a later run to go on from there
 */
public record StepOutcome(
        String plan, String patch, Result result, String why, String evidence, List<FoundState> left) {
    public StepOutcome {
        left = List.copyOf(left);
    }

    /** How a step came out. */
    public enum Result {
        /** Applied, built, booted, proven to run, and every test of it passed. */
        PROVEN,
        /** The kernel under test failed a test of the step. */
        REGRESSED
    }
}
