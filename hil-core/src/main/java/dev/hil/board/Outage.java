package dev.hil.board;

import dev.hil.link.Durations;
import java.time.Duration;
import java.time.Instant;

/**
 * A time in which the board was not heard over ssh. What that was is known afterwards only: the network, a hang, or a
 * reset.
 *
 * @param boot the boot_id of the boot that was being followed
 * @param lastHeard when the board was last heard, on this host's clock
 * @param silence how long it was not heard; up to now where it has not ended
 * @param end how it ended
 */
public record Outage(String boot, Instant lastHeard, Duration silence, End end) {

    /** How an outage ended. */
    public enum End {
        /** It has not. */
        OPEN,
        /** The same boot was heard again: the network was away, or the board hung for a while. */
        SAME_BOOT,
        /** Another boot was heard: there was a reset. */
        OTHER_BOOT
    }

    @Override
    public String toString() {
        String ended = switch (end) {
            case OPEN -> "and has not been heard since";
            case SAME_BOOT -> "then the same boot was heard again";
            case OTHER_BOOT -> "then another boot was heard";
        };
        return "not heard over ssh for %s from %s on, %s".formatted(Durations.text(silence), lastHeard, ended);
    }
}
