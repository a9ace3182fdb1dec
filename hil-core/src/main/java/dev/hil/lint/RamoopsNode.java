package dev.hil.lint;

import dev.hil.board.BoardDefinition;
import dev.hil.boot.RamoopsGeometry;
import java.util.Optional;

/** The device-tree node that a definition asks for, as advice. */
final class RamoopsNode {
    private RamoopsNode() {}

    static String of(BoardDefinition definition) {
        Optional<BoardDefinition.Ramoops> defined = definition.ramoops();
        String place = MemoryMap.advice(definition.machine().soc().orElse(""));
        boolean inTheWay = defined.isEmpty()
                || MemoryMap.of(definition.machine().soc().orElse("")).stream()
                        .anyMatch(use -> use.overlaps(
                                defined.get().address(), defined.get().size()));
        if (inTheWay) {
            return "a node of /reserved-memory with compatible = \"ramoops\", at " + place;
        }
        BoardDefinition.Ramoops ramoops = defined.get();
        return ("a node of /reserved-memory: ramoops@%x { compatible = \"ramoops\"; reg = <0x0 %s 0x0 %s>; record-size ="
                        + " <%s>; console-size = <%s>; pmsg-size = <%s>; ecc-size = <%d>; };")
                .formatted(
                        ramoops.address(),
                        RamoopsGeometry.hex(ramoops.address()),
                        RamoopsGeometry.hex(ramoops.size()),
                        RamoopsGeometry.hex(ramoops.record().orElse(0x10000L)),
                        RamoopsGeometry.hex(ramoops.console().orElse(0x40000L)),
                        RamoopsGeometry.hex(ramoops.pmsg().orElse(0x10000L)),
                        ramoops.ecc().filter(bytes -> bytes > 1).orElse(RamoopsGeometry.ECC_FOR_ONE));
    }
}
