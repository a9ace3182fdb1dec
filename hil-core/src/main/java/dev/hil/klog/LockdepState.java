package dev.hil.klog;

import java.util.List;

/**
 * What the log of one boot proves about lock debugging.
 *
 * @param verdict the answer
 * @param bannerLine where the validator's banner stands, or -1
 * @param offLine the first line after which no lock was checked any more, or -1
 * @param offReason that line's words; empty if lockdep was not seen to go off
 * @param splatLine where the first report stands, or -1
 * @param tables the sizes that the validator's banner names, and how full they were where somebody printed
 *     /proc/lockdep_stats into the log
 */
public record LockdepState(
        Verdict verdict, long bannerLine, long offLine, String offReason, long splatLine, List<LockdepTable> tables) {

    public LockdepState {
        tables = List.copyOf(tables);
    }

    /** Worst first. */
    public enum Verdict {
        /** Lock debugging found something. */
        SPLAT,
        /** Lockdep went off, or was never on: that nothing was reported means nothing. */
        BLIND,
        /** The log neither shows the validator start nor stop: only the board's /proc can tell. */
        NOT_SEEN,
        /** The validator started and nothing in the log stopped it; /proc/lockdep_stats has the last word. */
        PROVEN_POSSIBLE
    }
}
