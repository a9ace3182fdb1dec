package dev.hil.record;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * One line of the ledger.
 *
 * @param sequence counts from 1
 * @param at wall clock time, ISO 8601, for people
 * @param run the run that wrote it
 * @param kind what the line says
 * @param of for DONE, UNDONE and GIVEN_BACK, the sequence number of the line that is meant
 * @param what the mutation, for people
 * @param undo how to take it back; only with INTENT
 * @param found what was there before; only with FOUND
 * @param step how a step came out; only with STEP
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record LedgerEntry(
        long sequence,
        String at,
        String run,
        Kind kind,
        long of,
        String what,
        @Nullable Undo undo,
        @Nullable FoundState found,
        @Nullable StepOutcome step) {
    /** A line that says less than its kind must is none: what it leaves open cannot be guessed. */
    public LedgerEntry {
        require(kind != Kind.INTENT || undo != null, "an INTENT has an undo");
        require(kind != Kind.FOUND || found != null, "FOUND has what was found");
        require(kind != Kind.STEP || step != null, "STEP has an outcome");
        boolean names = kind == Kind.DONE || kind == Kind.UNDONE || kind == Kind.GIVEN_BACK;
        require(!names || (of > 0 && of < sequence), "%s names an earlier line".formatted(kind));
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new IllegalArgumentException(what);
        }
    }

    /** What a line says. */
    public enum Kind {
        /** How a machine was found, before the first mutation there. */
        FOUND,
        /** About to be done; on disk before the board is touched. */
        INTENT,
        /** Done. */
        DONE,
        /** Taken back, and checked. */
        UNDONE,
        /** A machine has been compared with how it was found; later runs find it anew. */
        GIVEN_BACK,
        /** How a step of a plan came out. */
        STEP,
        /** Something that needs no undo, such as an ordered reboot. */
        NOTE
    }
}
