package dev.hil.klog;

import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One diagnostic of a kernel log.
 *
 * @param title one line for people
 * @param complete false where the report was cut off, its beginning is lost, or its text came from damaged memory
 * @param expected why it had to be expected (our own sysrq, lkdtm, KUnit), or null
 * @param known the entry of the known-issues file that matches, or null
 * @param fingerprint the same for the same defect in another build, whichever lock of a cycle was taken first
 * @param fingerprintFine the same, and also for the same call sites only
 * @param boot index of the boot it belongs to, from 0
 * @param firstLine physical line of its first message, from 1
 * @param lastLine physical line of its last message; less than the first where the parts of a stored record stand in the
 *     log in the wrong order
 * @param startOffset byte offset of the first line
 * @param endOffset byte offset after the last line
 * @param lines its messages without prefixes; at most 4000 are kept
 */
public record Finding(
        Kind kind,
        Severity severity,
        String title,
        boolean complete,
        @Nullable String expected,
        @Nullable KnownIssue known,
        String fingerprint,
        String fingerprintFine,
        int boot,
        long firstLine,
        long lastLine,
        long startOffset,
        long endOffset,
        List<String> lines,
        Detail detail) {

    public Finding {
        lines = List.copyOf(lines);
    }

    public Category category() {
        return kind.category();
    }

    /**
     * The class names of the locks a lockdep report is about, the two that met first, then each other once; empty for
     * everything else.
     */
    public List<String> locks() {
        return detail instanceof Detail.Lockdep lockdep
                ? lockdep.locks().stream().map(Lock::className).toList()
                : List.of();
    }

    /** True for what somebody has to look at: neither expected nor known, and more than a remark. */
    public boolean isUnexpected() {
        return expected == null && known == null && severity != Severity.INFO;
    }

    /** The same, but not to be relied on: its text has errors. */
    Finding torn() {
        return new Finding(
                kind,
                severity,
                title,
                false,
                expected,
                known,
                fingerprint,
                fingerprintFine,
                boot,
                firstLine,
                lastLine,
                startOffset,
                endOffset,
                lines,
                detail);
    }

    Finding withKnown(@Nullable KnownIssue issue) {
        return issue == null
                ? this
                : new Finding(
                        kind,
                        severity,
                        title,
                        complete,
                        expected,
                        issue,
                        fingerprint,
                        fingerprintFine,
                        boot,
                        firstLine,
                        lastLine,
                        startOffset,
                        endOffset,
                        lines,
                        detail);
    }

    @Override
    public String toString() {
        String notes = String.join(
                ", ",
                Stream.of(
                                expected == null ? "" : "expected: " + expected,
                                known == null ? "" : "known: " + known.reason(),
                                complete ? "" : "torn")
                        .filter(note -> !note.isEmpty())
                        .toList());
        return "lines " + firstLine + "-" + lastLine + ": " + title + (notes.isEmpty() ? "" : " (" + notes + ")");
    }
}
