package dev.hil.board;

import dev.hil.link.InfrastructureException;
import java.util.List;

/** Someone may be using the board: what the definition asks consent for is never assumed. */
final class Consent {
    private Consent() {}

    static void toReboot(BoardDefinition definition) {
        List<String> given = List.of(System.getProperty("hil.consent", "").split(","));
        if (definition.attended().askBeforeReboot() && !given.contains("reboot")) {
            throw new InfrastructureException(
                    ("%s says attended.reboot = \"ask\": board %s is not rebooted without consent. Ask whoever uses it,"
                                    + " then run again with -Dhil.consent=reboot.")
                            .formatted(definition.file(), definition.name()));
        }
    }
}
