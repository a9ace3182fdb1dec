package dev.hil.junit;

import dev.hil.board.Board;
import dev.hil.board.Lockdep;
import dev.hil.board.LockdepState;
import dev.hil.board.Reset;
import dev.hil.board.ResetVerdict;
import dev.hil.board.Sighting;
import java.util.List;
import org.assertj.core.api.AbstractAssert;

/** Assertions on a board. They ask it now, after making sure that nothing of its log is in flight. */
public final class BoardAssert extends AbstractAssert<BoardAssert, Board> {
    BoardAssert(Board actual) {
        super(actual, BoardAssert.class);
    }

    /** Lockdep is PROVEN for the boot that was ordered last: neither SPLAT nor BLIND. */
    public BoardAssert isLockdepClean() {
        isNotNull();
        Lockdep lockdep = actual.lockdep();
        if (lockdep.state() != LockdepState.PROVEN) {
            failWithMessage("%s", Messages.of(actual, lockdep));
        }
        return this;
    }

    /** The board is in the boot that was ordered last; a lost link alone is no reset. */
    public BoardAssert wasNotReset() {
        isNotNull();
        Reset reset = actual.verdict();
        if (reset.verdict() != ResetVerdict.NONE && reset.verdict() != ResetVerdict.NETWORK_ONLY) {
            failWithMessage("%s", Messages.of(actual, reset));
        }
        return this;
    }

    /** The board runs the very kernel that the label must bring up. */
    public BoardAssert runs(String label) {
        isNotNull();
        var expected = actual.expectedKernel(label);
        if (expected.isEmpty()) {
            failWithMessage(
                    "board %s: which kernel label \"%s\" must bring up is not known; without that nothing is proven",
                    actual.name(), label);
        } else if (!expected.get().isOf(actual.boot())) {
            failWithMessage(
                    "board %s: label \"%s\" must bring up %s, but it runs %s",
                    actual.name(), label, expected.get(), actual.boot());
        }
        return this;
    }

    /** Nothing was reported in the boot that runs now that somebody has to look at. */
    public BoardAssert hasCleanLog() {
        isNotNull();
        List<Sighting> unexpected = actual.bootLog().unexpected();
        if (!unexpected.isEmpty()) {
            failWithMessage("%s", Messages.of(actual, unexpected));
        }
        return this;
    }
}
