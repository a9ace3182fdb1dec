package dev.hil.board;

import dev.hil.link.Command;
import dev.hil.link.ExecResult;
import dev.hil.link.InfrastructureException;
import dev.hil.link.LinkException;
import dev.hil.record.Evidence;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * Tries out what of a board's log survives which class of reset, and keeps the result. Each try resets the board; the
 * definition's consent is asked for as for any reboot.
 */
public final class Qualifier {
    /** A watchdog of a minute is long; what is not reset by then has no watchdog. */
    private static final Duration BITE = Duration.ofMinutes(2);

    private static final int NO_MEANS = 44;
    /** The process that holds the watchdog, which must not be init: a stopped init stops everything. */
    private static final String STOP_PETTING = "for p in /proc/[0-9]*; do n=${p#/proc/}; [ \"$n\" = 1 ] && continue;"
            + " as_root ls -l \"$p/fd\" 2>/dev/null | grep -q '/dev/watchdog' && { as_root kill -STOP \"$n\"; exit 0; }; done;"
            + " exit 44";
    /** The kernel's own crash test module where it is built in, else the one of hil's emulated board. */
    private static final String LOCK_UP = "d=/sys/kernel/debug; as_root mount -t debugfs none $d 2>/dev/null;"
            + " as_root modprobe hil_sabotage 2>/dev/null; t=;"
            + " as_root test -e $d/hil_sabotage/run && t=\"wedge $d/hil_sabotage/run\";"
            + " [ -n \"$t\" ] || { as_root test -e $d/provoke-crash/DIRECT && t=\"HARDLOCKUP $d/provoke-crash/DIRECT\"; };"
            + " [ -n \"$t\" ] || exit 44; sync;"
            + " (sleep 0.2; echo ${t%% *} | as_root tee ${t#* } >/dev/null) </dev/null >/dev/null 2>&1 &";

    private final Board board;
    private final Path file;

    private Qualifier(Board board, Path file) {
        this.board = board;
        this.file = file;
    }

    /** For a board of an open session. */
    public static Qualifier of(Board board) {
        Evidence evidence = board.evidence();
        return new Qualifier(board, Qualification.file(evidence.home(), board.name()));
    }

    /** What was tried out so far, and holds for the board as it is. */
    public Qualification known() {
        String key = Qualification.key(board.shell());
        Qualification table =
                Qualification.read(file, key).orElseGet(() -> new Qualification(board.name(), key, Map.of()));
        keep(table);
        return table;
    }

    /**
     * Tries one class of reset out and keeps what came back.
     *
     * @return how it went; empty where there is no means to bring such a reset about on this board
     * @throws BoardLostException where the board does not come back
     */
    public Optional<Reset> tryOut(ResetClass reset) {
        Consent.toReboot(board.definition());
        board.watch().drain(Duration.ofSeconds(20));
        board.evidence().event("qualify", "trying out: " + reset);
        int known = board.watch().resets().size();
        Optional<Reset> seen = switch (reset) {
            case ORDERED_REBOOT -> Optional.of(board.reboot());
            case PANIC -> Optional.of(board.crash());
            case LOCKUP -> provoke(LOCK_UP, reset, known);
            case WATCHDOG -> provoke(STOP_PETTING, reset, known);
            case POWER_CUT ->
                board.power().map(power -> {
                    power.cycle();
                    return next(known);
                });
        };
        if (seen.isEmpty()) {
            board.evidence().event("qualify", "there is no means to bring about: " + reset);
            return seen;
        }
        if (board.watch().resets().size() > known) {
            board.watch().acknowledge("the board was reset to qualify its capture: " + reset);
        }
        Qualification table = known().with(reset, Qualification.Row.of(seen.get()));
        table.write(file);
        keep(table);
        board.evidence().write("qualification.txt", table.table());
        return seen;
    }

    /** What holds for the board as it is belongs to the run that asked. */
    private void keep(Qualification table) {
        if (!table.rows().isEmpty()) {
            board.evidence().write("qualification.json", table.json());
        }
    }

    /** This one, and not an earlier one that nobody had ordered either. */
    private Reset next(int known) {
        board.verdict();
        return board.watch().resets().get(known);
    }

    private Optional<Reset> provoke(String script, ResetClass reset, int known) {
        Boot before = board.boot();
        try {
            ExecResult result = board.exec(Command.rootScript(script).timeout(Duration.ofSeconds(30)));
            if (result.exitCode() == NO_MEANS) {
                return Optional.empty();
            }
        } catch (LinkException e) {
            board.evidence().event("qualify", "the link was lost at once: " + e.getMessage());
        }
        if (!board.watch().awaitResets(known + 1, BITE)) {
            throw new InfrastructureException(
                    "board %s, %s: no reset within %s of \"%s\": is its watchdog armed? Look at it; it may hang."
                            .formatted(board.name(), before, BITE, reset));
        }
        return Optional.of(next(known));
    }
}
