package dev.hil.junit;

import dev.hil.board.Board;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/**
 * The gate before the first step: without a capture that works, a board that dies dies for nothing. Implement it in a
 * class with {@link HardGate}.
 */
public interface CaptureGate {
    /**
     * A crash is captured: with ramoops there must be a dmesg and a console record, copied with their checksums, and only
     * then cleared; with a serial console the panic must be on it, and the line must carry every byte. What is already
     * known of the capture (see {@link CaptureQualification}) is said first, and what comes back now is added to it.
     */
    @Test
    @Order(1)
    @DisplayName("a crash leaves its last words in the capture; they are copied out, then cleared")
    default void aCrashIsCaptured(Board board) {
        CaptureTries.gate(board);
    }
}
