package dev.hil.lint;

import dev.hil.boot.CommandLine;
import java.util.Optional;
import java.util.Set;

/** Trap 1: {@code memmap=} is nothing to arm64. */
final class MemmapRule extends Rule {
    MemmapRule() {
        super(
                "memmap",
                "No `memmap=` where the kernel does not know it",
                "Only x86, mips and xtensa parse memmap=. Any other kernel passes it on to user space and "
                        + "reserves nothing: what was meant to be kept free is handed out like all other memory.",
                "early_param(\"memmap\") in arch/x86/kernel/e820.c, arch/mips/kernel/setup.c, "
                        + "arch/xtensa/mm/init.c and nowhere else; arm64 has \"mem\" only (arch/arm64/mm/init.c)");
    }

    private static final Set<String> KNOW_IT = Set.of("x86", "x86_64", "i386", "i686", "mips", "xtensa");

    @Override
    void check(Facts facts, RuleSheet sheet) {
        Optional<Fact.Known<String>> arch = sheet.need(facts.arch(), "whether this architecture knows memmap=");
        if (arch.isEmpty() || KNOW_IT.contains(arch.get().value())) {
            return;
        }
        facts.testLines(sheet, "memmap= on the planned command line")
                .forEach(line -> look(line.value(), line.from(), arch.get().value(), facts, sheet));
        sheet.need(facts.board().commandLine(), "memmap= on the running kernel's command line")
                .ifPresent(line -> look(line.value(), line.from(), arch.get().value(), facts, sheet));
    }

    private static void look(CommandLine line, String where, String arch, Facts facts, RuleSheet sheet) {
        for (CommandLine.Parameter parameter : line.all("memmap")) {
            sheet.error(
                    where,
                    "%s reserves nothing: %s has no memmap=".formatted(parameter, arch),
                    "leave it out, and reserve the region by " + RamoopsNode.of(facts.definition()));
        }
    }
}
