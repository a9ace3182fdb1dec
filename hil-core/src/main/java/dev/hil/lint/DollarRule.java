package dev.hil.lint;

import java.util.Locale;

/** Trap 20: a dollar is a variable to GRUB. */
final class DollarRule extends Rule {
    DollarRule() {
        super(
                "grub-dollar",
                "No `$` in a command line that GRUB reads",
                "GRUB expands $ in grub.cfg: the parameter arrives cut off. extlinux passes it on as it is.",
                "GNU GRUB manual, \"Shell-like scripting\": quote or escape $");
    }

    @Override
    void check(Facts facts, RuleSheet sheet) {
        if (!facts.definition().boot().menu().toLowerCase(Locale.ROOT).contains("grub")) {
            return;
        }
        facts.testLines(sheet, "$ on the planned command line")
                .forEach(line -> line.value().parameters().stream()
                        .filter(parameter -> parameter.toString().contains("$"))
                        .forEach(parameter -> sheet.error(
                                Facts.at(line, parameter),
                                "%s is in a menu that GRUB reads".formatted(parameter),
                                "\\\\\\$ in /etc/default/grub, \\$ in grub.cfg")));
    }
}
