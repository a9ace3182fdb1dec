package dev.hil.lint;

import dev.hil.board.BoardDefinition.Ramoops.Declared;
import dev.hil.boot.CommandLine;
import dev.hil.boot.RamoopsGeometry;
import java.util.Optional;

/** Trap 4: decay is quiet. */
final class RamoopsEccRule extends Rule {
    RamoopsEccRule() {
        super(
                "ramoops-ecc",
                "ramoops corrects errors, and reports them",
                "DRAM loses bits over a reset. Without error correction a record with a lost signature is "
                        + "taken for none at all (\"no valid data in buffer\" is printed at debug level), and any other "
                        + "is read with its errors.",
                "fs/pstore/ram_core.c, persistent_ram_post_init and persistent_ram_init_ecc; ramoops.ecc: 1 "
                        + "stands for 16 bytes");
    }

    @Override
    void check(Facts facts, RuleSheet sheet) {
        if (facts.definition().ramoops().isEmpty() || !facts.capturesByRamoops()) {
            return;
        }
        sheet.need(ecc(facts), "whether ramoops corrects errors").ifPresent(ecc -> {
            if (ecc.value() == 0) {
                sheet.warning(
                        ecc.from(),
                        "ramoops has no error correction",
                        "ecc-size = <16> in the device tree's node and ramoops.ecc = 16 in the definition; ramoops.ecc=1 on"
                                + " a command line means the same");
            } else if (ecc.value() == 1 && facts.definition().ramoops().get().declared() == Declared.DEVICE_TREE) {
                sheet.warning(
                        ecc.from(), "1 byte of error correction: only on the command line is 1 a special value", "16");
            }
        });
    }

    private static Fact<Long> ecc(Facts facts) {
        Optional<Long> defined = facts.definition().ramoops().orElseThrow().ecc();
        if (defined.isPresent()) {
            return facts.planned(defined, "ramoops.ecc");
        }
        Optional<CommandLine> line = facts.plannedCommandLine().known();
        if (line.isPresent() && line.get().has("ramoops.mem_size")) {
            try {
                long ecc =
                        RamoopsGeometry.of(line.get()).map(RamoopsGeometry::ecc).orElse(0L);
                return new Fact.Known<>(ecc, facts.at("plan.append"));
            } catch (NumberFormatException e) {
                return new Fact.Unknown<>("a parameter of ramoops in plan.append is no number to the kernel");
            }
        }
        Optional<ReservedRegion> node = facts.board()
                .reserved()
                .known()
                .flatMap(nodes ->
                        nodes.stream().filter(ReservedRegion::isRamoops).findFirst());
        return node.isPresent()
                ? facts.board().reserved().map(nodes -> node.get().number("ecc-size"))
                : facts.planned(defined, "ramoops.ecc");
    }
}
