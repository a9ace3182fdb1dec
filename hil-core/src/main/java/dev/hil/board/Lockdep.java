package dev.hil.board;

import dev.hil.link.Command;
import dev.hil.link.ExecResult;
import dev.hil.link.Shell;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the running kernel says of its lock validator, in /proc/lockdep_stats and /proc/sys/kernel/prove_locking
 * (kernel/locking/lockdep_proc.c, lockdep.c). Both are readable by root only.
 *
 * @param state what that amounts to
 * @param reason why, in one sentence
 * @param stats /proc/lockdep_stats as read
 */
public record Lockdep(LockdepState state, String reason, String stats) {
    private static final Pattern DEBUG_LOCKS = Pattern.compile("(?m)^\\s*debug_locks:\\s+(\\d+)\\s*$");
    private static final String STATS = "/proc/lockdep_stats";
    private static final String PROVE = "/proc/sys/kernel/prove_locking";

    /** Reads it from a machine. */
    static Lockdep read(Shell shell) {
        ExecResult stats = shell.exec(Command.of("cat", STATS).root());
        if (!stats.ok()) {
            return blind(
                    "%s cannot be read (%s): lockdep is not compiled in, or root's rights are missing"
                            .formatted(STATS, stats.stderr().strip()),
                    "");
        }
        ExecResult prove = shell.exec(Command.of("cat", PROVE).root());
        return of(stats.text(), prove.ok() ? prove.text() : "");
    }

    static Lockdep of(String stats, String proveLocking) {
        Matcher matcher = DEBUG_LOCKS.matcher(stats);
        if (!matcher.find()) {
            return blind(STATS + " has no line debug_locks", stats);
        }
        if (!matcher.group(1).equals("1")) {
            return blind(
                    "debug_locks is %s: lockdep has turned itself off since this boot began"
                            .formatted(matcher.group(1)),
                    stats);
        }
        if (!proveLocking.equals("1")) {
            return blind(
                    "%s is \"%s\", not 1: locks are tracked but nothing is proven".formatted(PROVE, proveLocking),
                    stats);
        }
        return new Lockdep(LockdepState.PROVEN, "debug_locks is 1 and prove_locking is 1", stats);
    }

    private static Lockdep blind(String reason, String stats) {
        return new Lockdep(LockdepState.BLIND, reason, stats);
    }
}
