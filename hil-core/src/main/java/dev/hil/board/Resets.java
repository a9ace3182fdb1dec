package dev.hil.board;

import dev.hil.link.Command;
import dev.hil.link.Console;
import dev.hil.link.Deadline;
import dev.hil.link.Durations;
import dev.hil.link.KnockPace;
import dev.hil.link.LinkException;
import dev.hil.link.SshShell;
import dev.hil.record.Evidence;
import dev.hil.record.Ledger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;

/** Brings a board from one boot to the next and says how that went. */
final class Resets {
    private static final int CONSOLE_LINES = 15;

    private final BoardConnection connection;
    private final SshShell ssh;
    private final Evidence evidence;
    private final Ledger ledger;

    Resets(BoardConnection connection, SshShell ssh, Evidence evidence, Ledger ledger) {
        this.connection = connection;
        this.ssh = ssh;
        this.evidence = evidence;
        this.ledger = ledger;
    }

    /** Waits for the board to answer at the start of a run. */
    Boot awaitFirstBoot() {
        Deadline deadline = deadline();
        try {
            // A board that is simply there must answer at once; one that was just started may take its time.
            return connection.isThrowAway()
                    ? ssh.reconnect(deadline, pace(0), shell -> Optional.of(Boot.read(shell)))
                    : Boot.read(ssh);
        } catch (LinkException e) {
            if (!connection.isThrowAway() || !e.kind().mayPass()) {
                throw e;
            }
            throw lost("did not come up", deadline, e);
        }
    }

    Reset reboot(Boot before) {
        Consent.toReboot(connection.definition());
        ledger.note("ordered reboot of " + before);
        evidence.event("reboot", "ordered, of " + before.shortId());
        Deadline deadline = deadline();
        long console = consolePosition();
        // Nothing is left attached to the ssh channel: init ends the ssh server before the command would return.
        send(Command.rootScript("sync; as_root reboot </dev/null >/dev/null 2>&1 &"));
        Boot after = awaitNext(before, console, "after an ordered reboot", deadline);
        return new Reset(
                ResetVerdict.ORDERED,
                before,
                after,
                deadline.elapsed(),
                List.of(
                        "this run ordered the reboot",
                        "boot_id changed from %s to %s".formatted(before.id(), after.id())),
                List.of());
    }

    /** A crash that was ordered, and the nonce that the old kernel's log ended with. */
    record Crash(Reset reset, String canary) {}

    Crash crash(Boot before) {
        Consent.toReboot(connection.definition());
        String canary = "hil-canary-"
                + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
        ledger.note("ordered crash (sysrq-c) of " + before);
        evidence.event("crash", "ordered (sysrq-c), of %s, with %s in the log".formatted(before.shortId(), canary));
        Deadline deadline = deadline();
        long console = consolePosition();
        send(Command.rootScript(
                "echo \"<4>$1: crash by sysrq-c ordered\" | as_root tee /dev/kmsg >/dev/null; sync;"
                        + " (sleep 0.1; echo c | as_root tee /proc/sysrq-trigger) </dev/null >/dev/null 2>&1 &",
                canary));
        Boot after = awaitNext(before, console, "after a crash (with panic=0 only a watchdog ends a panic)", deadline);
        Reset reset = new Reset(
                ResetVerdict.UNKNOWN,
                before,
                after,
                deadline.elapsed(),
                List.of("this run ordered a crash", "boot_id changed from %s to %s".formatted(before.id(), after.id())),
                List.of());
        return new Crash(reset, canary);
    }

    /** The verdict on a crash, from what pstore has of it. An old record does not count: the nonce tells. */
    static Reset judge(Crash crash, List<PstoreRecord> records) {
        Reset reset = crash.reset();
        String canary = crash.canary();
        List<String> found = new ArrayList<>(reset.evidence());
        boolean dumped = false;
        for (PstoreRecord record : records) {
            boolean ours = record.text().contains(canary);
            found.add("%s (%s): %s"
                    .formatted(
                            record.path(),
                            record.kind().name().toLowerCase(Locale.ROOT),
                            ours ? "holds the nonce " + canary : "does not hold the nonce " + canary));
            dumped |= ours
                    && record.kind() == PstoreRecord.Kind.DMESG
                    && record.text().contains("Kernel panic");
        }
        if (records.isEmpty()) {
            found.add("nothing under " + Pstore.PLACES);
        }
        return new Reset(
                dumped ? ResetVerdict.DIAGNOSED : ResetVerdict.UNKNOWN,
                reset.before(),
                reset.after(),
                reset.took(),
                found,
                records);
    }

    private void send(Command order) {
        try {
            ssh.exec(order.timeout(Duration.ofSeconds(15))).orThrow();
        } catch (LinkException e) {
            // The board may go down faster than it answers. Whether it did is proven by its boot_id.
            evidence.event("link", "lost while giving the order: " + e.getMessage());
        }
    }

    private Boot awaitNext(Boot before, long console, String when, Deadline deadline) {
        try {
            return ssh.reconnect(
                    deadline,
                    pace(console),
                    shell -> Optional.of(Boot.read(shell))
                            .filter(now -> !now.id().equals(before.id())));
        } catch (LinkException e) {
            if (!e.kind().mayPass()) {
                throw e;
            }
            throw lost("did not come back " + when, deadline, e);
        }
    }

    private long consolePosition() {
        return connection.console().map(Console::position).orElse(0L);
    }

    /** Where there is a console, it tells when knocking at the door makes sense. */
    private Supplier<KnockPace> pace(long position) {
        return connection
                .console()
                .<Supplier<KnockPace>>map(console -> new ConsolePace(console, position))
                .orElse(() -> KnockPace.UNKNOWN);
    }

    private BoardLostException lost(String what, Deadline deadline, LinkException cause) {
        String console = connection
                .console()
                .map(line -> "last on the console (%s):%n%s".formatted(line.name(), line.tail(CONSOLE_LINES)))
                .orElse("there is no console to tell why (no [console] in the definition)");
        return new BoardLostException(
                "board %s %s; waited %s. %s%n%s%nevidence: %s"
                        .formatted(
                                connection.definition().name(),
                                what,
                                Durations.text(deadline.elapsed()),
                                cause.getMessage(),
                                console,
                                evidence.folder()),
                cause);
    }

    private Deadline deadline() {
        return Deadline.in(connection.definition().boot().timeout());
    }
}
