package dev.hil.board;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What hil asks root's rights for on a board, program by program: the whole list, for people who give them by sudo.
 * Arguments are POSIX extended regular expressions over all arguments joined by blanks, as sudoers has them from sudo
 * 1.9.10 on; none lets a blank or {@code ..} into a path.
 */
public final class RootRights {
    private static final String NAME = "/[A-Za-z0-9_+@~-][A-Za-z0-9_.+@~-]*";
    private static final String BOOT = "/boot(" + NAME + ")+";
    private static final String MODULE = "(/usr)?/lib/modules(" + NAME + ")+";
    private static final String RECORD = "(/sys/fs/pstore|/var/lib/systemd/pstore)(" + NAME + "){1,3}";

    private final List<Right> rights;

    private RootRights(List<Right> rights) {
        this.rights = List.copyOf(rights);
    }

    /**
     * One program.
     *
     * @param program its name
     * @param arguments what its arguments must match; empty where it has none
     * @param why what it is for
     */
    public record Right(String program, String arguments, String why) {}

    /** What is asked for on a board. */
    public static RootRights of(BoardDefinition definition) {
        String menu = definition.boot().menu().replaceAll("[^A-Za-z0-9_/-]", "\\\\$0");
        String file = "(" + menu + "|" + MODULE + ")";
        String part = "(" + menu + "|" + MODULE + ")\\.hil-part";
        List<Right> rights = new ArrayList<>();
        add(rights, "cat", "/dev/kmsg", "follows the kernel's log");
        add(
                rights,
                "cat",
                "/proc/(lockdep_stats|iomem|sys/kernel/(prove_locking|tainted|random/boot_id))",
                "asks the lock validator whether it proves anything, and what memory is reserved");
        add(
                rights,
                "cat",
                "(-- )?(" + menu + "|" + BOOT + ")",
                "reads the boot menu, kernels and their configurations");
        add(rights, "cat", "-- " + RECORD, "copies what survived a reset");
        add(
                rights,
                "cat",
                "/sys/module/[a-z0-9_]+/notes/\\.note\\.gnu\\.build-id",
                "proves which build of a module runs");
        add(rights, "cat", "/sys/module/ramoops/parameters/[a-z_]+", "reads how ramoops is set up");
        add(rights, "ls", "/sys/fs/pstore", "tells whether records can be read");
        add(rights, "dmesg", "", "looks where the kernel put its CMA area");
        add(rights, "kill", "[0-9]+", "ends the program that follows the kernel's log");
        add(rights, "test", "-[eLfr] [^ ]+", "looks for files before anything is changed");
        add(rights, "stat", "-L -c %s -- (" + menu + "|" + BOOT + "|" + RECORD + ")", "bounds what is copied");
        add(rights, "stat", "-c %(u:%g|a) -- " + file, "keeps owner and mode of what is replaced");
        add(rights, "sha256sum", "-- (" + file + "(\\.hil-part)?|" + BOOT + "|" + RECORD + ")", "checks each copy");
        add(rights, "readlink", "-f -- " + file, "keeps a link a link");
        add(rights, "tee", "-- " + part, "writes beside the old file");
        add(rights, "tee", "/dev/(kmsg|pmsg0)", "leaves a mark that must come back after a reset");
        add(rights, "tee", "/proc/sysrq-trigger", "crashes the kernel where a test orders it");
        add(rights, "chown", "[0-9]+:[0-9]+ -- " + part, "keeps the owner");
        add(rights, "chmod", "[0-7]+ -- " + part, "keeps the mode");
        add(rights, "cp", "-p -- " + file + " " + part, "makes a backup on the board");
        add(rights, "cp", "-a -- " + MODULE + " " + MODULE, "makes a backup of a module tree on the board");
        add(rights, "cmp", "-s -- " + file + " " + part, "checks the backup");
        add(rights, "mv", "(-f )?-- (" + file + "|" + part + ") " + file, "puts the new file, or a backup, in place");
        add(rights, "rm", "-f -- (" + file + "|" + part + ")", "takes away what was put there");
        add(rights, "rm", "-rf --( " + MODULE + ")+", "takes away a module tree that was put there");
        add(rights, "rm", "-- " + RECORD, "clears records whose copies are safe");
        add(
                rights,
                "find",
                "(/sys/fs/pstore|/var/lib/systemd/pstore) -maxdepth 3 -type f -print0 -exec stat -c %s %Y -- \\{\\} ;"
                        + " -exec sha256sum -- \\{\\} ; -exec printf \\\\0 ;",
                "lists what survived a reset");
        add(
                rights,
                "debugfs",
                "-D -R (show_super_stats -h|cat \"" + NAME + "(" + NAME + ")*\") /dev/[a-z0-9/-]+",
                "reads the boot menu from the disk as a boot loader would");
        add(
                rights,
                "journalctl",
                "-b [0-9a-f]{32} -n 100 -o short-monotonic --no-pager",
                "reads the end of the boot that was reset");
        add(rights, "modprobe", "-- [a-z0-9_]+", "loads the module that was built");
        add(rights, "sync", "", "brings what was written to the disk");
        add(rights, "reboot", "", "reboots where a test orders it");
        return new RootRights(rights);
    }

    private static void add(List<Right> rights, String program, String arguments, String why) {
        rights.add(new Right(program, arguments, why));
    }

    /** The list. */
    public List<Right> rights() {
        return rights;
    }

    /** Whether a program with these arguments, joined by blanks, is on the list. */
    public boolean allow(String program, String arguments) {
        return rights.stream()
                .anyMatch(right -> right.program().equals(program) && arguments.matches(right.arguments()));
    }

    /** The list as rules for sudo 1.9.10 or later. */
    public String sudoers(String user) {
        String commands = rights.stream()
                .map(right -> "    %s %s"
                        .formatted(
                                path(right.program()),
                                right.arguments().isEmpty()
                                        ? "\"\""
                                        : "^" + right.arguments().replace("#", "\\#") + "$"))
                .collect(Collectors.joining(", \\\n"));
        return "Cmnd_Alias HIL = \\\n" + commands + "\n" + user + " ALL = (root) NOPASSWD: HIL\n";
    }

    private static String path(String program) {
        boolean system = List.of("debugfs", "modprobe", "reboot").contains(program);
        return (system ? "/usr/sbin/" : "/usr/bin/") + program;
    }

    /** The list as a table for a page. */
    public String table() {
        return rights.stream()
                .map(right -> "| `%s` | %s | %s |\n"
                        .formatted(
                                right.program(),
                                right.arguments().isEmpty()
                                        ? "none"
                                        : "`" + right.arguments().replace("|", "\\|") + "`",
                                right.why()))
                .collect(Collectors.joining("", "| program | arguments | why |\n|---|---|---|\n", ""));
    }
}
