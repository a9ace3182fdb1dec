package dev.hil.lint;

import java.util.List;
import java.util.Locale;

/** Trap 12: a line that no kernel prints. */
final class LockdepBannerRule extends Rule {
    LockdepBannerRule() {
        super(
                "lockdep-banner",
                "What is looked for in the log is something a kernel prints",
                "No kernel prints \"Lockdep is enabled\": a check for it fails on a kernel that has lockdep, or "
                        + "is dropped and proves nothing.",
                "kernel/locking/lockdep.c, lockdep_init");
    }

    @Override
    void check(Facts facts, RuleSheet sheet) {
        facts.definition().plan().log().orElse(List.of()).stream()
                .filter(line -> line.toLowerCase(Locale.ROOT).contains("lockdep is enabled"))
                .forEach(line -> sheet.error(
                        facts.at("plan.log"),
                        "no kernel prints \"%s\"".formatted(line),
                        "\"Lock dependency validator: Copyright (c) 2006 Red Hat, Inc., Ingo Molnar\", and debug_locks: 1"
                                + " in /proc/lockdep_stats, which also says that it is on now"));
    }
}
