package dev.hil.board;

import dev.hil.link.Command;
import dev.hil.link.Console;
import dev.hil.link.Durations;
import dev.hil.link.ExecResult;
import dev.hil.link.InfrastructureException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Looks a board over and changes nothing of it, except that its kernel log gets a few lines of hil's. */
public final class Checkup {
    /** How a check came out. */
    public enum Outcome {
        OK,
        /** Something will not work, or not be seen. */
        PROBLEM,
        /** Worth knowing. */
        NOTE
    }

    /**
     * One check.
     *
     * @param name what was looked at
     * @param outcome how it came out
     * @param text what was found, and what to do where that is not well
     */
    public record Check(String name, Outcome outcome, String text) {}

    private static final String TOOLS =
            "PATH=$PATH:/usr/sbin:/sbin; for p in \"$@\"; do command -v \"$p\" >/dev/null || echo \"$p\"; done";
    private static final Duration DRAIN = Duration.ofSeconds(20);
    private static final Duration FACTS = Duration.ofSeconds(20);

    private final Board board;
    private final List<Check> checks = new ArrayList<>();

    private Checkup(Board board) {
        this.board = board;
    }

    /** Looks a board over. */
    public static List<Check> of(Board board) {
        Checkup checkup = new Checkup(board);
        checkup.look();
        return List.copyOf(checkup.checks);
    }

    private void look() {
        add("reach", Outcome.OK, "ssh answers: %s".formatted(board.boot()));
        rights();
        tools();
        log();
        board.watch()
                .facts(FACTS)
                .ifPresentOrElse(
                        facts -> checks.addAll(judge(facts, board.definition().capture())),
                        () -> add(
                                "facts",
                                Outcome.PROBLEM,
                                "what must be known of the boot could not be read; the events say why"));
        console();
        Lockdep lockdep = board.lockdep();
        add(
                "lockdep",
                Outcome.NOTE,
                "of the kernel that runs now: %s: %s".formatted(lockdep.state(), lockdep.reason()));
        qualification();
    }

    private void add(String name, Outcome outcome, String text) {
        checks.add(new Check(name, outcome, text));
    }

    private void rights() {
        ExecResult root = board.exec(Command.of("cat", "/proc/sys/kernel/prove_locking", "/proc/uptime")
                .root());
        boolean refused = root.stderr().contains("sudo");
        add(
                "rights",
                refused ? Outcome.PROBLEM : Outcome.OK,
                refused
                        ? "root's rights are refused: %s. Allow them to sudo without a password, or log in as root."
                                .formatted(root.stderr().strip())
                        : "commands that need it get root's rights");
    }

    private void tools() {
        ExecResult missing = board.exec(Command.script(
                TOOLS, "sh", "cat", "tee", "find", "stat", "sha256sum", "sync", "reboot", "cp", "mv", "rm", "dmesg"));
        add(
                "tools",
                missing.text().isEmpty() ? Outcome.OK : Outcome.PROBLEM,
                missing.text().isEmpty()
                        ? "the board has the programs that hil calls"
                        : "the board lacks: " + missing.text().replace('\n', ' '));
    }

    private void log() {
        Drain drain = board.watch().drain(DRAIN);
        add("kernel log", drain.complete() ? Outcome.OK : Outcome.PROBLEM, drain.why());
        List<String> unseen = board.bootLog().unseen();
        add(
                "whole log",
                unseen.isEmpty() ? Outcome.OK : Outcome.NOTE,
                unseen.isEmpty()
                        ? "the log of this boot was read from its first line on"
                        : "of this boot's log: " + String.join("; ", unseen));
    }

    /** What a boot's facts mean for what is to be seen of it, and captured. */
    static List<Check> judge(BootFacts facts, BoardDefinition.Capture capture) {
        List<Check> checks = new ArrayList<>();
        boolean ramoops = capture == BoardDefinition.Capture.RAMOOPS;
        boolean backed = facts.backend().equals("ramoops");
        checks.add(new Check(
                "ramoops",
                backed ? Outcome.OK : ramoops ? Outcome.PROBLEM : Outcome.NOTE,
                backed
                        ? "the kernel's pstore uses ramoops%s"
                                .formatted(facts.pmsgWritten() ? ", and /dev/pmsg0 takes messages" : "; no /dev/pmsg0")
                        : "the kernel's pstore uses %s: nothing survives a reset there"
                                .formatted(facts.backend().isEmpty() ? "nothing" : facts.backend())));
        boolean unknown = facts.consoleLevel() < 0;
        checks.add(new Check(
                "console level",
                unknown ? Outcome.NOTE : facts.showsWarnings() ? Outcome.OK : Outcome.PROBLEM,
                unknown
                        ? "the console level could not be read: whether the kernel's warnings reach the consoles is not known"
                        : facts.showsWarnings()
                                ? "warnings, and so lockdep's reports, reach the consoles"
                                : ("the console level is %d: the kernel's warnings, suspicious RCU usage among them, reach neither console"
                                                + " nor console-ramoops."
                                                + " Boot with loglevel=7 or ignore_loglevel, without quiet.")
                                        .formatted(facts.consoleLevel())));
        boolean restarts = facts.panicTimeout() != 0 || facts.armed().isPresent();
        checks.add(new Check(
                "panic",
                restarts ? Outcome.OK : Outcome.PROBLEM,
                facts.panicTimeout() != 0
                        ? "the kernel restarts by itself after a panic"
                        : restarts
                                ? "kernel.panic is 0: only the watchdog ends a panic"
                                : "kernel.panic is 0 and no watchdog is armed: a panic stops the board for good"));
        checks.add(new Check(
                "watchdog",
                facts.armed().isPresent() ? Outcome.OK : Outcome.NOTE,
                facts.armed()
                        .map(dog -> "\"%s\" is armed, %s".formatted(dog.identity(), Durations.text(dog.timeout())))
                        .orElse("no watchdog is known to be armed: a hang stays a hang")));
        return checks;
    }

    private void console() {
        Optional<Console> console = board.console();
        boolean serial = board.definition().capture() == BoardDefinition.Capture.SERIAL;
        if (console.isEmpty()) {
            add("console", serial ? Outcome.PROBLEM : Outcome.NOTE, "there is no serial console");
            return;
        }
        boolean carries = board.watch().consoleCarries();
        add(
                "console",
                carries ? Outcome.OK : serial ? Outcome.PROBLEM : Outcome.NOTE,
                carries
                        ? "%s shows what the kernel logs"
                                .formatted(console.get().name())
                        : "%s is open, but did not show what was written to the kernel's log"
                                .formatted(console.get().name()));
    }

    private void qualification() {
        try {
            Qualification known = Qualifier.of(board).known();
            if (known.rows().isEmpty()) {
                add(
                        "qualification",
                        Outcome.NOTE,
                        "what survives a reset of this board has not been tried out with its present firmware, device tree"
                                + " and pstore settings: hil doctor --qualify");
                return;
            }
            boolean captures = known.survives(ResetClass.PANIC) && known.survives(ResetClass.WATCHDOG);
            add(
                    "qualification",
                    captures ? Outcome.OK : Outcome.NOTE,
                    "%s with the present firmware, device tree and pstore settings:%n%s"
                            .formatted(
                                    captures
                                            ? "the log survives a panic and the watchdog, as tried out"
                                            : "the log is not known to survive both a panic and the watchdog, as tried out",
                                    known.table().stripTrailing()));
        } catch (InfrastructureException e) {
            add("qualification", Outcome.PROBLEM, String.valueOf(e.getMessage()));
        }
    }
}
