package dev.hil.lint;

import dev.hil.board.DefinitionException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Holds definition, plan and facts of a board against each other. */
public final class Linter {
    private static final List<Rule> RULES = List.of(
            new MemmapRule(),
            new RamoopsDeclaredRule(),
            new RamoopsReservedRule(),
            new RamoopsPlaceRule(),
            new RamoopsGeometryRule(),
            new RamoopsEccRule(),
            new RamoopsSurvivesRule(),
            new DumpOopsRule(),
            new ModuleNameRule(),
            new PstoreBuiltInRule(),
            new ConsoleCaptureRule(),
            new SystemdPstoreRule(),
            new PstoreReadableRule(),
            new LogLevelRule(),
            new PanicRebootsRule(),
            new LockdepOnRule(),
            new LockdepBannerRule(),
            new ProveRcuRule(),
            new ConfigTookRule(),
            new LocalVersionRule(),
            new ModuleTreeRule(),
            new FreeSpaceRule(),
            new WayBackRule(),
            new BootMenuRule(),
            new PlannedAppendRule(),
            new ResetReasonRule(),
            new BootIdRule(),
            new SerialSpeedRule(),
            new DollarRule(),
            new AttendedRule());

    private Linter() {}

    static List<Rule> rules() {
        return RULES;
    }

    /**
     * Runs every rule.
     *
     * @throws DefinitionException where the definition accepts findings of a rule that there is none of
     */
    public static LintReport run(Facts facts) {
        Map<String, String> accepts = facts.definition().accepted();
        List<String> ids = RULES.stream().map(Rule::id).sorted().toList();
        for (String id : accepts.keySet()) {
            if (!ids.contains(id)) {
                throw new DefinitionException("%s: lint.accept.%s names no rule; there are %s"
                        .formatted(facts.definition().at("lint.accept." + id), id, String.join(", ", ids)));
            }
        }
        List<LintFinding> findings = new ArrayList<>();
        List<LintReport.Accepted> accepted = new ArrayList<>();
        List<LintReport.NotChecked> notChecked = new ArrayList<>();
        for (Rule rule : RULES) {
            RuleSheet sheet = new RuleSheet(rule);
            rule.check(facts, sheet);
            notChecked.addAll(sheet.notChecked());
            Optional<String> reason = Optional.ofNullable(accepts.get(rule.id()));
            for (LintFinding finding : sheet.findings()) {
                if (reason.isPresent()) {
                    accepted.add(new LintReport.Accepted(finding, reason.get()));
                } else {
                    findings.add(finding);
                }
            }
        }
        return new LintReport(
                findings.stream()
                        .sorted(Comparator.comparing(LintFinding::severity))
                        .collect(Collectors.toUnmodifiableList()),
                accepted,
                notChecked,
                RULES.size());
    }
}
