package dev.hil.junit;

import dev.hil.board.Board;
import dev.hil.board.BoardDefinition;
import dev.hil.board.Capture;
import dev.hil.board.Qualifier;
import dev.hil.board.Reset;
import dev.hil.board.ResetClass;
import org.opentest4j.TestAbortedException;

/** What the tests of {@link CaptureQualification} share. */
final class CaptureTries {
    private CaptureTries() {}

    static Reset tryOut(Board board, ResetClass reset) {
        return Qualifier.of(board)
                .tryOut(reset)
                .orElseThrow(() -> new TestAbortedException(
                        "there is no means to bring about a %s on board %s".formatted(reset, board.name())));
    }

    /** Tries out, and holds what came back against the capture that the definition trusts. */
    static Reset captured(Board board, ResetClass reset) {
        Reset seen = tryOut(board, reset);
        Capture capture = seen.capture();
        boolean ramoops = board.definition().capture() == BoardDefinition.Capture.RAMOOPS;
        if (ramoops && (!capture.console() || capture.wrongBits() > 0 || capture.lost() > 0)) {
            throw new AssertionError("after a %s the log of board %s did not come back whole: %s%n%s"
                    .formatted(reset, board.name(), capture, seen.describe()));
        }
        return seen;
    }
}
