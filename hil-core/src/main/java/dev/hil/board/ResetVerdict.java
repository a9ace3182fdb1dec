package dev.hil.board;

/** What is known about how a board came from one boot to another. */
public enum ResetVerdict {
    /** It is still the same boot, and was heard all the time; or it hung for a while, as its log shows. */
    NONE,
    /** The reset was ordered by this run, and the board went down and came up as ordered. */
    ORDERED,
    /** The kernel died and its last words were captured. */
    DIAGNOSED,
    /** The watchdog reset the board, and no channel has the kernel's last words. */
    SILENT_WATCHDOG,
    /** The power was lost: the memory is gone, which survives other resets. */
    POWER_LOSS,
    /** It is still the same boot; it was not heard for a while. */
    NETWORK_ONLY,
    /** There was a reset, and the evidence does not tell why, or it was orderly and not of this run. */
    UNKNOWN
}
