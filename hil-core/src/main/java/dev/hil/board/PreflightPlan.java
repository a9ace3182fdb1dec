package dev.hil.board;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What is looked at and put by before a board's kernel is touched, as its definition's {@code [preflight]} has it: the
 * steps 0.1 to 0.5 of an iter6-style plan.
 *
 * @param backup what is put by; empty where nothing is said of it, which the plan does not take for nothing
 * @param present the series whose patches the kernel tree must hold already
 * @param absent the series of which it must hold none
 * @param autoLoginChecked whether the owner says that nobody is logged in automatically, for a display manager whose
 *     settings hil cannot read
 */
public record PreflightPlan(Optional<Backup> backup, List<Path> present, List<Path> absent, boolean autoLoginChecked) {

    /** A definition that says nothing of it. */
    public static final PreflightPlan NONE = new PreflightPlan(Optional.empty(), List.of(), List.of(), false);

    public PreflightPlan {
        present = List.copyOf(present);
        absent = List.copyOf(absent);
    }

    /**
     * What is put by, and where.
     *
     * @param modules directories with modules on the board; {@code {safe}} and {@code {test}} stand for the releases of
     *     the two kernels
     * @param boot files that the board boots with; empty for those that the safe label names
     * @param folder on the board; may begin with {@code ~/}
     * @param host the second host, whatever {@code ssh HOST} means to OpenSSH; empty for this lab host
     * @param hostFolder the folder there; empty for one beside the board's runs
     */
    public record Backup(
            List<String> modules,
            Optional<List<String>> boot,
            String folder,
            Optional<String> host,
            Optional<String> hostFolder) {
        public Backup {
            modules = List.copyOf(modules);
        }
    }
}
