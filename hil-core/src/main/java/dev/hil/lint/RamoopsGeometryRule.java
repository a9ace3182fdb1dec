package dev.hil.lint;

import dev.hil.board.BoardDefinition;
import dev.hil.boot.CommandLine;
import dev.hil.boot.RamoopsGeometry;
import java.util.List;
import java.util.Optional;

/** Trap 23: how the region is divided. */
final class RamoopsGeometryRule extends Rule {
    RamoopsGeometryRule() {
        super(
                "ramoops-geometry",
                "The region of ramoops holds at least one dump record, and every number is one to the kernel",
                "Sizes that are no power of two are rounded down, sizes that leave no room lose the dump "
                        + "records, and module parameters take no suffixes.",
                "fs/pstore/ram.c, ramoops_probe: rounddown_pow_of_two, dump_mem_sz; records = (mem_size - "
                        + "console_size - ftrace_size - pmsg_size) / record_size");
    }

    @Override
    void check(Facts facts, RuleSheet sheet) {
        if (facts.definition().ramoops().isEmpty()) {
            return;
        }
        sheet.need(facts.geometry(), "whether the sizes of ramoops add up")
                .ifPresent(known -> problems(known.value(), known.from(), sheet));
        Optional<CommandLine> line = facts.plannedCommandLine().known();
        if (line.isEmpty()) {
            return;
        }
        try {
            RamoopsGeometry.of(line.get()).ifPresent(asked -> {
                problems(asked, facts.at("plan.append"), sheet);
                agree(facts, line.get(), sheet);
            });
        } catch (NumberFormatException e) {
            sheet.error(
                    facts.at("plan.append"),
                    "a parameter of ramoops is no number to the kernel: " + e.getMessage(),
                    "write it in bytes, decimal or with 0x: 1M is for memmap= and its like, 0x100000 for ramoops.mem_size=");
        }
    }

    private static void problems(RamoopsGeometry geometry, String where, RuleSheet sheet) {
        List<String> problems = geometry.problems();
        if (!problems.isEmpty()) {
            sheet.error(
                    where,
                    String.join("; ", problems),
                    "sizes that are powers of two, and together leave room for dump records; console 0x40000, record"
                            + " 0x10000 in 0x100000 make 11 of them");
        }
    }

    private static void agree(Facts facts, CommandLine line, RuleSheet sheet) {
        BoardDefinition.Ramoops ramoops = facts.definition().ramoops().orElseThrow();
        pair(facts, line, "ramoops.mem_address", Optional.of(ramoops.address()), "ramoops.address", sheet);
        pair(facts, line, "ramoops.mem_size", Optional.of(ramoops.size()), "ramoops.size", sheet);
        pair(facts, line, "ramoops.record_size", ramoops.record(), "ramoops.record_size", sheet);
        pair(facts, line, "ramoops.console_size", ramoops.console(), "ramoops.console_size", sheet);
    }

    private static void pair(
            Facts facts, CommandLine line, String parameter, Optional<Long> defined, String key, RuleSheet sheet) {
        line.last(parameter).ifPresent(given -> {
            if (defined.isPresent() && RamoopsGeometry.number(given.text()) != defined.get()) {
                sheet.error(
                        Facts.at(new Fact.Known<>(line, facts.at("plan.append")), given),
                        "%s, but the definition has %s = %s".formatted(given, key, RamoopsGeometry.hex(defined.get())),
                        "make the two agree; see " + facts.at(key));
            }
        });
    }
}
