package dev.hil.junit;

import dev.hil.board.Board;
import dev.hil.board.BoardDefinition;
import dev.hil.board.Capture;
import dev.hil.board.PstoreRecord;
import dev.hil.board.Qualification;
import dev.hil.board.Qualifier;
import dev.hil.board.Reset;
import dev.hil.board.ResetClass;
import dev.hil.board.SerialEcho;
import dev.hil.link.Console;
import java.util.List;
import org.opentest4j.TestAbortedException;

/** What the tests of {@link CaptureQualification} share. */
final class CaptureTries {
    /** How the kernel names a panic by sysrq-c (drivers/tty/sysrq.c). */
    private static final String CRASH = "sysrq triggered crash";

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

    /** A crash is captured, and nothing of it is removed before it is copied. */
    static void gate(Board board) {
        Qualifier qualifier = Qualifier.of(board);
        Qualification before = qualifier.known();
        board.evidence().event("qualification", before.words(ResetClass.PANIC));
        board.pstore().clear(board.pstore().read());

        Reset reset = tryOut(board, ResetClass.PANIC);

        Qualification table = qualifier.known();
        if (!reset.hasDeath(CRASH)) {
            throw failure(
                    board,
                    "the crash by sysrq-c was taken for %s, and \"%s\" was not captured"
                            .formatted(reset.verdict(), CRASH),
                    before,
                    table,
                    reset);
        }
        if (board.definition().capture() == BoardDefinition.Capture.SERIAL) {
            wholeLine(board);
            return;
        }
        if (!table.capturesPanic()) {
            throw failure(board, "ramoops does not capture a panic of this board", before, table, reset);
        }
        List<PstoreRecord> removed = board.pstore().clear(reset.pstore());
        board.evidence()
                .event(
                        "capture",
                        "copied with their checksums, and then cleared: %s; console and pmsg stay, since the running"
                                        .formatted(removed.stream()
                                                .map(PstoreRecord::name)
                                                .toList())
                                + " kernel writes there");
        if (board.pstore().read().stream().anyMatch(record -> record.kind() == PstoreRecord.Kind.DMESG)) {
            throw new AssertionError("a dmesg record is still in pstore of board %s after it was cleared: %s"
                    .formatted(
                            board.name(),
                            removed.stream().map(PstoreRecord::path).toList()));
        }
    }

    private static AssertionError failure(
            Board board, String what, Qualification before, Qualification table, Reset reset) {
        return new AssertionError(
                ("%s. Without it a kernel that dies leaves nothing to read: mend the capture (region of memory, PMIC mode,"
                                + " ramoops' parameters), or use a serial console as the capture.%nWhat is known of board %s:%n%s"
                                + "Before this crash: %s%nThis crash: %s")
                        .formatted(
                                what, board.name(), table.table(), before.words(ResetClass.PANIC), reset.describe()));
    }

    /** The serial line carries every byte. */
    static void wholeLine(Board board) {
        SerialEcho echo = SerialEcho.measure(board);
        board.evidence()
                .event("qualify", "serial line: %d of %d lines arrived whole".formatted(echo.whole(), echo.sent()));
        if (!echo.isWhole()) {
            throw new AssertionError(
                    "the serial line %s lost bytes: %d of %d lines arrived whole. Choose a lower speed or another adapter."
                            .formatted(board.console().map(Console::name).orElse(""), echo.whole(), echo.sent()));
        }
    }
}
