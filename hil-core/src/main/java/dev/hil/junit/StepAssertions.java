package dev.hil.junit;

import dev.hil.board.Board;
import dev.hil.board.Lockdep;
import dev.hil.board.LockdepState;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** The two assertions of the plan, after everything else of a step: implement it in a step's class. */
public interface StepAssertions {
    /** Lockdep is on and has reported nothing that turned it off. */
    @Test
    @Order(1000)
    @DisplayName("lockdep clean")
    default void lockdepClean(Board board) {
        Lockdep lockdep = board.lockdep();
        if (lockdep.state() != LockdepState.PROVEN) {
            throw new AssertionError("lockdep is %s, not PROVEN: %s".formatted(lockdep.state(), lockdep.reason()));
        }
    }

    /** The board is still in the boot that was last ordered. */
    @Test
    @Order(1001)
    @DisplayName("no silent watchdog reset")
    default void noSilentWatchdogReset(Board board) {
        String now = board.bootId();
        if (!now.equals(board.boot().id())) {
            throw new AssertionError(
                    "board %s was reset and nobody ordered it: it was in boot %s (%s), and is in boot %s"
                            .formatted(
                                    board.name(),
                                    board.boot().id(),
                                    board.boot().release(),
                                    now));
        }
    }
}
