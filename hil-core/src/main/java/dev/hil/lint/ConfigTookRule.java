package dev.hil.lint;

import dev.hil.kernel.KernelConfig;
import java.util.List;
import java.util.Optional;

/** An option that was set need not have taken. */
final class ConfigTookRule extends Rule {
    ConfigTookRule() {
        super(
                "config-took",
                "The installed kernel has the options of the plan",
                "olddefconfig drops without a word what has an unmet dependency, and keeps what something "
                        + "else selects.",
                "scripts/kconfig/conf.c; /boot/config-RELEASE");
    }

    @Override
    void check(Facts facts, RuleSheet sheet) {
        Optional<Fact.Known<KernelConfig>> planned =
                sheet.need(facts.plannedConfig(), "whether the planned options took");
        if (planned.isEmpty()) {
            return;
        }
        sheet.need(facts.board().bootConfig(), "whether the planned options took")
                .ifPresent(installed -> {
                    List<String> differ = planned.get().value().values().entrySet().stream()
                            .filter(option ->
                                    !same(option.getValue(), installed.value().get(option.getKey())))
                            .map(option -> "%s is %s, not %s"
                                    .formatted(
                                            option.getKey(), installed.value().get(option.getKey()), option.getValue()))
                            .sorted()
                            .toList();
                    if (!differ.isEmpty()) {
                        sheet.error(
                                installed.from(),
                                "options of the plan did not take: " + String.join("; ", differ),
                                "look for their dependencies in menuconfig (/ and the symbol), then build again");
                    }
                });
    }

    private static boolean same(String wanted, String found) {
        return wanted.equals(found) || (wanted.isEmpty() && found.equals("n"));
    }
}
