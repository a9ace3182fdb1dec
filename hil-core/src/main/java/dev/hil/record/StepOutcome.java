package dev.hil.record;

/**
 * How a step of a plan came out.
 *
 * @param plan what makes the plan this plan: the series and its patches by checksum, so that an edited patch is another
 *     plan
 * @param patch the step's patch
 * @param result how it came out
 * @param why in a sentence
 * @param evidence the folder of the run that has the proof
 */
public record StepOutcome(String plan, String patch, Result result, String why, String evidence) {

    /** How a step came out. */
    public enum Result {
        /** Applied, built, booted, proven to run, and every test of it passed. */
        PROVEN,
        /** The kernel under test failed a test of the step. */
        REGRESSED
    }
}
