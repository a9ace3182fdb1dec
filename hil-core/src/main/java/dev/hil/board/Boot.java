package dev.hil.board;

import dev.hil.link.Command;
import dev.hil.link.InfrastructureException;
import dev.hil.link.Recording;
import dev.hil.link.Shell;
import java.time.Duration;
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
                    "/proc/cmdline")
            .maxOutput(64 * 1024);
    /** Field length of struct utsname (include/uapi/linux/utsname.h). */
    private static final int LONGEST_NAME = 64;

    private static final Pattern NAME = Pattern.compile("[\\x20-\\x7e]{1," + LONGEST_NAME + "}");

    /**
     * Reads the boot that a machine is in.
     *
     * @throws InfrastructureException where what answers is no Linux
     */
    public static Boot read(Shell shell) {
        return read(shell, Command.DEFAULT_TIMEOUT);
    }

    /** As {@link #read(Shell)}, within a time limit. */
    static Boot read(Shell shell, Duration limit) {
        String answer = shell.exec(READ.timeout(limit)).orThrow().text();
        List<String> lines = answer.lines().toList();
        if (lines.size() != 5 || !BOOT_ID.matcher(lines.get(0)).matches()) {
            throw unlike(shell, "no boot_id", answer);
        }
        for (String name : List.of(lines.get(1), lines.get(2))) {
            if (!NAME.matcher(name).matches()) {
                throw unlike(shell, "no kernel release and version of at most 64 printable characters", answer);
            }
        }
        return new Boot(lines.get(0), lines.get(1), lines.get(2), lines.get(3), lines.get(4));
    }

    private static InfrastructureException unlike(Shell shell, String what, String answer) {
        return new InfrastructureException(
                "%s answers, but does not look like Linux: %s in \"%s\". Is this the right machine?"
                        .formatted(shell.name(), what, Recording.excerpt(answer)));
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
