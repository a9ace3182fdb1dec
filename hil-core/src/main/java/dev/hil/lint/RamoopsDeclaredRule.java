package dev.hil.lint;

import dev.hil.board.BoardDefinition;
import dev.hil.board.BoardDefinition.Ramoops.Declared;

/** Trap 1: an address on the command line reserves nothing. */
final class RamoopsDeclaredRule extends Rule {
    RamoopsDeclaredRule() {
        super(
                "ramoops-declared",
                "The region of ramoops is declared by something that also reserves it",
                "ramoops.mem_address makes ramoops map an address and claims nothing: on RAM it shares its "
                        + "pages with whatever the allocator gives them to. With exactly such parameters a kernel "
                        + "oopsed in persistent_ram_write, and files in the page cache changed.",
                "fs/pstore/ram_core.c, persistent_ram_buffer_map: pfn_valid() memory is mapped without "
                        + "request_mem_region(); Documentation/admin-guide/ramoops.rst");
    }

    @Override
    void check(Facts facts, RuleSheet sheet) {
        BoardDefinition definition = facts.definition();
        if (definition.ramoops().isEmpty()) {
            return;
        }
        switch (definition.ramoops().get().declared()) {
            case COMMAND_LINE ->
                sheet.error(
                        facts.at("ramoops.declared"),
                        "the region of ramoops is declared on the command line only, so nothing reserves it",
                        "ramoops.declared = \"device-tree\", and " + RamoopsNode.of(definition));
            case RESERVE_MEM -> reserveMem(facts, sheet);
            case DEVICE_TREE -> {
                // checked below
            }
        }
        boolean byNode = definition.ramoops().get().declared() == Declared.DEVICE_TREE;
        facts.testLines(sheet, "ramoops.mem_address on the planned command line")
                .forEach(line -> line.value()
                        .all("ramoops.mem_address")
                        .forEach(parameter -> sheet.error(
                                Facts.at(line, parameter),
                                "%s %s"
                                        .formatted(
                                                parameter,
                                                byNode
                                                        ? "declares a second region beside the device tree's: ramoops takes one"
                                                        : "is an address that nothing keeps free"),
                                "leave it out together with the other sizes of ramoops; they belong into "
                                        + RamoopsNode.of(definition))));
    }

    private static void reserveMem(Facts facts, RuleSheet sheet) {
        sheet.need(facts.plannedRelease(), "whether the kernel under test knows reserve_mem=")
                .ifPresent(release -> {
                    if (!release.value().isAtLeast(6, 12)) {
                        sheet.error(
                                release.from(),
                                "reserve_mem= with ramoops.mem_name= is documented from 6.12 on; the kernel under test is "
                                        + release.value(),
                                RamoopsNode.of(facts.definition()));
                    }
                });
        sheet.need(facts.plannedCommandLine(), "reserve_mem= on the planned command line")
                .ifPresent(line -> {
                    if (!line.value().has("reserve_mem") || !line.value().has("ramoops.mem_name")) {
                        sheet.error(
                                facts.at("plan.append"),
                                "ramoops is declared by reserve_mem, but the planned command line lacks reserve_mem= or ramoops.mem_name=",
                                "reserve_mem=%s:4096:oops ramoops.mem_name=oops"
                                        .formatted(facts.definition()
                                                .ramoops()
                                                .map(r -> r.size())
                                                .orElse(0L)));
                    }
                });
        sheet.warning(
                facts.at("ramoops.declared"),
                "reserve_mem= is a best effort: another kernel, or the same with KASLR, may choose another address",
                "prefer " + RamoopsNode.of(facts.definition()));
    }
}
