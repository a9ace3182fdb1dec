package dev.hil.junit;

import dev.hil.board.Lockdep;
import dev.hil.board.LockdepState;
import org.assertj.core.api.AbstractAssert;

/** Assertions on a {@link Lockdep} state. */
public final class LockdepAssert extends AbstractAssert<LockdepAssert, Lockdep> {
    LockdepAssert(Lockdep actual) {
        super(actual, LockdepAssert.class);
    }

    /** Lockdep is on, was from the boot's beginning, and has reported nothing that is not a known issue. */
    public LockdepAssert isProven() {
        return hasState(LockdepState.PROVEN);
    }

    /** Lockdep has reported something. */
    public LockdepAssert isSplat() {
        return hasState(LockdepState.SPLAT);
    }

    /** That lockdep has reported nothing means nothing. */
    public LockdepAssert isBlind() {
        return hasState(LockdepState.BLIND);
    }

    /** The state is this one. */
    public LockdepAssert hasState(LockdepState expected) {
        isNotNull();
        if (actual.state() != expected) {
            failWithMessage("expected %s, but %s", expected, Messages.of(actual));
        }
        return this;
    }

    /** The reason of the state holds this text. */
    public LockdepAssert hasReason(String text) {
        isNotNull();
        if (!actual.reason().contains(text)) {
            failWithMessage("expected a reason with \"%s\", but %s", text, Messages.of(actual));
        }
        return this;
    }
}
