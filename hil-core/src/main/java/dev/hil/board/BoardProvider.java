package dev.hil.board;

import dev.hil.record.Evidence;

/**
 * Brings boards up. Found by {@link java.util.ServiceLoader}; a definition names the one it wants by
 * {@code provider = "..."}.
 */
public interface BoardProvider {
    /** The word in the definition. */
    String id();

    /** Whether its boards are there before a run and after it, so that a run leases them and leaves a ledger behind. */
    default boolean outlivesRuns() {
        return true;
    }

    /** Makes the board reachable: attaches to it, or starts it. */
    BoardConnection connect(BoardDefinition definition, Evidence evidence);
}
