package dev.hil.klog;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes a finding of each report that is over, and hands it out. */
final class Findings {

    private final KlogListener listener;
    private final KnownIssues known;

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
                message.line(),
                message.line(),
                message.start(),
                message.end(),
                List.of(message.text()),
                detail));
    }

    private void hand(Finding finding) {
        listener.finding(finding.withKnown(known.match(finding)));
    }
}
