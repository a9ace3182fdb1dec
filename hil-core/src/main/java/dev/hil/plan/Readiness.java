package dev.hil.plan;

import dev.hil.board.Board;
import dev.hil.board.BoardDefinition;
import dev.hil.board.Consent;
import dev.hil.link.Command;
import dev.hil.link.ExecResult;
import dev.hil.link.Recording;
import dev.hil.link.Shell;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Before a plan that takes hours begins: room on the disks, rights, programs, and the consent of whoever uses the board.
 *
 * @param findings what would stop the plan later, each with what to do
 * @param users who is logged in on the board
 */
public record Readiness(List<String> findings, List<String> users) {
    private static final List<String> ON_BOARD = List.of(
            "cat",
            "cmp",
            "cp",
            "df",
            "dmesg",
            "find",
            "gzip",
            "modprobe",
            "mv",
            "reboot",
            "rm",
            "sha256sum",
            "stat",
            "sync",
            "tar",
            "tee");
    private static final List<String> FOR_BUILDING =
            List.of("bc", "bison", "flex", "git", "make", "mktemp", "nproc", "perl", "readelf", "sha256sum");
    private static final String MISSING =
            "PATH=$PATH:/usr/sbin:/sbin; for p; do command -v \"$p\" >/dev/null || echo \"$p\"; done";
    private static final String FREE = "for p; do case $p in '~/'*) p=$HOME/${p#??};; esac; df -Pk \"$p\"; done";

    /**
     * The kernel looks at its mask of allowed keys for the keyboard only; root may write any to the trigger
     * (Documentation/admin-guide/sysrq.rst). So it has to be there, and to be writable.
     */
    private static final String SYSRQ = "as_root test -e /proc/sysrq-trigger";

    private static final Pattern DF = Pattern.compile("\\S+\\s+\\d+\\s+\\d+\\s+(\\d{1,15})\\s+\\S+\\s+(/.*)");
    private static final long BOOT_MIB = 128;
    /** A build with debugging options that begins from nothing; one whose objects lie there needs less. */
    private static final long TREE_MIB = 2048;

    public Readiness {
        findings = List.copyOf(findings);
        users = List.copyOf(users);
    }

    /**
     * Looks at a board and at the machine that builds for it.
     *
     * @throws dev.hil.link.InfrastructureException where somebody's consent is needed for reboots and is not given
     */
    public static Readiness of(Board board) {
        Consent.toReboot(board.definition());
        List<String> findings = new ArrayList<>();
        rights(board).ifPresent(findings::add);
        room(board.shell(), List.of("/boot", "/lib/modules"), BOOT_MIB, findings);
        missing(board.shell(), ON_BOARD).ifPresent(findings::add);
        board.definition().kernel().ifPresent(kernel -> {
            room(board.buildHost(), List.of(kernel.build().orElse(kernel.tree())), TREE_MIB, findings);
            List<String> programs = new ArrayList<>(FOR_BUILDING);
            programs.add(compiler(kernel));
            missing(board.buildHost(), programs).ifPresent(findings::add);
        });
        List<String> users = board.exec("who")
                .text()
                .lines()
                .map(line -> Recording.excerpt(line.strip()))
                .filter(line -> !line.isEmpty())
                .limit(20)
                .toList();
        return new Readiness(findings, users);
    }

    private static Optional<String> rights(Board board) {
        ExecResult sysrq = board.exec(Command.rootScript(SYSRQ));
        if (sysrq.ok()) {
            return Optional.empty();
        }
        return Optional.of(
                sysrq.stderr().contains("sudo")
                        ? "root's rights are refused on %s: %s. docs/rights.md has the rules for sudo"
                                .formatted(
                                        board.name(),
                                        Recording.excerpt(sysrq.stderr().strip()))
                        : "%s has no /proc/sysrq-trigger, so step 1.8a cannot crash it: build with MAGIC_SYSRQ=y"
                                .formatted(board.name()));
    }

    private static void room(Shell machine, List<String> places, long leastMib, List<String> findings) {
        ExecResult answer = machine.exec(Command.script(FREE, places.toArray(String[]::new)));
        List<Matcher> known =
                answer.text().lines().map(DF::matcher).filter(Matcher::matches).toList();
        if (known.size() < places.size()) {
            findings.add("how much room is left in %s of %s cannot be told: %s"
                    .formatted(
                            String.join(", ", places),
                            machine.name(),
                            Recording.excerpt(answer.stderr().strip())));
        }
        for (Matcher disk : known) {
            long mib = Long.parseLong(disk.group(1)) >> 10;
            if (mib < leastMib) {
                findings.add("%s of %s has %d MiB left, and %d MiB are needed: make room"
                        .formatted(Recording.excerpt(disk.group(2)), machine.name(), mib, leastMib));
            }
        }
    }

    /** As the kernel's Makefile puts it together. */
    private static String compiler(BoardDefinition.Kernel kernel) {
        String cross = "";
        for (String argument : kernel.make()) {
            if (argument.startsWith("CC=")) {
                String[] words = argument.substring("CC=".length()).split(" ", -1);
                return words[words.length - 1];
            }
            if (argument.startsWith("CROSS_COMPILE=")) {
                cross = argument.substring("CROSS_COMPILE=".length());
            }
        }
        return cross + "gcc";
    }

    private static Optional<String> missing(Shell machine, List<String> programs) {
        String missing = machine.exec(Command.script(MISSING, programs.toArray(String[]::new)))
                .orThrow()
                .text()
                .replace('\n', ' ');
        return missing.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        "%s lacks programs that are needed: %s".formatted(machine.name(), Recording.excerpt(missing)));
    }
}
