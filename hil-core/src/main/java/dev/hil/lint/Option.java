package dev.hil.lint;

import dev.hil.kernel.KernelConfig;

/** An option of the kernel under test: as the plan sets it, or as it was built. */
final class Option {
    private Option() {}

    static Fact<String> of(Facts facts, String symbol) {
        Fact<KernelConfig> planned = facts.plannedConfig();
        if (planned.known().filter(config -> config.knows(symbol)).isPresent()) {
            return new Fact.Known<>(
                    planned.known().get().get(symbol), facts.definition().at("plan.config." + symbol));
        }
        Fact<KernelConfig> built = facts.board().bootConfig();
        if (built.known().isPresent()) {
            return built.map(config -> config.get(symbol));
        }
        return new Fact.Unknown<>("neither plan.config nor a configuration in /boot has " + symbol);
    }
}
