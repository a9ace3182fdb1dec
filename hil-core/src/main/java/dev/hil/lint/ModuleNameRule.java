package dev.hil.lint;

import java.util.List;

/** Trap 6: the symbol is PSTORE_RAM, the module is ramoops. */
final class ModuleNameRule extends Rule {
    ModuleNameRule() {
        super(
                "module-name",
                "Modules are loaded by the names they have",
                "The module of CONFIG_PSTORE_RAM is ramoops.ko: `modprobe pstore_ram` fails, and with it "
                        + "whatever waits for it.",
                "fs/pstore/Makefile: obj-$(CONFIG_PSTORE_RAM) += ramoops.o");
    }

    @Override
    void check(Facts facts, RuleSheet sheet) {
        facts.definition().plan().modules().orElse(List.of()).stream()
                .filter(module -> module.replace('-', '_').equals("pstore_ram"))
                .forEach(module -> sheet.error(
                        facts.at("plan.modules"),
                        "there is no module %s".formatted(module),
                        "ramoops; better none, with PSTORE_RAM = \"y\""));
    }
}
