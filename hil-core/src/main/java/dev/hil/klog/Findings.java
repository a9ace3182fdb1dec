package dev.hil.klog;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes a finding of each report that is over, and hands it out. */
final class Findings {

    private static final int MAX_HELD = 64;

    private final KlogListener listener;
    private final KnownIssues known;
    /** What was found in the stored record that is being read; whether it is damaged is said at its end. */
    private final List<Finding> ofRecord = new ArrayList<>();

    private boolean inRecord;
    private boolean damaged;

    Findings(KlogListener listener, KnownIssues known) {
        this.listener = listener;
        this.known = known;
    }

    void report(OpenReport report, @Nullable String expected) {
        List<String> lines = report.lines();
        Kind kind = report.kind();
        Detail detail = DetailParser.parse(kind, lines);
        Fingerprints fingerprints = Fingerprints.of(kind, detail);
        hand(new Finding(
                kind,
                kind.severity(),
                Titles.of(kind, lines, detail),
                report.complete(),
                expected != null ? expected : Expectations.fromReport(report),
                null,
                fingerprints.coarse(),
                fingerprints.fine(),
                report.boot(),
                report.first().line(),
                report.lastLine(),
                report.first().start(),
                report.end(),
                lines,
                detail));
    }

    /** A finding that one message makes, such as a boot that should not have begun. */
    void single(Kind kind, Severity severity, Message message, int boot) {
        spanning(kind, severity, message, message.line(), message.start(), boot);
    }

    /** The same, about all lines from an earlier one to the message. */
    void spanning(Kind kind, Severity severity, Message message, long firstLine, long startOffset, int boot) {
        listener.started(kind, message.line(), message.text());
        Detail detail = new Detail.Plain("", "", message.text(), List.of());
        Fingerprints fingerprints = Fingerprints.of(kind, detail);
        hand(new Finding(
                kind,
                severity,
                Titles.of(kind, List.of(message.text()), detail),
                true,
                null,
                null,
                fingerprints.coarse(),
                fingerprints.fine(),
                boot,
                firstLine,
                message.line(),
                startOffset,
                message.end(),
                List.of(message.text()),
                detail));
    }

    /** A stored record begins: what is found is held back until its end. */
    void recordBegins() {
        recordEnds(false);
        inRecord = true;
    }

    /** The record is over. */
    void recordEnds(boolean damaged) {
        inRecord = false;
        for (Finding finding : ofRecord) {
            give(damaged ? finding.torn() : finding);
        }
        ofRecord.clear();
    }

    /** Whatever is found from here on is from a text with errors. */
    void damaged() {
        damaged = true;
    }

    private void hand(Finding finding) {
        if (inRecord && ofRecord.size() < MAX_HELD) {
            ofRecord.add(finding);
        } else {
            give(damaged ? finding.torn() : finding);
        }
    }

    private void give(Finding finding) {
        listener.finding(finding.withKnown(known.match(finding)));
    }
}
