package dev.hil.klog;

import java.util.Locale;

/** The broad sort of a finding. */
public enum Category {
    /** Everything the lock debugging code says: lockdep, spinlock and mutex debugging, preemptible per-CPU use. */
    LOCKDEP,
    /** Sleeping or scheduling where it is forbidden. */
    ATOMIC,
    /** Soft and hard lockups, RCU stalls, hung tasks. */
    HANG,
    /** The kernel hit an exception, or a BUG(). */
    OOPS,
    /** panic() without an oops before it. */
    PANIC,
    /** WARN() and other messages that call themselves a warning. */
    WARN,
    /** Memory used wrongly: KASAN, KFENCE, KMSAN, SLUB, reference counts, lists. */
    MEMORY,
    /** Data races: KCSAN. */
    RACE,
    /** Something used up, leaked or not let go. */
    RESOURCE,
    /** A boot that nobody ordered, and what watchdogs say. */
    RESET,
    /** The test harness and its evidence, not the kernel. */
    HARNESS;

    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }
}
