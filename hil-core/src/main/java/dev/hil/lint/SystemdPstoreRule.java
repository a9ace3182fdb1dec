package dev.hil.lint;

import java.util.List;
import java.util.Optional;

/** Trap 7: somebody else empties it first. */
final class SystemdPstoreRule extends Rule {
    SystemdPstoreRule() {
        super(
                "systemd-pstore",
                "Records are looked for in both places",
                "systemd-pstore empties /sys/fs/pstore while the board boots, moves the files flat into "
                        + "/var/lib/systemd/pstore and replaces what was there: \"empty, so not captured\" is then false.",
                "systemd-pstore.service(8), pstore.conf(5): Storage=external and Unlink=yes are the defaults");
    }

    private static final String ARCHIVE = "/var/lib/systemd/pstore";

    @Override
    void check(Facts facts, RuleSheet sheet) {
        Optional<List<String>> places = facts.definition().plan().pstore();
        // hil itself looks in both.
        if (!facts.capturesByRamoops() || places.isEmpty() || places.get().contains(ARCHIVE)) {
            return;
        }
        Optional<Boolean> there = facts.board().systemdPstore().known();
        if (there.isEmpty() || there.get()) {
            sheet.error(
                    facts.at("plan.pstore"),
                    "records are looked for in %s only%s"
                            .formatted(
                                    String.join(", ", places.get()),
                                    there.isPresent() ? ", and the board has systemd-pstore" : ""),
                    "plan.pstore = [\"/sys/fs/pstore\", \"%s\"], and match each record to its boot".formatted(ARCHIVE));
        }
    }
}
