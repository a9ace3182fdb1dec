package dev.hil.board;

import dev.hil.record.Evidence;

/**
 * Brings boards up. Found by {@link java.util.ServiceLoader}; a definition names the one it wants by
 * {@code provider = "..."}.
 */
public interface BoardProvider {
    /** The word in the definition. */
    String id();

    /** Makes the board reachable: attaches to it, or starts it. */
    BoardConnection connect(BoardDefinition definition, Evidence evidence);
}
