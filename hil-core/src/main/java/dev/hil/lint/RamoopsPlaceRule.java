package dev.hil.lint;

import dev.hil.board.BoardDefinition;
import dev.hil.board.BoardDefinition.Ramoops.Declared;
import dev.hil.boot.RamoopsGeometry;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Trap 2: memory that boot loader or kernel use for something else. */
final class RamoopsPlaceRule extends Rule {
    RamoopsPlaceRule() {
        super(
                "ramoops-place",
                "The region of ramoops lies in nobody's way",
                "What the boot loader loads and unpacks there between the crash and the next kernel "
                        + "overwrites the records, and a CMA pool hands the pages to drivers.",
                "U-Boot's ENV_MEM_LAYOUT_SETTINGS (include/configs/*_common.h); boot logs of vendor kernels");
    }

    @Override
    void check(Facts facts, RuleSheet sheet) {
        Optional<BoardDefinition.Ramoops> defined = facts.definition().ramoops();
        if (defined.isEmpty() || defined.get().declared() == Declared.RESERVE_MEM) {
            return;
        }
        BoardDefinition.Ramoops ramoops = defined.get();
        List<MemoryUse> uses = new ArrayList<>();
        Optional<Fact.Known<String>> soc =
                sheet.need(soc(facts), "what boot loader and vendor kernels use on this SoC");
        soc.ifPresent(known -> uses.addAll(MemoryMap.of(known.value())));
        sheet.need(facts.board().cma(), "the CMA of the running kernel").ifPresent(areas -> uses.addAll(areas.value()));
        List<MemoryUse> hit = uses.stream()
                .filter(use -> use.overlaps(ramoops.address(), ramoops.size()))
                .toList();
        if (!hit.isEmpty()) {
            sheet.error(
                    facts.at("ramoops.address"),
                    "%s to %s is used by %s"
                            .formatted(
                                    RamoopsGeometry.hex(ramoops.address()),
                                    RamoopsGeometry.hex(ramoops.address() + ramoops.size()),
                                    hit.stream()
                                            .map(use -> "%s (%s; %s)".formatted(use.what(), use.range(), use.source()))
                                            .collect(Collectors.joining(", and by "))),
                    MemoryMap.advice(soc.map(Fact.Known::value).orElse("")));
        }
    }

    /** As the definition has it, or as the board's device tree says. */
    private static Fact<String> soc(Facts facts) {
        Optional<String> given = facts.definition().machine().soc();
        if (given.isEmpty()) {
            for (String name : facts.board().compatible().known().orElse(List.of())) {
                String soc = name.equals("linux,dummy-virt") ? "qemu-virt" : name.substring(name.indexOf(',') + 1);
                if (MemoryMap.socs().contains(soc)) {
                    return facts.board().compatible().map(names -> soc);
                }
            }
        }
        Fact<String> planned = facts.planned(given, "machine.soc");
        return given.filter(soc -> !MemoryMap.socs().contains(soc)).isPresent()
                ? new Fact.Unknown<>("hil has no memory map of %s, only of %s".formatted(given.get(), MemoryMap.socs()))
                : planned;
    }
}
