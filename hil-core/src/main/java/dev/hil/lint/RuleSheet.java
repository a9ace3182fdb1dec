package dev.hil.lint;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Where a rule writes down what it finds, and what it could not check. */
final class RuleSheet {
    private final Rule rule;
    private final List<LintFinding> findings = new ArrayList<>();
    private final List<LintReport.NotChecked> notChecked = new ArrayList<>();

    RuleSheet(Rule rule) {
        this.rule = rule;
    }

    void error(String where, String what, String instead) {
        add(Severity.ERROR, where, what, instead);
    }

    void warning(String where, String what, String instead) {
        add(Severity.WARNING, where, what, instead);
    }

    void note(String where, String what, String instead) {
        add(Severity.NOTE, where, what, instead);
    }

    private void add(Severity severity, String where, String what, String instead) {
        findings.add(new LintFinding(rule.id(), severity, where, what, rule.why(), rule.source(), instead));
    }

    void notChecked(String what, String why) {
        notChecked.add(new LintReport.NotChecked(rule.id(), what, why));
    }

    /** A fact; where it is not known, that is written down together with what it was wanted for. */
    <T> Optional<Fact.Known<T>> need(Fact<T> fact, String what) {
        if (fact instanceof Fact.Known<T> known) {
            return Optional.of(known);
        }
        notChecked(what, ((Fact.Unknown<T>) fact).why());
        return Optional.empty();
    }

    List<LintFinding> findings() {
        return findings;
    }

    List<LintReport.NotChecked> notChecked() {
        return notChecked;
    }
}
