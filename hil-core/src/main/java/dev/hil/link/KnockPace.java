package dev.hil.link;

import java.time.Duration;

/**
 * How often to try whether an ssh server answers yet. A board on a network may be tried often. Behind a port forward
 * (QEMU's, a container's) each try that comes too early is kept and handed to the guest when it is up: eighty of them
 * filled its backlog and kept everybody out for a minute.
 */
public enum KnockPace {
    /** Nothing is known of the machine: often, until a try shows that a forward stands in between. */
    UNKNOWN(Duration.ofMillis(50)),
    /** The machine is known not to be up yet. */
    PATIENT(Duration.ofSeconds(2)),
    /** The machine is known to be starting its user space: the server will answer any moment. */
    EAGER(Duration.ofMillis(20));

    static final Duration BEHIND_A_FORWARD = Duration.ofMillis(500);

    private final Duration interval;

    KnockPace(Duration interval) {
        this.interval = interval;
    }

    Duration interval(boolean behindForward) {
        return this == UNKNOWN && behindForward ? BEHIND_A_FORWARD : interval;
    }
}
