package dev.hil.klog;

import static dev.hil.klog.Category.ATOMIC;
import static dev.hil.klog.Category.HANG;
import static dev.hil.klog.Category.HARNESS;
import static dev.hil.klog.Category.LOCKDEP;
import static dev.hil.klog.Category.MEMORY;
import static dev.hil.klog.Category.OOPS;
import static dev.hil.klog.Category.RACE;
import static dev.hil.klog.Category.RESET;
import static dev.hil.klog.Category.RESOURCE;
import static dev.hil.klog.Category.WARN;
import static dev.hil.klog.Kind.End.CLOSING_RULE;
import static dev.hil.klog.Kind.End.END_TRACE;
import static dev.hil.klog.Kind.End.HELD_LIST;
import static dev.hil.klog.Kind.End.LINE;
import static dev.hil.klog.Kind.End.LOOSE;
import static dev.hil.klog.Kind.End.TRACE;
import static dev.hil.klog.Kind.LockdepAfter.OFF;
import static dev.hil.klog.Kind.LockdepAfter.ON;
import static dev.hil.klog.Severity.BUG;
import static dev.hil.klog.Severity.FATAL;
import static dev.hil.klog.Severity.INFO;
import static dev.hil.klog.Severity.WARNING;

/** What a finding is. The ids of category lockdep follow the functions of kernel/locking/lockdep.c. */
public enum Kind {
    CIRCULAR("circular", LOCKDEP, BUG, OFF, TRACE, "circular locking dependency"),
    RECURSIVE("recursive", LOCKDEP, BUG, OFF, TRACE, "recursive locking"),
    IRQ_ORDER("irq-order", LOCKDEP, BUG, OFF, TRACE, "irq-safe -> irq-unsafe lock order"),
    INCONSISTENT("inconsistent", LOCKDEP, BUG, OFF, TRACE, "inconsistent lock state"),
    IRQ_INVERSION("irq-inversion", LOCKDEP, BUG, OFF, TRACE, "irq lock inversion"),
    WAIT_CONTEXT("wait-context", LOCKDEP, BUG, OFF, TRACE, "invalid wait context"),
    NESTED("nested", LOCKDEP, BUG, OFF, TRACE, "nested lock was not taken"),
    BAD_UNLOCK("bad-unlock", LOCKDEP, BUG, OFF, TRACE, "bad unlock balance"),
    BAD_CONTENTION("bad-contention", LOCKDEP, BUG, OFF, TRACE, "bad contention"),
    HELD_FREED("held-freed", LOCKDEP, BUG, OFF, TRACE, "held lock freed"),
    STILL_HELD("still-held", LOCKDEP, BUG, OFF, TRACE, "task still has locks held"),
    USER_RETURN("user-return", LOCKDEP, BUG, OFF, HELD_LIST, "lock held when returning to user space"),
    SUSP_RCU("susp-rcu", LOCKDEP, BUG, ON, TRACE, "suspicious RCU usage"),
    CHAIN_KEY("chain-key", LOCKDEP, WARNING, OFF, TRACE, "lockdep chain key collision"),
    BFS("bfs", LOCKDEP, WARNING, OFF, END_TRACE, "lockdep search gave up"),
    NON_STATIC_KEY("non-static key", LOCKDEP, BUG, OFF, TRACE, "non-static lock key"),
    KEY_NOT_REGISTERED("key not registered", LOCKDEP, BUG, OFF, END_TRACE, "lock key not registered"),
    SUBCLASS("subclass", LOCKDEP, BUG, OFF, TRACE, "invalid lock subclass"),
    DEBUG_LOCKS_WARN("DEBUG_LOCKS_WARN", LOCKDEP, BUG, OFF, END_TRACE, "lock debugging check failed"),
    RWSEM("rwsem", LOCKDEP, BUG, OFF, END_TRACE, "rwsem debugging check failed"),
    SPINLOCK("spinlock", LOCKDEP, BUG, OFF, TRACE, "spinlock debugging"),
    RTMUTEX("rtmutex", LOCKDEP, BUG, ON, END_TRACE, "rtmutex deadlock"),
    IRQFLAGS("irqflags", LOCKDEP, BUG, ON, END_TRACE, "interrupt flags out of step"),
    PIN("pin", LOCKDEP, BUG, ON, END_TRACE, "pinned lock misused"),
    CLASS_CLASH("class clash", LOCKDEP, BUG, ON, END_TRACE, "two lock classes with one key"),
    LOCK_SELFTEST("lock selftest", LOCKDEP, WARNING, OFF, LINE, "locking self-test failed"),
    PREEMPT("preempt", LOCKDEP, BUG, ON, TRACE, "per-CPU data used in preemptible code"),
    WQ_LEAK("wq leak", LOCKDEP, BUG, ON, TRACE, "workqueue leaked lock or atomic"),
    /** A table of lockdep is full (print_lockdep_off): nothing is proven from here on. */
    CAPACITY("capacity", LOCKDEP, WARNING, OFF, TRACE, "lockdep ran out of space"),
    /** add_taint(…, LOCKDEP_NOW_UNRELIABLE). */
    TAINT_OFF("taint-off", LOCKDEP, WARNING, OFF, LINE, "lock debugging disabled by kernel taint"),
    /** {@code turning off the locking correctness validator.} with the reason lost. */
    LOCKDEP_OFF("lockdep-off", LOCKDEP, WARNING, OFF, TRACE, "lockdep turned itself off"),
    /** A report whose header is lost, known by its body only. */
    LOCKDEP_TORN("torn", LOCKDEP, BUG, OFF, TRACE, "lockdep report without its header"),

    SLEEP("sleep", ATOMIC, BUG, ON, TRACE, "sleeping function called from invalid context"),
    SCHED_ATOMIC("sched-atomic", ATOMIC, BUG, ON, TRACE, "scheduling while atomic"),

    SOFT_LOCKUP("soft-lockup", HANG, BUG, ON, TRACE, "soft lockup"),
    HARD_LOCKUP("hard-lockup", HANG, BUG, ON, TRACE, "hard lockup"),
    RCU_STALL("rcu-stall", HANG, BUG, ON, LOOSE, "RCU stall"),
    HUNG_TASK("hung-task", HANG, BUG, ON, LOOSE, "task hung"),
    WQ_LOCKUP("workqueue-lockup", HANG, BUG, ON, LOOSE, "workqueue lockup"),
    CSD_LOCK("csd-lock", HANG, BUG, ON, LOOSE, "non-responsive CSD lock"),

    PAGE_FAULT("page-fault", OOPS, FATAL, OFF, END_TRACE, "unable to handle kernel paging request"),
    NULL_DEREF("null-deref", OOPS, FATAL, OFF, END_TRACE, "NULL pointer dereference"),
    GPF("gpf", OOPS, FATAL, OFF, END_TRACE, "general protection fault"),
    KERNEL_BUG("kernel-bug", OOPS, FATAL, OFF, END_TRACE, "kernel BUG"),
    STACK_OVERFLOW("stack-overflow", OOPS, FATAL, OFF, END_TRACE, "kernel stack overflow"),
    DOUBLE_FAULT("double-fault", OOPS, FATAL, OFF, END_TRACE, "double fault"),
    SERROR("serror", OOPS, FATAL, OFF, END_TRACE, "SError interrupt"),
    OOPS_OTHER("oops", OOPS, FATAL, OFF, END_TRACE, "oops"),

    PANIC("panic", Category.PANIC, FATAL, OFF, END_TRACE, "kernel panic"),

    WARN_ON("warn", WARN, WARNING, ON, END_TRACE, "WARNING"),
    WARN_TEXT("warning-message", WARN, WARNING, ON, LINE, "WARNING"),
    BUG_TEXT("bug-message", WARN, BUG, ON, LOOSE, "BUG"),
    UNWINDER("unwinder", WARN, INFO, ON, LINE, "stack unwinder"),
    CUT_HERE("cut-here", WARN, WARNING, ON, END_TRACE, "report cut off after its first line"),
    TORN("torn", WARN, WARNING, ON, LINE, "end of a report whose start is lost"),
    NETDEV_WATCHDOG("netdev-watchdog", HANG, WARNING, ON, LINE, "network transmit queue timed out"),
    IRQ_NOBODY_CARED("irq-nobody-cared", WARN, WARNING, ON, LOOSE, "interrupt nobody cared for"),

    KASAN("kasan", MEMORY, BUG, OFF, CLOSING_RULE, "KASAN"),
    KFENCE("kfence", MEMORY, BUG, ON, CLOSING_RULE, "KFENCE"),
    KMSAN("kmsan", MEMORY, BUG, OFF, CLOSING_RULE, "KMSAN"),
    KCSAN("kcsan", RACE, BUG, ON, CLOSING_RULE, "KCSAN"),
    UBSAN("ubsan", MEMORY, BUG, ON, CLOSING_RULE, "UBSAN"),
    SLUB("slub", MEMORY, BUG, OFF, TRACE, "slab corruption"),
    BAD_PAGE("bad-page", MEMORY, BUG, OFF, TRACE, "bad page"),
    PAGE_POISON("page-poison", MEMORY, BUG, ON, TRACE, "poison of a free page overwritten"),
    BAD_PAGE_TABLE("bad-page-table", MEMORY, BUG, ON, LINE, "bad page table entry"),
    REFCOUNT("refcount", MEMORY, BUG, ON, END_TRACE, "reference count"),
    LIST("list-corruption", MEMORY, BUG, ON, LOOSE, "list corruption"),
    ODEBUG("odebug", MEMORY, BUG, ON, END_TRACE, "object life time"),
    USERCOPY("usercopy", MEMORY, BUG, ON, LOOSE, "bad usercopy"),

    LEAK("memory-leak", RESOURCE, BUG, ON, LOOSE, "memory leak"),
    OOM("oom", RESOURCE, WARNING, ON, LOOSE, "out of memory"),
    NETDEV_REFS("netdev-refs", RESOURCE, BUG, ON, LINE, "network device never freed"),
    BUSY_INODES("busy-inodes", RESOURCE, BUG, ON, LINE, "file system objects still in use"),

    /** A kernel starts although the one before neither shut down nor died with a report. */
    SILENT_RESET("silent-reset", RESET, BUG, ON, LINE, "unexpected reboot"),
    /** Firmware starts and no kernel start follows in this log. */
    FIRMWARE_START("firmware-start", RESET, WARNING, ON, LINE, "firmware started, no kernel start seen"),
    WATCHDOG_NOT_STOPPED("watchdog-not-stopped", RESET, INFO, ON, LINE, "watchdog left running"),
    WATCHDOG_PRETIMEOUT("watchdog-pretimeout", RESET, BUG, ON, LINE, "watchdog about to fire"),
    WATCHDOG_FIRED("watchdog-fired", RESET, BUG, ON, LINE, "watchdog fired"),

    TRUSTY("trusty", OOPS, FATAL, ON, LINE, "Trusty OS assertion"),
    /** ramoops could not mend what its memory lost: a report may be missing, or wrong. */
    DAMAGED_RECORD("damaged-record", HARNESS, WARNING, ON, LINE, "stored log is damaged"),
    FUZZER("fuzzer-failure", HARNESS, WARNING, ON, LINE, "syzkaller executor failed");

    /** Whether the kernel still checks locks after such a report. */
    enum LockdepAfter {
        ON,
        OFF
    }

    /** How the end of such a report is known. */
    enum End {
        /** After the last line of its (last) stack trace. */
        TRACE,
        /** At {@code ---[ end trace … ]---}. */
        END_TRACE,
        /** At a line of {@code =====}. */
        CLOSING_RULE,
        /** After the last of the locks held; no stack trace follows. */
        HELD_LIST,
        /** Nothing marks it: at the first line that cannot belong to it. */
        LOOSE,
        /** The report is one line. */
        LINE
    }

    private final String id;
    private final Category category;
    private final Severity severity;
    private final LockdepAfter lockdepAfter;
    private final End end;
    private final String words;

    Kind(String id, Category category, Severity severity, LockdepAfter lockdepAfter, End end, String words) {
        this.id = id;
        this.category = category;
        this.severity = severity;
        this.lockdepAfter = lockdepAfter;
        this.end = end;
        this.words = words;
    }

    /** The stable name used in JSON and in known-issues files. */
    public String id() {
        return id;
    }

    public Category category() {
        return category;
    }

    public Severity severity() {
        return severity;
    }

    /** True when after such a report no lock is checked any more: debug_locks is 0. */
    public boolean turnsLockdepOff() {
        return lockdepAfter == OFF;
    }

    /**
     * True for what lock debugging found; false for what merely ends its work (a full table, a taint), which proves
     * nothing against the kernel but leaves it unproven.
     */
    public boolean isSplat() {
        return category == LOCKDEP
                && this != CAPACITY
                && this != TAINT_OFF
                && this != LOCKDEP_OFF
                && this != BFS
                && this != CHAIN_KEY
                && this != LOCK_SELFTEST;
    }

    End end() {
        return end;
    }

    /** The kind in plain words, the start of a title. */
    String words() {
        return words;
    }
}
