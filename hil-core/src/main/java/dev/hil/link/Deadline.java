package dev.hil.link;

import java.time.Duration;

/** A point on the monotonic clock that a wait must not pass. A debugger's pause does not count. */
public final class Deadline {
    private final long startNanos;
    private final Duration limit;

    private Deadline(Duration limit) {
        this.startNanos = WaitClock.nanos();
        this.limit = limit;
    }

    public static Deadline in(Duration limit) {
        return new Deadline(limit);
    }

    public Duration limit() {
        return limit;
    }

    public Duration elapsed() {
        return Duration.ofNanos(WaitClock.nanos() - startNanos);
    }

    /** Time left, never negative. */
    public Duration remaining() {
        Duration left = limit.minus(elapsed());
        return left.isNegative() ? Duration.ZERO : left;
    }

    public boolean isOver() {
        return remaining().isZero();
    }

    /** The shorter of what is left and {@code most}; at least one millisecond, since zero means "for ever" to sockets. */
    public Duration atMost(Duration most) {
        Duration left = remaining();
        Duration shorter = left.compareTo(most) < 0 ? left : most;
        return shorter.toMillis() < 1 ? Duration.ofMillis(1) : shorter;
    }
}
