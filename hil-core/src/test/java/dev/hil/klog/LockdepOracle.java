package dev.hil.klog;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Says by brute force what a log's first lockdep report is about: regular expressions over the whole text, none of them
 * shared with the scanner.
 */
final class LockdepOracle {

    private static final Map<String, String> KINDS = new LinkedHashMap<>();

    static {
        KINDS.put("possible circular locking dependency", "circular");
        KINDS.put("possible recursive locking detected", "recursive");
        KINDS.put("-safe -> \\S+-unsafe lock order", "irq-order");
        KINDS.put("(?:WARNING|INFO): inconsistent lock state", "inconsistent");
        KINDS.put("possible irq lock inversion", "irq-inversion");
        KINDS.put("Invalid wait context", "wait-context");
        KINDS.put("Nested lock was not taken", "nested");
        KINDS.put("bad unlock balance", "bad-unlock");
        KINDS.put("bad contention detected", "bad-contention");
        KINDS.put("held lock freed!", "held-freed");
        KINDS.put("still has locks held!", "still-held");
        KINDS.put("lock held when returning to user space", "user-return");
        KINDS.put("suspicious RCU usage", "susp-rcu");
        KINDS.put("trying to register non-static key", "non-static key");
        KINDS.put("BUG: (?:spinlock|rwlock) ", "spinlock");
        KINDS.put("BUG: using \\S+ in preemptible", "preempt");
        KINDS.put("workqueue leaked", "wq leak");
        KINDS.put("DEBUG_RWSEMS_WARN_ON", "rwsem");
        KINDS.put("DEBUG_LOCKS_WARN_ON", "DEBUG_LOCKS_WARN");
        KINDS.put("rtmutex deadlock detected", "rtmutex");
        KINDS.put("raw_local_irq_restore", "irqflags");
        KINDS.put("Looking for class", "class clash");
        KINDS.put("releasing a pinned lock|unpinning an|pinning an|pin count corrupted", "pin");
        KINDS.put("kernel/locking/lockdep\\.c", "DEBUG_LOCKS_WARN");
    }

    private static final Pattern WANTED = Pattern.compile(
            "(?:is trying to acquire lock:|is trying to acquire:|is trying to lock:|takes:|just changed the state of lock:"
                    + "|with a lock still held there!)[^\\n]*\\n(?:[^\\n]*\\n){0,3}?[^\\n]*?\\]?(?:\\[[^\\]]*\\])? *(?:[0-9a-f]+ )?\\((\\S+?)\\)\\{");
    private static final Pattern HELD = Pattern.compile(
            "(?:already holding lock:|already holding:|took another, \\S+ lock in the past:|taken by another, \\S+ lock in the past:)"
                    + "[^\\n]*\\n(?:[^\\n]*\\n){0,3}?[^\\n]*?\\]?(?:\\[[^\\]]*\\])? *(?:[0-9a-f]+ )?\\((\\S+?)\\)\\{");
    private static final Pattern RELEASED = Pattern.compile("is trying to release lock \\((.+?)\\) at:");

    private LockdepOracle() {}

    /** The kind whose header comes first in the text, or empty. */
    static String kind(byte[] log) {
        String text = new String(log, StandardCharsets.ISO_8859_1);
        String best = "";
        int first = Integer.MAX_VALUE;
        for (Map.Entry<String, String> kind : KINDS.entrySet()) {
            Matcher matcher = Pattern.compile(kind.getKey()).matcher(text);
            if (matcher.find() && matcher.start() < first) {
                first = matcher.start();
                best = kind.getValue();
            }
        }
        return best;
    }

    /** The lock being taken and the one held, as far as the text has them. */
    static List<String> locks(byte[] log) {
        String text = new String(log, StandardCharsets.ISO_8859_1);
        List<String> locks = new ArrayList<>();
        for (Pattern pattern : List.of(WANTED, HELD, RELEASED)) {
            Matcher matcher = pattern.matcher(text);
            if (matcher.find()) {
                locks.add(normal(matcher.group(1)));
            }
        }
        return locks;
    }

    static String normal(String name) {
        String plain = name.replaceFirst("#\\d+", "").replaceFirst("^&\\(&(.*)\\)->rlock$", "&$1");
        return plain.startsWith("(w") ? plain.replaceAll("\\d+", "") : plain;
    }
}
