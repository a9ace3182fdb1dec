package dev.hil.lint;

/** Trap 22: somebody may be using the board. */
final class AttendedRule extends Rule {
    AttendedRule() {
        super(
                "attended",
                "Nobody is bulldozed",
                "A reboot takes the board from whoever is logged in, with what they have not saved.",
                "who; the owner of the iter6 plan asks before every reboot");
    }

    @Override
    void check(Facts facts, RuleSheet sheet) {
        if (facts.definition().attended().askBeforeReboot()) {
            return;
        }
        sheet.need(facts.board().users(), "who is logged in").ifPresent(users -> {
            if (!users.value().isEmpty()) {
                sheet.warning(
                        users.from(),
                        "logged in: %s; the definition lets hil reboot without asking"
                                .formatted(String.join(", ", users.value())),
                        "attended.reboot = \"ask\"");
            }
        });
    }
}
