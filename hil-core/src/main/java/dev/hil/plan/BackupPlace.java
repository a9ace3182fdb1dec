package dev.hil.plan;

import dev.hil.link.Command;
import dev.hil.link.ExecResult;
import dev.hil.link.FileTransfer;
import dev.hil.link.InfrastructureException;
import dev.hil.link.Recording;
import dev.hil.link.Shell;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A folder of a machine in which backups lie. All is done with the user's own rights; what is put there is for the user
 * alone, since it may come from files that only root can read.
 *
 * @param shell the machine
 * @param folder its absolute path there
 * @param freeKib KiB that were free when it was opened
 * @param bootId which boot of which machine it is
 */
record BackupPlace(Shell shell, String folder, long freeKib, String bootId) {
    private static final Duration LIMIT = Duration.ofMinutes(10);
    private static final String OPEN = "umask 077; case $1 in '~/'*) d=$HOME/${1#??};; *) d=$1;; esac;"
            + " mkdir -p -- \"$d\" && cd -- \"$d\" && touch .hil && pwd && df -Pk . && cat /proc/sys/kernel/random/boot_id";
    private static final String NOTE =
            "umask 077; cd -- \"$1\" && printf '%s  %s\\n' \"$3\" \"$2\" > \"$2.sha256.hil-part\""
                    + " && mv -f -- \"$2.sha256.hil-part\" \"$2.sha256\" && sync";
    private static final Pattern SUM = Pattern.compile("([0-9a-f]{64})  .*");
    private static final Pattern DF = Pattern.compile("(?m)^\\S+\\s+\\d+\\s+\\d+\\s+(\\d{1,15})\\s+\\S+\\s+/.*$");
    private static final Pattern UUID = Pattern.compile("[0-9a-f-]{36}");

    /**
     * Makes the folder if it is not there, and looks at it.
     *
     * @throws InfrastructureException where that is not possible
     */
    static BackupPlace open(Shell shell, String folder) {
        ExecResult answer = shell.exec(Command.script(OPEN, folder)).orThrow();
        List<String> lines = answer.text().lines().toList();
        Matcher free = DF.matcher(answer.text());
        String last = lines.isEmpty() ? "" : lines.get(lines.size() - 1);
        if (lines.size() < 3
                || !lines.get(0).startsWith("/")
                || !free.find()
                || !UUID.matcher(last).matches()) {
            throw new InfrastructureException("%s: the folder %s cannot be looked at: %s"
                    .formatted(shell.name(), folder, Recording.excerpt(answer.text())));
        }
        return new BackupPlace(shell, lines.get(0), Long.parseLong(free.group(1)), last);
    }

    String path(String name) {
        return folder + "/" + name;
    }

    /** The checksum of a backup that was put there whole and has not changed since; empty where there is none. */
    Optional<String> verified(String name) {
        ExecResult noted = shell.exec(Command.of("cat", "--", path(name) + ".sha256"));
        Matcher matcher = SUM.matcher(noted.text());
        return noted.ok()
                        && matcher.matches()
                        && sum(name).filter(matcher.group(1)::equals).isPresent()
                ? Optional.of(matcher.group(1))
                : Optional.empty();
    }

    /** The checksum of a file; empty where it is not there. */
    Optional<String> sum(String name) {
        return shell.exec(Command.of("test", "-f", path(name))).ok()
                ? Optional.of(FileTransfer.sha256(shell, path(name), LIMIT, false))
                : Optional.empty();
    }

    /** Notes beside a backup that it was found to be whole. */
    void note(String name, String sha256) {
        shell.exec(Command.script(NOTE, folder, name, sha256)).orThrow();
    }

    void remove(String name) {
        shell.exec(Command.of("rm", "-f", "--", path(name), path(name) + ".sha256"))
                .orThrow();
    }

    /** Makes sure that there is room before anything is begun. */
    void requireRoom(long bytes, String key) {
        long needed = (bytes >> 10) + SPARE_KIB;
        if (freeKib < needed) {
            throw new InfrastructureException(
                    "the backups need %d MiB in %s on %s, and it has %d MiB left. Make room there, or name another folder: %s. Nothing was written."
                            .formatted(needed >> 10, folder, shell.name(), freeKib >> 10, key));
        }
    }

    /** Room that must be left over. */
    private static final long SPARE_KIB = 16 << 10;
}
