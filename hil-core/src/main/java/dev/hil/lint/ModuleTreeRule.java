package dev.hil.lint;

import java.util.Optional;

/** Trap 21: the same release is the same folder. */
final class ModuleTreeRule extends Rule {
    ModuleTreeRule() {
        super(
                "module-tree",
                "The kernel under test has a release of its own",
                "modules_install writes to /lib/modules/RELEASE: with the release of the kernel to go back to "
                        + "it overwrites that kernel's modules, and uname -r no longer tells the two apart.",
                "Makefile: MODLIB = $(INSTALL_MOD_PATH)/lib/modules/$(KERNELRELEASE)");
    }

    @Override
    void check(Facts facts, RuleSheet sheet) {
        Optional<Fact.Known<String>> known = sheet.need(
                facts.planned(facts.definition().plan().release(), "plan.release"), "whether the release is its own");
        if (known.isEmpty()) {
            return;
        }
        String release = known.get().value();
        if (facts.definition().plan().safeRelease().filter(release::equals).isPresent()) {
            sheet.error(
                    facts.at("plan.release"),
                    "%s is the release of the kernel to go back to".formatted(release),
                    "a LOCALVERSION of its own for the kernel under test");
        }
        sheet.need(facts.board().menu(), "whether the safe label boots another release")
                .ifPresent(menu -> menu.value().entries().stream()
                        .filter(entry ->
                                entry.label().equals(facts.definition().boot().safe()))
                        .filter(entry -> entry.linux()
                                .filter(image -> image.endsWith("-" + release))
                                .isPresent())
                        .forEach(entry -> sheet.error(
                                menu.from(),
                                "the safe label \"%s\" boots %s"
                                        .formatted(entry.label(), entry.linux().orElse("")),
                                "a LOCALVERSION of its own for the kernel under test")));
    }
}
