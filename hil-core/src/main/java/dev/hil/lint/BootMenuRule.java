package dev.hil.lint;

import dev.hil.board.BoardDefinition;
import dev.hil.boot.BootEntry;
import dev.hil.boot.ExtlinuxMenu;
import java.util.Optional;

/** The menu and the definition. */
final class BootMenuRule extends Rule {
    BootMenuRule() {
        super(
                "boot-menu",
                "The board's menu has the labels of the definition",
                "A label that is not there, or two labels with one kernel, leave no kernel to go back to; a "
                        + "DEFAULT that is not the safe label is what an earlier run left behind.",
                "U-Boot boot/pxe_utils.c: labels are compared exactly; the last DEFAULT counts");
    }

    @Override
    void check(Facts facts, RuleSheet sheet) {
        BoardDefinition.BootMenu boot = facts.definition().boot();
        sheet.need(facts.board().menu(), "whether the menu has the labels of the definition")
                .ifPresent(menu -> {
                    Optional<BootEntry> safe = entry(menu.value(), boot.safe());
                    Optional<BootEntry> test = entry(menu.value(), boot.test());
                    if (safe.isEmpty()) {
                        sheet.error(
                                facts.at("boot.safe"),
                                "%s has no label \"%s\"; it has %s"
                                        .formatted(
                                                boot.menu(),
                                                boot.safe(),
                                                menu.value().entries().stream()
                                                        .map(BootEntry::label)
                                                        .toList()),
                                "the label of a kernel that is known to be good");
                    }
                    if (test.isEmpty()) {
                        sheet.notChecked(
                                "the label of the kernel under test",
                                "%s has no label \"%s\" yet".formatted(boot.menu(), boot.test()));
                    } else if (safe.isPresent()
                            && safe.get().linux().equals(test.get().linux())) {
                        sheet.error(
                                "%s, line %d".formatted(menu.from(), test.get().line()),
                                "labels \"%s\" and \"%s\" boot the same image %s"
                                        .formatted(
                                                boot.safe(),
                                                boot.test(),
                                                test.get().linux().orElse("(none)")),
                                "an image of its own for the kernel under test");
                    }
                    if (!menu.value().defaultLabel().equals(boot.safe())) {
                        sheet.warning(
                                menu.from(),
                                "DEFAULT is \"%s\", not the safe label \"%s\""
                                        .formatted(menu.value().defaultLabel(), boot.safe()),
                                "`hil recover %s`, or DEFAULT %s by hand"
                                        .formatted(facts.definition().name(), boot.safe()));
                    }
                });
    }

    private static Optional<BootEntry> entry(ExtlinuxMenu menu, String label) {
        return menu.entries().stream()
                .filter(entry -> entry.label().equals(label))
                .findFirst();
    }
}
