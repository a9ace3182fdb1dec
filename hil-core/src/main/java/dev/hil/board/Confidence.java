package dev.hil.board;

/** How sure a reset verdict is. It is never surer than its evidence. */
public enum Confidence {
    /** A channel shows it, and none speaks against it. */
    CERTAIN,
    /** The evidence fits this and nothing else that is known to happen. */
    LIKELY,
    /** The evidence does not speak against it, and there is little of it. */
    WEAK
}
