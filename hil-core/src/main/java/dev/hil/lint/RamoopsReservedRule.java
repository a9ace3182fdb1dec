package dev.hil.lint;

import dev.hil.board.BoardDefinition;
import dev.hil.board.BoardDefinition.Ramoops.Declared;
import dev.hil.boot.RamoopsGeometry;
import java.util.List;
import java.util.Optional;

/** Trap 1 on the board: is the region kept free, and is it what ramoops uses? */
final class RamoopsReservedRule extends Rule {
    RamoopsReservedRule() {
        super(
                "ramoops-reserved",
                "The running board reserves the region, and ramoops uses it as defined",
                "What /proc/iomem shows as plain System RAM belongs to the page allocator. And where device "
                        + "tree, definition and the running ramoops differ, records are looked for where there are "
                        + "none.",
                "/proc/iomem; /proc/device-tree/reserved-memory; Documentation/devicetree/bindings/reserved- "
                        + "memory/ramoops.yaml; ramoops_parse_dt in fs/pstore/ram.c");
    }

    @Override
    void check(Facts facts, RuleSheet sheet) {
        Optional<BoardDefinition.Ramoops> defined = facts.definition().ramoops();
        if (defined.isEmpty() || defined.get().declared() == Declared.RESERVE_MEM) {
            return;
        }
        BoardDefinition.Ramoops ramoops = defined.get();
        String region = "%s to %s"
                .formatted(
                        RamoopsGeometry.hex(ramoops.address()),
                        RamoopsGeometry.hex(ramoops.address() + ramoops.size()));
        sheet.need(facts.board().iomem(), "whether the board keeps the region free")
                .ifPresent(map -> {
                    if (map.value().isPlainRam(ramoops.address(), ramoops.size())) {
                        sheet.error(
                                map.from(),
                                "%s is plain System RAM, which the kernel hands out".formatted(region),
                                RamoopsNode.of(facts.definition()));
                    }
                });
        if (ramoops.declared() == Declared.DEVICE_TREE) {
            sheet.need(facts.board().reserved(), "the device tree's node for ramoops")
                    .ifPresent(nodes -> node(facts, ramoops, nodes, sheet));
        }
        sheet.need(facts.board().ramoops(), "what the running ramoops uses").ifPresent(running -> {
            long address = running.value().getOrDefault("mem_address", 0L);
            long size = running.value().getOrDefault("mem_size", 0L);
            if (size != 0 && (address != ramoops.address() || size != ramoops.size())) {
                sheet.error(
                        running.from(),
                        "the running ramoops uses %s bytes at %s, the definition has %s at %s"
                                .formatted(
                                        RamoopsGeometry.hex(size),
                                        RamoopsGeometry.hex(address),
                                        RamoopsGeometry.hex(ramoops.size()),
                                        RamoopsGeometry.hex(ramoops.address())),
                        "make %s agree with the board".formatted(facts.at("ramoops")));
            }
        });
    }

    private static void node(
            Facts facts, BoardDefinition.Ramoops ramoops, Fact.Known<List<ReservedRegion>> nodes, RuleSheet sheet) {
        List<ReservedRegion> found =
                nodes.value().stream().filter(ReservedRegion::isRamoops).toList();
        if (found.isEmpty()) {
            sheet.error(
                    nodes.from(),
                    "the device tree with which the board runs has no node compatible with ramoops",
                    RamoopsNode.of(facts.definition())
                            + "; where it comes by FDTOVERLAYS, U-Boot may have been built without OF_LIBFDT_OVERLAY");
            return;
        }
        ReservedRegion node = found.get(0);
        if (node.address() != ramoops.address() || node.size() != ramoops.size()) {
            sheet.error(
                    nodes.from(),
                    "%s has %s bytes at %s, the definition has %s at %s"
                            .formatted(
                                    node.name(),
                                    RamoopsGeometry.hex(node.size()),
                                    RamoopsGeometry.hex(node.address()),
                                    RamoopsGeometry.hex(ramoops.size()),
                                    RamoopsGeometry.hex(ramoops.address())),
                    "make %s agree with the board".formatted(facts.at("ramoops")));
        }
        part(facts, node, "record", ramoops.record(), nodes.from(), sheet);
        part(facts, node, "console", ramoops.console(), nodes.from(), sheet);
        part(facts, node, "ftrace", ramoops.ftrace(), nodes.from(), sheet);
        part(facts, node, "pmsg", ramoops.pmsg(), nodes.from(), sheet);
        part(facts, node, "ecc", ramoops.ecc(), nodes.from(), sheet);
    }

    private static void part(
            Facts facts, ReservedRegion node, String part, Optional<Long> defined, String where, RuleSheet sheet) {
        long there = node.number(part + "-size");
        if (defined.isPresent() && defined.get() != there) {
            String key = part.equals("ecc") ? "ramoops.ecc" : "ramoops.%s_size".formatted(part);
            sheet.error(
                    where,
                    "%s has %s-size %s, the definition has %s"
                            .formatted(
                                    node.name(), part, RamoopsGeometry.hex(there), RamoopsGeometry.hex(defined.get())),
                    "make %s agree with the board".formatted(facts.at(key)));
        }
    }
}
