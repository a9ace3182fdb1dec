package dev.hil.cli;

import dev.hil.lint.LintFinding;
import dev.hil.lint.LintReport;
import dev.hil.lint.Severity;
import java.util.ArrayList;
import java.util.List;

/** A linter's report as JSON Lines. */
final class LintJson {
    private LintJson() {}

    static List<String> lines(LintReport report) {
        List<String> lines = new ArrayList<>();
        report.findings().forEach(finding -> lines.add("{" + finding(finding) + "}"));
        report.accepted()
                .forEach(accepted -> lines.add("{" + finding(accepted.finding()) + ",\"accepted\":"
                        + KlogJson.quote(accepted.reason()) + "}"));
        report.notChecked()
                .forEach(unknown -> lines.add("{\"rule\":" + KlogJson.quote(unknown.rule()) + ",\"notChecked\":"
                        + KlogJson.quote(unknown.what()) + ",\"because\":" + KlogJson.quote(unknown.why()) + "}"));
        lines.add("{\"summary\":{\"rules\":" + report.rules()
                + ",\"errors\":" + report.of(Severity.ERROR).size()
                + ",\"warnings\":" + report.of(Severity.WARNING).size()
                + ",\"notes\":" + report.of(Severity.NOTE).size()
                + ",\"accepted\":" + report.accepted().size()
                + ",\"notChecked\":" + report.notChecked().size() + "}}");
        return lines;
    }

    private static String finding(LintFinding finding) {
        return "\"rule\":" + KlogJson.quote(finding.rule())
                + ",\"severity\":" + KlogJson.quote(finding.severity().word())
                + ",\"where\":" + KlogJson.quote(finding.where())
                + ",\"what\":" + KlogJson.quote(finding.what())
                + ",\"why\":" + KlogJson.quote(finding.why())
                + ",\"source\":" + KlogJson.quote(finding.source())
                + ",\"instead\":" + KlogJson.quote(finding.instead());
    }
}
