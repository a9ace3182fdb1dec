package dev.hil.board;

/** What "no lockdep report" is worth. */
public enum LockdepState {
    /** Lockdep is on and proves locking, and was from the boot's beginning: no report means no finding. */
    PROVEN,
    /** There is a report. */
    SPLAT,
    /** Lockdep is off, was never on, or cannot be read: no report means nothing. */
    BLIND
}
