package dev.hil.board;

import dev.hil.klog.Category;
import dev.hil.link.Command;
import dev.hil.link.Console;
import dev.hil.link.Deadline;
import dev.hil.link.Durations;
import dev.hil.link.KnockPace;
import dev.hil.link.LinkException;
import dev.hil.link.SshShell;
import dev.hil.record.Evidence;
import dev.hil.record.Ledger;
import dev.hil.record.Progress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;
import java.util.function.Supplier;

/** Brings a board from one boot to the next and says how that went. */
final class Resets {
    private static final int CONSOLE_LINES = 15;
    private static final Duration SHORTEST_ANSWER = Duration.ofSeconds(1);

    private final BoardConnection connection;
    private final SshShell ssh;
    private final Evidence evidence;
    private final Ledger ledger;
    private final BoardWatch watch;

    Resets(BoardConnection connection, SshShell ssh, Evidence evidence, Ledger ledger, BoardWatch watch) {
        this.connection = connection;
        this.ssh = ssh;
        this.evidence = evidence;
        this.ledger = ledger;
        this.watch = watch;
    }

    /** Waits for the board to answer at the start of a run. */
    Boot awaitFirstBoot() {
        Deadline deadline = deadline();
        try (var phase = evidence.progress().begin("boot", "boot", "waiting for the board to answer")) {
            phase.live(this::lastOnConsole);
            // A board that is simply there must answer at once; one that was just started may take its time.
            return connection.isThrowAway()
                    ? ssh.reconnect(
                            deadline, pace(0, 0), shell -> Optional.of(Boot.read(shell, answerWithin(deadline))))
                    : Boot.read(ssh);
        } catch (LinkException e) {
            if (!connection.isThrowAway() || !e.kind().mayPass()) {
                throw e;
            }
            throw lost("did not come up", deadline, e);
        }
    }

    /**
     * Another boot was reached.
     *
     * @param after the boot
     * @param took from the order to its first answer
     */
    record Passage(Boot after, Duration took) {}

    /**
     * Orders a reboot and waits for the next boot. What led there is for {@link Aftermath} to find out.
     *
     * @param loader what is to be done at the boot loader, given the console's position before the reboot
     */
    Passage reboot(Boot before, LongConsumer loader) {
        Consent.toReboot(connection.definition());
        ledger.note("ordered reboot of " + before);
        evidence.event("reboot", "ordered, of " + before.shortId());
        Deadline deadline = deadline();
        long console = consolePosition();
        watch.leaving(true);
        // Nothing is left attached to the ssh channel: init ends the ssh server before the command would return.
        send(Command.rootScript("sync; (as_root reboot) </dev/null >/dev/null 2>&1 &"));
        loader.accept(console);
        Boot after = awaitNext("reboot", before, console, "after an ordered reboot", deadline);
        return new Passage(after, deadline.elapsed());
    }

    /** Crashes the kernel by sysrq-c and waits for the next boot. */
    Passage crash(Boot before, Canary canary) {
        Consent.toReboot(connection.definition());
        ledger.note("ordered crash (sysrq-c) of " + before);
        evidence.event("crash", "ordered (sysrq-c), of %s, with %s".formatted(before.shortId(), canary.text()));
        Deadline deadline = deadline();
        long console = consolePosition();
        watch.leaving(true);
        send(Command.rootScript(
                "echo \"<4>$1: crash by sysrq-c ordered\" | as_root tee /dev/kmsg >/dev/null; sync;"
                        + " (sleep 0.1; echo c | as_root tee /proc/sysrq-trigger) </dev/null >/dev/null 2>&1 &",
                canary.text()));
        Boot after = awaitNext(
                "crash", before, console, "after a crash (with panic=0 only a watchdog ends a panic)", deadline);
        return new Passage(after, deadline.elapsed());
    }

    /**
     * Waits for a board that was brought back, for as long as a boot may take.
     *
     * @throws LinkException at the deadline
     */
    Boot awaitRescued(long console) {
        Deadline deadline = deadline();
        return ssh.reconnect(
                deadline, pace(console, console), shell -> Optional.of(Boot.read(shell, answerWithin(deadline))));
    }

    /**
     * Waits until the board answers, in whatever boot.
     *
     * @param reached where its console's recording stood when its last boot was reached
     * @param lost where it stood when that boot was lost
     * @throws LinkException at the deadline
     */
    Boot awaitAnswer(Deadline deadline, long reached, long lost) {
        if (ssh.isConnected()) {
            try {
                return Boot.read(ssh);
            } catch (LinkException e) {
                evidence.event("link", "lost: " + e.getMessage());
            }
        }
        return ssh.reconnect(deadline, pace(reached, lost), shell -> Optional.of(Boot.read(shell)));
    }

    /**
     * Waits until the board answers, for as long as a boot may take.
     *
     * @throws BoardLostException if it does not
     */
    Boot awaitAnswer(long reached) {
        Deadline deadline = deadline();
        try {
            return awaitAnswer(deadline, reached, consolePosition());
        } catch (LinkException e) {
            if (!e.kind().mayPass()) {
                throw e;
            }
            throw lost("does not answer", deadline, e);
        }
    }

    private void send(Command order) {
        try {
            ssh.exec(order.timeout(Duration.ofSeconds(15))).orThrow();
        } catch (LinkException e) {
            // The board may go down faster than it answers. Whether it did is proven by its boot_id.
            evidence.event("link", "lost while giving the order: " + e.getMessage());
        }
    }

    private Boot awaitNext(String kind, Boot before, long console, String when, Deadline deadline) {
        Progress.Phase phase = evidence.progress()
                .begin(kind, kind, "%s: waiting for another boot than %s".formatted(kind, before.shortId()))
                .live(this::lastOnConsole);
        try (phase) {
            return ssh.reconnect(
                    deadline,
                    pace(console, console),
                    shell -> Optional.of(Boot.read(shell, answerWithin(deadline)))
                            .filter(now -> !now.id().equals(before.id())));
        } catch (LinkException e) {
            phase.failed();
            if (!e.kind().mayPass()) {
                throw e;
            }
            throw lost("did not come back " + when, deadline, e);
        }
    }

    private String lastOnConsole() {
        return connection.console().map(line -> "console: " + line.tail(1)).orElse("");
    }

    /** A board that takes a command and never answers it must not stretch the wait for the board. */
    private static Duration answerWithin(Deadline deadline) {
        Duration left = deadline.atMost(Command.DEFAULT_TIMEOUT);
        return left.compareTo(SHORTEST_ANSWER) < 0 ? SHORTEST_ANSWER : left;
    }

    long consolePosition() {
        return connection.console().map(Console::position).orElse(0L);
    }

    /** Where there is a console, it tells when knocking at the door makes sense. */
    private Supplier<KnockPace> pace(long reached, long lost) {
        return connection
                .console()
                .<Supplier<KnockPace>>map(console -> new ConsolePace(console, reached, lost))
                .orElse(() -> KnockPace.UNKNOWN);
    }

    private BoardLostException lost(String what, Deadline deadline, LinkException cause) {
        String console = connection
                .console()
                .map(line -> "last on the console (%s):%n%s".formatted(line.name(), line.tail(CONSOLE_LINES)))
                .orElse("there is no console to tell why (no [console] in the definition)");
        return new BoardLostException(
                "board %s %s; waited %s. %s%s%n%s%nevidence: %s"
                        .formatted(
                                connection.definition().name(),
                                what,
                                Durations.text(deadline.elapsed()),
                                cause.getMessage(),
                                diagnosis(),
                                console,
                                evidence.folder()),
                cause);
    }

    /** What was seen last of a board that is gone: death, a hang, or nothing at all. */
    private String diagnosis() {
        List<Sighting> all = watch.sightings();
        for (int i = all.size() - 1; i >= 0; i--) {
            Sighting sighting = all.get(i);
            Category category = sighting.kind().category();
            if (category == Category.PANIC || category == Category.OOPS) {
                return "%nThe last that was seen of it is that its kernel died: %s".formatted(sighting);
            }
            if (category == Category.HANG) {
                return "%nThe last that was seen of it is a hang: %s".formatted(sighting);
            }
        }
        return "";
    }

    private Deadline deadline() {
        return Deadline.in(connection.definition().boot().timeout());
    }
}
