package dev.hil.board;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How often following a board's log has failed in a row. A link that is lost now and then all day long is no failure of the
 * following; one that ends each time before it was of any use is.
 */
final class Tries {
    private static final int MOST = 8;
    /** What lasted this long after the board had answered was of use, also if the kernel had nothing to say. */
    private static final Duration LASTED = Duration.ofSeconds(2);

    private int failures;
    private @Nullable Long answered;

    /** The board has said which boot it runs. */
    void answered(long nanos) {
        answered = nanos;
    }

    /** Something new was read. */
    void useful() {
        failures = 0;
    }

    /**
     * A try has ended.
     *
     * @return whether another is worth it
     */
    boolean ended(long nanos) {
        Long since = answered;
        answered = null;
        if (since != null && nanos - since >= LASTED.toNanos()) {
            failures = 0;
        }
        failures++;
        return failures <= MOST;
    }
}
