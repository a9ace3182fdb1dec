package dev.hil.junit;

import dev.hil.board.Confidence;
import dev.hil.board.Reset;
import dev.hil.board.ResetVerdict;
import dev.hil.klog.Finding;
import org.assertj.core.api.AbstractAssert;

/** Assertions on a {@link Reset}. */
public final class ResetAssert extends AbstractAssert<ResetAssert, Reset> {
    ResetAssert(Reset actual) {
        super(actual, ResetAssert.class);
    }

    /** The verdict is this one. */
    public ResetAssert hasVerdict(ResetVerdict expected) {
        isNotNull();
        if (actual.verdict() != expected) {
            failWithMessage("expected the verdict %s, but it is %s", expected, actual.describe());
        }
        return this;
    }

    /** The board is in the same boot and was heard all the time. */
    public ResetAssert isNone() {
        return hasVerdict(ResetVerdict.NONE);
    }

    /** It was ordered by this run, and went as ordered. */
    public ResetAssert isOrdered() {
        return hasVerdict(ResetVerdict.ORDERED);
    }

    /** The kernel died, and its last words were captured. */
    public ResetAssert isDiagnosed() {
        return hasVerdict(ResetVerdict.DIAGNOSED);
    }

    /** The watchdog did it. */
    public ResetAssert isSilentWatchdog() {
        return hasVerdict(ResetVerdict.SILENT_WATCHDOG);
    }

    /** The power was lost. */
    public ResetAssert isPowerLoss() {
        return hasVerdict(ResetVerdict.POWER_LOSS);
    }

    /** There was no reset; the board was not heard for a while. */
    public ResetAssert isNetworkOnly() {
        return hasVerdict(ResetVerdict.NETWORK_ONLY);
    }

    /** There was none: the same boot runs on. */
    public ResetAssert isNoReset() {
        isNotNull();
        if (actual.verdict() != ResetVerdict.NONE && actual.verdict() != ResetVerdict.NETWORK_ONLY) {
            failWithMessage("expected no reset, but there was one: %s", actual.describe());
        }
        return this;
    }

    /** The verdict is at least so sure. */
    public ResetAssert isAtLeast(Confidence expected) {
        isNotNull();
        if (actual.confidence().compareTo(expected) > 0) {
            failWithMessage("expected a verdict that is at least %s, but it is %s", expected, actual.describe());
        }
        return this;
    }

    /** The captured last words of the kernel hold a panic or an oops with this text. */
    public ResetAssert hasPanic(String text) {
        isNotNull();
        boolean found = actual.deaths().stream()
                .anyMatch(finding -> finding.title().contains(text)
                        || finding.lines().stream().anyMatch(line -> line.contains(text)));
        if (!found) {
            failWithMessage(
                    "expected a panic with \"%s\", but the captured last words are %s%n%s",
                    text, actual.deaths().stream().map(Finding::title).toList(), actual.describe());
        }
        return this;
    }

    /** The log of the boot that ended came back as a console record, with what is known to have been in it. */
    public ResetAssert hasConsoleCaptured() {
        isNotNull();
        if (!actual.capture().console()) {
            failWithMessage("expected the console to have come back, but: %s%n%s", actual.capture(), actual.describe());
        }
        return this;
    }

    /** No bit of what is known to have been in the memory came back wrong, and something did come back. */
    public ResetAssert hasNoBitErrors() {
        isNotNull();
        boolean intact = actual.capture().bits() > 0
                && actual.capture().wrongBits() == 0
                && actual.capture().lost() == 0;
        if (!intact) {
            failWithMessage("expected no bit errors, but: %s%n%s", actual.capture(), actual.describe());
        }
        return this;
    }

    /** A sentence of the evidence holds this text. */
    public ResetAssert hasEvidence(String text) {
        isNotNull();
        if (actual.evidence().stream().noneMatch(sentence -> sentence.contains(text))) {
            failWithMessage("expected evidence with \"%s\", but there is %s", text, actual.describe());
        }
        return this;
    }
}
