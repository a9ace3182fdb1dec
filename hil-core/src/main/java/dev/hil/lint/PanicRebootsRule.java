package dev.hil.lint;

import dev.hil.boot.CommandLine;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Trap 5: a panic need not reboot. */
final class PanicRebootsRule extends Rule {
    PanicRebootsRule() {
        super(
                "panic-reboots",
                "A panic ends in a reboot",
                "With panic=0, the default, a panicked kernel waits for ever; only the watchdog ends it, if "
                        + "there is one, and the reset then looks like the silent one that the plan is after.",
                "kernel/panic.c: panic_timeout = CONFIG_PANIC_TIMEOUT; lib/Kconfig.debug: the default is 0");
    }

    @Override
    void check(Facts facts, RuleSheet sheet) {
        Optional<Fact.Known<String>> known = sheet.need(timeout(facts), "whether a panic reboots the board");
        if (known.isPresent() && known.get().value().matches("\\+?0*")) {
            sheet.warning(
                    known.get().from(),
                    "nothing reboots the board after a panic: panic is 0",
                    "panic=10 on the command line (plan.append), or PANIC_TIMEOUT = \"10\"");
        }
    }

    private static Fact<String> timeout(Facts facts) {
        List<Fact.Known<CommandLine>> lines = new ArrayList<>();
        if (facts.plannedCommandLine() instanceof Fact.Known<CommandLine> planned) {
            lines.add(planned);
        }
        facts.testLabelsLine().ifPresent(lines::add);
        for (Fact.Known<CommandLine> line : lines) {
            Optional<CommandLine.Parameter> panic = line.value().last("panic");
            if (panic.isPresent()) {
                return new Fact.Known<>(panic.get().text(), Facts.at(line, panic.get()));
            }
        }
        Fact<String> built = Option.of(facts, "PANIC_TIMEOUT");
        if (built.known().isPresent()) {
            return built;
        }
        if (facts.board().panic().known().isPresent()) {
            return facts.board().panic().map(String::valueOf);
        }
        // The planned line is all that there is, and says nothing: the default counts.
        return facts.plannedCommandLine().map(line -> "0");
    }
}
