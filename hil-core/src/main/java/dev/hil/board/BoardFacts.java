package dev.hil.board;

import dev.hil.link.Command;
import dev.hil.link.ExecResult;
import dev.hil.link.InfrastructureException;
import dev.hil.link.Recording;
import dev.hil.link.Shell;
import dev.hil.record.Evidence;

/** What kind of board it is and what it boots with, for the index of the evidence. Nothing depends on it. */
final class BoardFacts {
    /** A line {@code NAME=VALUE} each; strings of a device tree end with a NUL, lists of them have several. */
    private static final String READ =
            "s() { [ -r \"$2\" ] && { printf '%s=' \"$1\"; tr '\\000\\n' '  ' < \"$2\"; echo; }; };"
                    + " d=/proc/device-tree; s model $d/model; s compatible $d/compatible; s serial $d/serial-number;"
                    + " s u-boot $d/chosen/u-boot,version; s bootargs $d/chosen/bootargs; s os-release /etc/os-release;"
                    + " s dmi /sys/class/dmi/id/product_name; s bios /sys/class/dmi/id/bios_version;"
                    + " s meminfo /proc/meminfo | cut -c1-60; echo \"uname=$(uname -a)\"; :";

    private BoardFacts() {}

    static void note(Evidence evidence, Shell shell, Boot boot) {
        evidence.fact("board: boot_id", boot.id());
        evidence.fact("board: /proc/version", boot.banner());
        evidence.fact("board: /proc/cmdline", boot.commandLine());
        try {
            ExecResult result = shell.exec(Command.script(READ));
            for (String line : result.stdout().split("\n", -1)) {
                int equals = line.indexOf('=');
                if (equals > 0 && line.substring(0, equals).matches("[a-z-]{1,20}")) {
                    evidence.fact(
                            "board: " + line.substring(0, equals),
                            Recording.clean(line.substring(equals + 1)).strip());
                }
            }
        } catch (InfrastructureException e) {
            evidence.event("facts", "the board was not asked what it is: " + e.getMessage());
        }
    }
}
