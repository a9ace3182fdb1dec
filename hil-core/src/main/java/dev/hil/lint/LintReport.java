package dev.hil.lint;

import java.util.List;

/**
 * What the linter found.
 *
 * @param findings worst first, else in the order of the rules
 * @param accepted findings that the definition accepts, with its reason
 * @param notChecked what could not be checked
 * @param rules how many rules were run
 */
public record LintReport(List<LintFinding> findings, List<Accepted> accepted, List<NotChecked> notChecked, int rules) {

    /**
     * A finding that somebody has looked at.
     *
     * @param finding what was found
     * @param reason why it is accepted
     */
    public record Accepted(LintFinding finding, String reason) {}

    /**
     * A rule, or a part of one, whose facts are not known.
     *
     * @param rule the id of the rule
     * @param what what it could not check
     * @param why which fact is not known, and why
     */
    public record NotChecked(String rule, String what, String why) {}

    /** Copies what it is given. */
    public LintReport {
        findings = List.copyOf(findings);
        accepted = List.copyOf(accepted);
        notChecked = List.copyOf(notChecked);
    }

    /** What a few of the rules found and could not check, by their ids. */
    public LintReport only(String... ids) {
        List<String> wanted = List.of(ids);
        return new LintReport(
                findings.stream()
                        .filter(finding -> wanted.contains(finding.rule()))
                        .toList(),
                accepted.stream()
                        .filter(accept -> wanted.contains(accept.finding().rule()))
                        .toList(),
                notChecked.stream()
                        .filter(missing -> wanted.contains(missing.rule()))
                        .toList(),
                wanted.size());
    }

    /** The findings of a severity. */
    public List<LintFinding> of(Severity severity) {
        return findings.stream()
                .filter(finding -> finding.severity() == severity)
                .toList();
    }

    /** Whether nothing was found that stops a plan. */
    public boolean passes() {
        return of(Severity.ERROR).isEmpty();
    }
}
