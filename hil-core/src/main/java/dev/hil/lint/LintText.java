package dev.hil.lint;

import dev.hil.link.Recording;
import java.util.ArrayList;
import java.util.List;

/** A report for people. What a board said is cleaned: it goes to terminals. */
public final class LintText {
    private LintText() {}

    /** All lines of a report, without line ends. */
    public static List<String> lines(LintReport report) {
        List<String> lines = new ArrayList<>();
        for (LintFinding finding : report.findings()) {
            lines.addAll(lines(finding));
        }
        report.accepted()
                .forEach(accepted -> lines.add(clean("%s: accepted %s: %s (%s)"
                        .formatted(
                                accepted.finding().where(),
                                accepted.finding().rule(),
                                accepted.finding().what(),
                                accepted.reason()))));
        report.notChecked()
                .forEach(unknown -> lines.add(
                        clean("not checked: %s: %s (%s)".formatted(unknown.rule(), unknown.what(), unknown.why()))));
        lines.add("%d rules: %d errors, %d warnings, %d notes, %d accepted; %d things not checked"
                .formatted(
                        report.rules(),
                        report.of(Severity.ERROR).size(),
                        report.of(Severity.WARNING).size(),
                        report.of(Severity.NOTE).size(),
                        report.accepted().size(),
                        report.notChecked().size()));
        return List.copyOf(lines);
    }

    /** The lines of one finding. */
    public static List<String> lines(LintFinding finding) {
        return List.of(
                clean("%s: %s %s: %s"
                        .formatted(finding.where(), finding.severity().word(), finding.rule(), finding.what())),
                clean("    why: %s (%s)".formatted(finding.why(), finding.source())),
                clean("    instead: %s".formatted(finding.instead())));
    }

    private static String clean(String text) {
        return Recording.clean(text).replace('\n', ' ');
    }
}
