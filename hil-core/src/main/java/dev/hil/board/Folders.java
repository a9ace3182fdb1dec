package dev.hil.board;

import dev.hil.link.Command;
import dev.hil.link.InfrastructureException;
import dev.hil.link.Shell;
import java.time.Duration;
import java.util.Optional;

/**
 * Whole folders of a machine, such as a kernel's modules, that must survive a loss of power: a folder has its name only
 * when all of it is on the disk.
 */
public final class Folders {
    private static final Duration LIMIT = Duration.ofMinutes(5);

    /** Files by their content, links by their target, folders by their name; owners and times do not count. */
    private static final String LIST = "cd \"$1\" && export LC_ALL=C && l=$(find . -type f -exec sha256sum -- {} + &&"
            + " find . -type l -exec sh -c 'for f; do printf \"%s -> %s\\n\" \"$f\" \"$(readlink -- \"$f\")\"; done' sh {} + &&"
            + " find . ! -type f ! -type l) && printf '%s\\n' \"$l\" | sort | sha256sum";

    private static final String COPY =
            "set -e; p=\"$2.hil-part\"; as_root rm -rf -- \"$p\"; as_root cp -a -- \"$1\" \"$p\"; sync;"
                    + " as_root mv -- \"$p\" \"$2\"; sync";

    /** Beside its place first, so that nothing but a rename lies between the old folder and the new one. */
    private static final String SWAP = "set -e; as_root rm -rf -- \"$1.hil-old\";"
            + " if [ -e \"$1\" ]; then as_root mv -- \"$1\" \"$1.hil-old\"; fi;"
            + " as_root mv -- \"$2\" \"$1\"; sync; as_root rm -rf -- \"$1.hil-old\"; sync";

    private static final String OWN = "as_root() { \"$@\"; }; ";

    private final Shell shell;
    private final boolean asRoot;

    Folders(Shell shell, boolean asRoot) {
        this.shell = shell;
        this.asRoot = asRoot;
    }

    /** One checksum over all that is in a folder; empty where it is not there. */
    public Optional<String> sha256(String path) {
        if (!exists(path)) {
            return Optional.empty();
        }
        return Optional.of(run(LIST, path).split(" ", 2)[0]);
    }

    /** Whether there is a folder. */
    public boolean exists(String path) {
        // Folders above a module tree can be passed by everybody, so no rights are asked for to look.
        return shell.exec(Command.of("test", "-d", path)).ok();
    }

    /**
     * Copies a folder beside itself.
     *
     * @throws InfrastructureException where the copy has another checksum than the original
     */
    public void copy(String from, String to) {
        run(COPY, from, to);
        if (!sha256(from).equals(sha256(to))) {
            throw new InfrastructureException("the copy %s on %s is not as %s".formatted(to, shell.name(), from));
        }
    }

    /** Removes a folder with all that is in it, and what an interrupted copy of it has left. */
    void remove(String path) {
        run("as_root rm -rf -- \"$1\" \"$1.hil-part\" \"$1.hil-old\" && sync", path);
        if (exists(path)) {
            throw new InfrastructureException("%s on %s is still there".formatted(path, shell.name()));
        }
    }

    /** Puts a backup back in place; does nothing where that was done already. */
    void restore(String path, String backup, String sha256) {
        Optional<String> kept = sha256(backup);
        if (kept.isPresent()) {
            if (!kept.get().equals(sha256)) {
                throw new InfrastructureException("the backup %s on %s has the checksum %s, not the recorded %s"
                        .formatted(backup, shell.name(), kept.get(), sha256));
            }
            run(SWAP, path, backup);
        }
        run("as_root rm -rf -- \"$1.hil-part\" \"$2.hil-part\" \"$1.hil-old\"; sync", path, backup);
        String now = sha256(path).orElse("nothing");
        if (!now.equals(sha256)) {
            throw new InfrastructureException(
                    "%s on %s has the checksum %s, not the recorded %s, and its backup %s is gone"
                            .formatted(path, shell.name(), now, sha256, backup));
        }
    }

    private String run(String script, String... values) {
        Command command = asRoot ? Command.rootScript(script, values) : Command.script(OWN + script, values);
        return shell.exec(command.timeout(LIMIT)).orThrow().text();
    }
}
