package dev.hil.junit;

import dev.hil.board.Board;
import dev.hil.board.Lockdep;
import dev.hil.board.LockdepState;
import dev.hil.board.Reset;
import dev.hil.board.ResetVerdict;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** The two assertions of the plan, after everything else of a step: implement it in a step's class. */
public interface StepAssertions {
    /**
     * Lockdep is {@link LockdepState#PROVEN} for the whole boot of the step: on, from the first line to the last, and
     * without a report that is not a known issue. BLIND fails.
     */
    @Test
    @Order(1000)
    @DisplayName("lockdep clean")
    default void lockdepClean(Board board) {
        Lockdep lockdep = board.lockdep();
        if (lockdep.state() != LockdepState.PROVEN) {
            throw new AssertionError(Messages.of(board, lockdep));
        }
    }

    /** The board is still in the boot that was last ordered; a lost link alone is no reset. */
    @Test
    @Order(1001)
    @DisplayName("no silent watchdog reset")
    default void noSilentWatchdogReset(Board board) {
        Reset reset = board.verdict();
        if (reset.verdict() != ResetVerdict.NONE && reset.verdict() != ResetVerdict.NETWORK_ONLY) {
            throw new AssertionError(Messages.of(board, reset));
        }
    }
}
