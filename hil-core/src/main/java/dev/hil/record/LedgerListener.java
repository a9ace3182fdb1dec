package dev.hil.record;

/**
 * Sees each line of a ledger come to be. Found by {@link java.util.ServiceLoader}; there is none but in the project's
 * own tests, which stop a run at a chosen line to see what becomes of it.
 */
interface LedgerListener {
    /** Nothing of the line has been written yet. */
    void before(LedgerEntry entry);

    /** The line is on the disk. */
    void after(LedgerEntry entry);
}
