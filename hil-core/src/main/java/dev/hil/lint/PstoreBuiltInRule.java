package dev.hil.lint;

import java.util.List;

/** Trap 6: a module comes too late. */
final class PstoreBuiltInRule extends Rule {
    PstoreBuiltInRule() {
        super(
                "pstore-built-in",
                "ramoops is built in",
                "As a module it misses everything before it is loaded: an early crash, and the reading of the "
                        + "last one at boot. The records then also depend on an initramfs.",
                "fs/pstore/Kconfig; fs/pstore/ram.c: postcore_initcall(ramoops_init)");
    }

    @Override
    void check(Facts facts, RuleSheet sheet) {
        if (!facts.capturesByRamoops()) {
            return;
        }
        for (String symbol : List.of("PSTORE", "PSTORE_RAM")) {
            sheet.need(Option.of(facts, symbol), "whether %s is built in".formatted(symbol))
                    .ifPresent(option -> {
                        if (!option.value().equals("y")) {
                            sheet.error(
                                    option.from(),
                                    "%s=%s, and the definition trusts ramoops to keep the evidence"
                                            .formatted(symbol, option.value()),
                                    "plan.config.%s = \"y\"".formatted(symbol));
                        }
                    });
        }
    }
}
