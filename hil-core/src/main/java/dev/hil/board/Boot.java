package dev.hil.board;

import dev.hil.link.Command;
import dev.hil.link.InfrastructureException;
import dev.hil.link.Shell;
import java.util.List;
import java.util.regex.Pattern;

/**
 * One run of a kernel on the board.
 *
 * @param id /proc/sys/kernel/random/boot_id, made anew by each boot: the only identity that needs no clock
 * @param release {@code uname -r}
 * @param version {@code uname -v}; holds the build nonce where hil built the kernel
 * @param banner /proc/version, the line that also heads the kernel's log
 * @param commandLine /proc/cmdline
 */
public record Boot(String id, String release, String version, String banner, String commandLine) {
    private static final Pattern BOOT_ID = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
    /** One process: on a board that has just booted each costs milliseconds, under emulation tens of them. */
    private static final Command READ = Command.of(
            "cat",
            "/proc/sys/kernel/random/boot_id",
            "/proc/sys/kernel/osrelease",
            "/proc/sys/kernel/version",
            "/proc/version",
            "/proc/cmdline");

    /**
     * Reads the boot that a machine is in.
     *
     * @throws InfrastructureException where what answers is no Linux
     */
    public static Boot read(Shell shell) {
        List<String> lines = shell.exec(READ).orThrow().text().lines().toList();
        if (lines.size() != 5 || !BOOT_ID.matcher(lines.get(0)).matches()) {
            throw new InfrastructureException(
                    "%s answers, but does not look like Linux: no boot_id in \"%s\". Is this the right machine?"
                            .formatted(shell.name(), String.join("\\n", lines)));
        }
        return new Boot(lines.get(0), lines.get(1), lines.get(2), lines.get(3), lines.get(4));
    }

    /** The first part of the id, for people. */
    public String shortId() {
        return id.substring(0, 8);
    }

    @Override
    public String toString() {
        return "boot %s of %s %s".formatted(shortId(), release, version);
    }
}
