package dev.hil.board;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * When the boot that ended began, and the one after it, on the board's own clock, which also dates pstore's records.
 *
 * @param began when the boot that ended began; empty if unknown
 * @param next when the one after it did; empty if unknown
 */
record BootTimes(Optional<Instant> began, Optional<Instant> next) {
    /** Records are dated in whole seconds, and a clock is set while a board boots. */
    private static final Duration SLACK = Duration.ofSeconds(2);

    static BootTimes of(Optional<BootFacts> before, Optional<BootFacts> after) {
        return new BootTimes(before.flatMap(BootFacts::started), after.flatMap(BootFacts::started));
    }

    /**
     * Whether a moment lies in the boot that ended. A board without a battery for its clock begins each boot at the same
     * time: then nothing does.
     */
    boolean hold(Instant moment) {
        if (began.isEmpty() || next.isEmpty()) {
            return false;
        }
        Instant from = began.get();
        Instant to = next.get();
        boolean runsOn = Duration.between(from, to).compareTo(SLACK.multipliedBy(2)) > 0;
        return runsOn && !moment.isBefore(from.minus(SLACK)) && !moment.isAfter(to.plus(SLACK));
    }
}
