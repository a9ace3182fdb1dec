package dev.hil.klog;

import java.util.List;

/** What a person would grep a kernel log for: 40 extended regular expressions. */
final class GrepPatterns {

    static final List<String> FORTY = List.of(
            "WARNING: possible circular locking dependency",
            "WARNING: possible recursive locking",
            "-safe -> [A-Z-]+-unsafe lock order",
            "inconsistent lock state",
            "possible irq lock inversion",
            "BUG: Invalid wait context",
            "Nested lock was not taken",
            "bad unlock balance",
            "held lock freed",
            "still has locks held",
            "lock held when returning to user space",
            "suspicious RCU usage",
            "trying to register non-static key",
            "DEBUG_LOCKS_WARN_ON",
            "BUG: (spinlock|rwlock) ",
            "BUG: using .* in preemptible",
            "BUG: MAX_[A-Z_]+ too low",
            "turning off the locking correctness validator",
            "Disabling lock debugging",
            "BUG: sleeping function called",
            "BUG: scheduling while atomic",
            "BUG: soft lockup",
            "detected hard LOCKUP",
            "rcu_(preempt|sched|bh) (self-)?detected",
            "INFO: task .* blocked for more than",
            "BUG: workqueue lockup",
            "BUG: KASAN",
            "BUG: KFENCE",
            "BUG: KCSAN",
            "UBSAN:",
            "refcount_t:",
            "list_(add|del) corruption",
            "BUG: Bad page",
            "[Uu]nable to handle",
            "general protection fault",
            "[kK]ernel BUG at",
            "Internal error:",
            "Oops:",
            "Kernel panic - not syncing",
            "WARNING: (CPU: [0-9]+ PID|.* at [^ ]+, CPU)");

    private GrepPatterns() {}
}
