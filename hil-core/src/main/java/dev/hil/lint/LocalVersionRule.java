package dev.hil.lint;

import dev.hil.board.BoardDefinition;
import dev.hil.kernel.KernelRelease;
import java.util.Optional;

/** Trap 14: one setting replaces the other. */
final class LocalVersionRule extends Rule {
    LocalVersionRule() {
        super(
                "local-version",
                "The build gets the release that the plan expects",
                "CONFIG_LOCALVERSION is one string: setting it replaces what was there. The modules, the boot "
                        + "label and every check of `uname -r` then name a release that is never built.",
                "scripts/setlocalversion: localversion* files, CONFIG_LOCALVERSION, LOCALVERSION of the "
                        + "command line, then + only where LOCALVERSION was not given");
    }

    @Override
    void check(Facts facts, RuleSheet sheet) {
        Optional<Fact.Known<KernelRelease>> planned =
                sheet.need(facts.plannedRelease(), "which release the build gets");
        if (planned.isEmpty()) {
            return;
        }
        KernelRelease release = planned.get().value();
        Optional<String> made = madeWith(facts.definition());
        auto(facts, sheet);
        if (release.plus() && made.isPresent()) {
            sheet.error(
                    planned.get().from(),
                    "%s ends in +, which is not added where make is given LOCALVERSION".formatted(release),
                    "plan.release = \"%s%s\"".formatted(release.version(), release.local()));
        }
        Optional<String> set =
                Optional.ofNullable(facts.definition().plan().config().get("LOCALVERSION"));
        Optional<String> before = facts.board().treeConfig().known().map(tree -> tree.get("LOCALVERSION"));
        if (set.isPresent()) {
            replaced(facts, release, set.get(), made.orElse(""), before, sheet);
        } else {
            inherited(facts, release, made.orElse(""), before, sheet);
        }
    }

    private static void replaced(
            Facts facts, KernelRelease release, String set, String made, Optional<String> before, RuleSheet sheet) {
        String built = set + made;
        if (built.equals(release.local())) {
            return;
        }
        String rest = release.local().endsWith(built)
                ? release.local().substring(0, release.local().length() - built.length())
                : release.local();
        // An empty setting so far means that the rest comes from a localversion* file, and stays.
        if (release.local().endsWith(built) && before.filter(""::equals).isPresent()) {
            return;
        }
        sheet.error(
                facts.at("plan.config.LOCALVERSION"),
                "LOCALVERSION=\"%s\" replaces \"%s\" if that was set the same way%s: the release becomes %s, not %s"
                        .formatted(
                                set,
                                rest,
                                before.filter(rest::equals).isPresent() ? ", as it was" : "",
                                new KernelRelease(release.version(), built, release.plus()),
                                release),
                "leave it out of plan.config and build with kernel.make = [\"LOCALVERSION=%s\"], which is added (the release"
                                .formatted(set)
                        + " then has no +); or plan.config.LOCALVERSION = \"%s%s\"".formatted(rest, set));
    }

    private static void inherited(
            Facts facts, KernelRelease release, String made, Optional<String> before, RuleSheet sheet) {
        if (!release.local().endsWith(made)) {
            sheet.error(
                    facts.at("plan.release"),
                    "%s does not end in \"%s\", with which it is built".formatted(release, made),
                    "make plan.release and LOCALVERSION in kernel.make agree");
            return;
        }
        String rest = release.local().substring(0, release.local().length() - made.length());
        Optional<String> safe = facts.definition()
                .plan()
                .safeRelease()
                .flatMap(KernelRelease::of)
                .map(KernelRelease::local);
        if (rest.isEmpty()
                || before.filter(rest::equals).isPresent()
                || safe.filter(rest::equals).isPresent()) {
            return;
        }
        sheet.notChecked(
                "where \"%s\" in the release comes from".formatted(rest),
                "%s has no plan.safe_release with it, and the tree's .config is not known"
                        .formatted(facts.definition().file()));
    }

    private static void auto(Facts facts, RuleSheet sheet) {
        Fact<String> auto = Option.of(facts, "LOCALVERSION_AUTO");
        if (auto instanceof Fact.Known<String> known && known.value().equals("y")) {
            sheet.warning(
                    known.from(),
                    "LOCALVERSION_AUTO=y: the release changes with every commit and every change to the tree",
                    "plan.config.LOCALVERSION_AUTO = \"n\"");
        }
    }

    private static Optional<String> madeWith(BoardDefinition definition) {
        return definition.kernel().stream()
                .flatMap(kernel -> kernel.make().stream())
                .filter(argument -> argument.startsWith("LOCALVERSION="))
                .map(argument -> argument.substring("LOCALVERSION=".length()))
                .reduce((first, second) -> second);
    }
}
