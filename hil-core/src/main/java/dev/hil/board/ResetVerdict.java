package dev.hil.board;

/** What is known about how a board came from one boot to another. */
public enum ResetVerdict {
    /** It is still the same boot. */
    NONE,
    /** The reset was ordered by this run, and the board went down and came up as ordered. */
    ORDERED,
    /** The kernel died and its last words were captured. */
    DIAGNOSED,
    /** The watchdog reset the board and nothing was captured. */
    SILENT_WATCHDOG,
    /** The memory is gone too. */
    POWER_LOSS,
    /** Only the network was away. */
    NETWORK_ONLY,
    /** There was a reset, and the evidence does not tell why. */
    UNKNOWN
}
