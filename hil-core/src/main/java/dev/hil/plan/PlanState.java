package dev.hil.plan;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * How far a run has come, and whether it may go on. The first failure of a hard gate or of a step stops the plan; it
 * alone is named as the reason, since what follows from it explains nothing.
 */
public final class PlanState {
    private Optional<String> stop = Optional.empty();
    /** Gates that were moved, by the beginning of the name of the hard gate that stands in for them. */
    private final Map<String, String> moved = new LinkedHashMap<>();

    /** A hard gate has failed. */
    public synchronized void gateFailed(String gate, String why) {
        stopFor("hard gate \"%s\" failed: %s".formatted(gate, headline(why)));
    }

    /**
     * A gate could not decide where it stands; a later hard gate decides for it.
     *
     * @param gate the gate, for people
     * @param to how the name of the other one begins, such as {@code 1.8a}
     * @return whether that is new
     */
    public synchronized boolean gateMoved(String gate, String to) {
        return !gate.equals(moved.put(to, gate));
    }

    /** A test of a hard gate has passed. */
    public synchronized void gatePassed(String gate) {
        moved.keySet().removeIf(gate::startsWith);
    }

    /** The gates that were moved, and have not been passed where they were moved to; none that stops a step else. */
    public synchronized Optional<String> owed() {
        return moved.entrySet().stream()
                .findFirst()
                .map(gate -> "gate \"%s\" was moved to %s, and no hard gate %s has been passed in this run"
                        .formatted(gate.getValue(), gate.getKey(), gate.getKey()));
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
