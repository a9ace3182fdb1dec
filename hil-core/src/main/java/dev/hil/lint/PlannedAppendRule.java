package dev.hil.lint;

import dev.hil.boot.CommandLine;
import java.util.List;
import java.util.Optional;

/** The menu and the plan. */
final class PlannedAppendRule extends Rule {
    PlannedAppendRule() {
        super(
                "planned-append",
                "The test label's APPEND has what the plan adds",
                "A parameter that is in the plan but not on the line was never in force.",
                "the menu's APPEND is handed to the kernel as it is (U-Boot boot/pxe_utils.c)");
    }

    @Override
    void check(Facts facts, RuleSheet sheet) {
        String label = facts.definition().boot().test();
        Optional<CommandLine> planned = facts.plannedCommandLine().known();
        if (planned.isEmpty()) {
            return;
        }
        sheet.need(facts.board().menu(), "whether the test label has the planned parameters")
                .ifPresent(menu -> menu.value().entries().stream()
                        .filter(entry -> entry.label().equals(label))
                        .forEach(entry -> {
                            List<CommandLine.Parameter> missing =
                                    CommandLine.parse(entry.append().orElse("")).lacks(planned.get());
                            if (!missing.isEmpty()) {
                                sheet.error(
                                        "%s, line %d".formatted(menu.from(), entry.line()),
                                        "APPEND of label \"%s\" lacks %s".formatted(label, missing),
                                        "add it there, or take it out of " + facts.at("plan.append"));
                            }
                        }));
    }
}
