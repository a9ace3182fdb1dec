package dev.hil.lint;

import java.util.List;

/** Trap 13: what PROVE_LOCKING brings with it. */
final class ProveRcuRule extends Rule {
    ProveRcuRule() {
        super(
                "prove-rcu",
                "The plan leaves out nothing that PROVE_LOCKING selects",
                "These symbols follow from PROVE_LOCKING: the configuration that was asked for cannot be had, "
                        + "and who believes it was will misread the kernel's speed and its reports.",
                "kernel/rcu/Kconfig.debug: config PROVE_RCU, def_bool PROVE_LOCKING; lib/Kconfig.debug: the "
                        + "select lines of PROVE_LOCKING");
    }

    private static final List<String> FOLLOWS = List.of(
            "PROVE_RCU",
            "LOCKDEP",
            "DEBUG_SPINLOCK",
            "DEBUG_MUTEXES",
            "DEBUG_RT_MUTEXES",
            "DEBUG_RWSEMS",
            "DEBUG_WW_MUTEX_SLOWPATH",
            "DEBUG_LOCK_ALLOC",
            "TRACE_IRQFLAGS");

    @Override
    void check(Facts facts, RuleSheet sheet) {
        sheet.need(facts.plannedConfig(), "whether what the plan leaves out can be left out")
                .ifPresent(config -> {
                    if (!config.value().isBuiltIn("PROVE_LOCKING")) {
                        return;
                    }
                    for (String symbol : FOLLOWS) {
                        if (config.value().get(symbol).equals("n")) {
                            sheet.error(
                                    facts.at("plan.config." + symbol),
                                    "%s cannot be left out: it follows from PROVE_LOCKING".formatted(symbol),
                                    "leave the line out, and give the boot the time: a slow boot is met by boot.timeout and the"
                                            + " watchdog's time, not by this option");
                        }
                    }
                });
    }
}
