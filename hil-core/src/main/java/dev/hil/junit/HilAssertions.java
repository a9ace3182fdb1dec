package dev.hil.junit;

import dev.hil.board.Board;
import dev.hil.board.BootLog;
import dev.hil.board.Lockdep;
import dev.hil.board.Pstore;
import dev.hil.board.PstoreRecord;
import dev.hil.board.Reset;
import java.util.List;

/**
 * AssertJ-style assertions on boards. Import {@code dev.hil.junit.HilAssertions.assertThat} beside AssertJ's own.
 * Messages carry what the board said: the splat's headline and its locks, the evidence of a reset, the last lines of the
 * console.
 *
 * <p>Needs AssertJ on the test's class path: hil depends on it optionally, so that a project that uses none, or another
 * version of it, is not given one.
 */
public final class HilAssertions {
    private HilAssertions() {}

    /** Assertions on a board: its lockdep state, its resets, its log. They ask the board now. */
    public static BoardAssert assertThat(Board board) {
        return new BoardAssert(board);
    }

    /** Assertions on how the board came from one boot to the next. */
    public static ResetAssert assertThat(Reset reset) {
        return new ResetAssert(reset);
    }

    /** Assertions on a boot's kernel log. */
    public static BootLogAssert assertThat(BootLog log) {
        return new BootLogAssert(log);
    }

    /** Assertions on lockdep's state. */
    public static LockdepAssert assertThat(Lockdep lockdep) {
        return new LockdepAssert(lockdep);
    }

    /** Assertions on what survived the last reset; its records are read, and copied to the evidence, here. */
    public static PstoreAssert assertThat(Pstore pstore) {
        List<PstoreRecord> records = pstore.read();
        return new PstoreAssert(records);
    }
}
