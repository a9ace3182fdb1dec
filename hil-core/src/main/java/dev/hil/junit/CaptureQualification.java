package dev.hil.junit;

import dev.hil.board.Board;
import dev.hil.board.BoardDefinition;
import dev.hil.board.Reset;
import dev.hil.board.ResetClass;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.opentest4j.TestAbortedException;

/**
 * Tries out what of the board's log survives which class of reset: implement it in a class of tests, before anything
 * relies on the capture. Each test resets the board. What came back is kept with the board, see {@link dev.hil.board.Qualifier}.
 *
 * <p>Where ramoops is the board's capture, the console record must come back whole after a reboot, a panic, a lockup and
 * a watchdog reset; with a serial console as the capture, the line itself must carry every byte. A power cut is only
 * recorded: no memory has to survive it. A reset that there is no means to bring about is skipped, saying so.
 */
public interface CaptureQualification {
    /** An ordered reboot keeps the log. */
    @Test
    @Order(100)
    @DisplayName("capture: ordered reboot")
    default void capturesAnOrderedReboot(Board board) {
        CaptureTries.captured(board, ResetClass.ORDERED_REBOOT);
    }

    /** A panic keeps the log, and leaves the kernel's last words. */
    @Test
    @Order(101)
    @DisplayName("capture: panic")
    default void capturesAPanic(Board board) {
        Reset reset = CaptureTries.captured(board, ResetClass.PANIC);
        boolean ramoops = board.definition().capture() == BoardDefinition.Capture.RAMOOPS;
        if (ramoops && !reset.capture().dmesg()) {
            throw new AssertionError("the panic left no dmesg record: " + reset.describe());
        }
    }

    /** The watchdog keeps the log. */
    @Test
    @Order(102)
    @DisplayName("capture: watchdog")
    default void capturesAWatchdogReset(Board board) {
        CaptureTries.captured(board, ResetClass.WATCHDOG);
    }

    /** A lockup with interrupts off, which only the watchdog ends, keeps the log. */
    @Test
    @Order(103)
    @DisplayName("capture: lockup with interrupts off")
    default void capturesALockup(Board board) {
        CaptureTries.captured(board, ResetClass.LOCKUP);
    }

    /** What a power cut leaves is recorded; nothing has to survive it. */
    @Test
    @Order(104)
    @DisplayName("capture: power cut")
    default void recordsAPowerCut(Board board) {
        CaptureTries.tryOut(board, ResetClass.POWER_CUT);
    }

    /** The serial line carries every byte at the configured speed. */
    @Test
    @Order(105)
    @DisplayName("capture: serial line")
    default void carriesEveryByte(Board board) {
        if (board.console().isEmpty()) {
            throw new TestAbortedException("board %s has no serial console".formatted(board.name()));
        }
        CaptureTries.wholeLine(board);
    }
}
