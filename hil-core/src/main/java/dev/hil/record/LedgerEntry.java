package dev.hil.record;

import org.jspecify.annotations.Nullable;

/**
 * One line of the ledger.
 *
 * @param sequence counts from 1
 * @param at wall clock time, ISO 8601, for people
 * @param run the run that wrote it
 * @param kind what the line says
 * @param of for DONE and UNDONE, the sequence number of the INTENT
 * @param what the mutation, for people
 * @param undo how to take it back; only with INTENT
 */
public record LedgerEntry(
        long sequence,
        String at,
        String run,
        Kind kind,
        long of,
        String what,
        @Nullable Undo undo) {

    /** What a line says. */
    public enum Kind {
        /** About to be done; on disk before the board is touched. */
        INTENT,
        /** Done. */
        DONE,
        /** Taken back, and checked. */
        UNDONE,
        /** Something that needs no undo, such as an ordered reboot. */
        NOTE
    }
}
