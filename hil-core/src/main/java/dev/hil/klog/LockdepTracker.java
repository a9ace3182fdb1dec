package dev.hil.klog;

import dev.hil.klog.LockdepState.Verdict;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What lock debugging was worth in one boot: whether it started, what it found, what ended it, how full it was. */
final class LockdepTracker {

    /** What the banner calls a table, and what /proc/lockdep_stats does (kernel/locking/lockdep_proc.c). */
    private static final Map<String, String> NAMES = Map.of(
            "MAX_LOCKDEP_KEYS", "lock-classes",
            "MAX_LOCKDEP_ENTRIES", "direct dependencies",
            "MAX_LOCKDEP_CHAINS", "dependency chains",
            "MAX_LOCK_DEPTH", "locking depth");

    private static final Pattern SIZE = Pattern.compile("^\\.\\.\\. (\\w+): +(\\d{1,12})$");
    private static final Pattern USED =
            Pattern.compile("^ *([a-z][a-z -]{1,40}?)(?: used)?: +(\\d{1,12}) \\[max: (\\d{1,12})\\]$");
    private static final Pattern DEPTH = Pattern.compile("^ *max locking depth: +(\\d{1,12})$");
    private static final Pattern DEBUG_LOCKS = Pattern.compile("^ *debug_locks: +0$");

    private final Map<String, LockdepTable> tables = new TreeMap<>();
    private long bannerLine = -1;
    private long offLine = -1;
    private String offReason = "";
    private long splatLine = -1;

    void banner(long line) {
        bannerLine = line;
    }

    /** Lockdep went off; what comes later adds nothing. */
    void off(long line, String reason) {
        if (offLine < 0) {
            offLine = line;
            offReason = reason;
        }
    }

    void splat(long line) {
        if (splatLine < 0) {
            splatLine = line;
        }
    }

    /** A line of the banner that names a size, or one of /proc/lockdep_stats that says how much of it is taken. */
    void table(Message message) {
        String text = message.text();
        Matcher size = SIZE.matcher(text);
        Matcher used = USED.matcher(text);
        Matcher depth = DEPTH.matcher(text);
        if (size.find()) {
            String name = NAMES.get(size.group(1));
            if (name != null) {
                tables.put(name, new LockdepTable(name, -1, Long.parseLong(size.group(2))));
            }
        } else if (used.find()) {
            String name = used.group(1);
            tables.put(name, new LockdepTable(name, Long.parseLong(used.group(2)), Long.parseLong(used.group(3))));
        } else if (depth.find()) {
            LockdepTable known = tables.get("locking depth");
            if (known != null) {
                tables.put(known.name(), new LockdepTable(known.name(), Long.parseLong(depth.group(1)), known.max()));
            }
        } else if (DEBUG_LOCKS.matcher(text).find()) {
            off(message.line(), text.strip());
        }
    }

    LockdepState state() {
        Verdict verdict = splatLine >= 0
                ? Verdict.SPLAT
                : offLine >= 0 ? Verdict.BLIND : bannerLine >= 0 ? Verdict.PROVEN_POSSIBLE : Verdict.NOT_SEEN;
        return new LockdepState(verdict, bannerLine, offLine, offReason, splatLine, List.copyOf(tables.values()));
    }
}
