package dev.hil.plan;

import java.util.Optional;

/**
 * How far a run has come, and whether it may go on. The first failure of a hard gate or of a step stops the plan; it
 * alone is named as the reason, since what follows from it explains nothing.
 */
public final class PlanState {
    private Optional<String> stop = Optional.empty();

    /** A hard gate has failed. */
    public synchronized void gateFailed(String gate, String why) {
        stopFor("hard gate \"%s\" failed: %s".formatted(gate, headline(why)));
    }

    /** A step has failed, in being applied or in what its tests found. */
    public synchronized void stepFailed(String patch, String why) {
        stopFor("step %s failed: %s".formatted(patch, headline(why)));
    }

    /** The board is lost to this run. */
    public synchronized void boardLost(String why) {
        stopFor("the board was lost: " + headline(why));
    }

    /** Why nothing more may run; empty while the plan goes on. */
    public synchronized Optional<String> stopped() {
        return stop;
    }

    private void stopFor(String reason) {
        if (stop.isEmpty()) {
            stop = Optional.of(reason);
        }
    }

    private static String headline(String why) {
        // Not the first line only: what assertions say begins with an empty one, or with what was expected.
        String line = why.strip().replaceAll("\\s+", " ");
        String reason = line.isEmpty() ? "no reason given" : line;
        return reason.length() <= 300 ? reason : reason.substring(0, 297) + "...";
    }
}
