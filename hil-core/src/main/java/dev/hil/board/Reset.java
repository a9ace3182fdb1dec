package dev.hil.board;

import dev.hil.klog.Finding;
import dev.hil.klog.Severity;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * How the board came from one boot to the next; or, where both are the same, that it did not.
 *
 * @param verdict what happened
 * @param confidence how sure that is
 * @param before the boot that ended
 * @param after the boot that followed
 * @param took from the order, or from when the board was last heard, to the first command answered by the new boot
 * @param evidence what led to the verdict, a sentence each, the decisive one first
 * @param pstore what the new boot found of the old one's last words; empty where it was not looked for
 * @param lastWords the reports in what was captured of the boot that ended
 * @param last what that boot said last, on the channel that shows the most of it
 * @param capture what of its log came back
 */
public record Reset(
        ResetVerdict verdict,
        Confidence confidence,
        Boot before,
        Boot after,
        Duration took,
        List<String> evidence,
        List<PstoreRecord> pstore,
        List<Finding> lastWords,
        LastLines last,
        Capture capture) {

    public Reset {
        evidence = List.copyOf(evidence);
        pstore = List.copyOf(pstore);
        lastWords = List.copyOf(lastWords);
    }

    /** The reports that the old boot died of: oopses and panics. */
    public List<Finding> deaths() {
        return lastWords.stream()
                .filter(finding -> finding.severity() == Severity.FATAL)
                .toList();
    }

    /** Whether the old boot died, and of a report that says this. */
    public boolean hasDeath(String words) {
        return verdict == ResetVerdict.DIAGNOSED
                && deaths().stream()
                        .anyMatch(finding -> finding.title().contains(words)
                                || finding.lines().stream().anyMatch(line -> line.contains(words)));
    }

    Reset with(Boot reached, List<String> sentences) {
        return new Reset(verdict, confidence, before, reached, took, sentences, pstore, lastWords, last, capture);
    }

    Map<String, Object> asMap() {
        return Map.of(
                "verdict",
                verdict.name(),
                "confidence",
                confidence.name(),
                "before",
                before.id(),
                "after",
                after.id(),
                "tookMillis",
                took.toMillis(),
                "at",
                Instant.now().toString(),
                "evidence",
                evidence,
                "lastLines",
                last.lines(),
                "capture",
                capture.toString());
    }

    /** Verdict, boots and evidence, over several lines. */
    public String describe() {
        return "%s (%s): from boot %s to boot %s%n  - %s"
                .formatted(
                        verdict,
                        confidence,
                        before.shortId(),
                        after.shortId(),
                        String.join("%n  - ".formatted(), evidence));
    }
}
