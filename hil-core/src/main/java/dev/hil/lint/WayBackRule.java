package dev.hil.lint;

import dev.hil.board.BoardDefinition;

/** Trap 15: no way back. */
final class WayBackRule extends Rule {
    WayBackRule() {
        super(
                "way-back",
                "There is a way back from a kernel that does not come up",
                "extlinux has no one-shot entry: while the kernel under test is on trial it is DEFAULT, and "
                        + "if it hangs in early boot every reset boots it again. Without a serial console nobody can "
                        + "choose another label.",
                "U-Boot boot/pxe_utils.c; doc/api/bootcount: bootlimit and altbootcmd, where they are built " + "in");
    }

    @Override
    void check(Facts facts, RuleSheet sheet) {
        BoardDefinition definition = facts.definition();
        boolean restarts = definition.provider().equals("virtual");
        if (restarts
                || definition.console().isPresent()
                || definition.plan().recovery().isPresent()) {
            return;
        }
        sheet.error(
                facts.at("boot.test"),
                "label \"%s\" becomes DEFAULT while it is on trial, there is no [console], and nothing says how the board"
                                .formatted(definition.boot().test())
                        + " comes back if that kernel hangs",
                "plan.recovery = \"how a person gets it back without the network\", such as a recovery stick or a card"
                        + " reader; or a [console] and somebody at it. hil restores DEFAULT \"%s\" when the run ends"
                                .formatted(definition.boot().safe()));
    }
}
