package dev.hil.klog;

import dev.hil.klog.Rule.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The messages of Linux 4.x to 7.2 that start a report, in the order in which they are tried. Message strings as
 * printed by kernel/locking, kernel/watchdog*.c, kernel/rcu, kernel/hung_task.c, kernel/panic.c, mm, lib and arch.
 */
final class Rules {

    static final List<Rule> REPORTS = reports();

    private Rules() {}

    private static List<Rule> reports() {
        List<Rule> rules = new ArrayList<>();
        lockdepHeaders(rules);
        lockdepLines(rules);
        atomicAndHangs(rules);
        memory(rules);
        oopses(rules);
        warnings(rules);
        resources(rules);
        lockdepBodies(rules);
        generic(rules);
        return List.copyOf(rules);
    }

    private static void lockdepHeaders(List<Rule> rules) {
        start(rules, Kind.CIRCULAR, "possible circular locking", "(?:WARNING|INFO): possible circular locking");
        start(rules, Kind.RECURSIVE, "possible recursive locking", "(?:WARNING|INFO): possible recursive locking");
        start(rules, Kind.IRQ_ORDER, "-unsafe lock order", "(?:WARNING|INFO): \\S+-safe -> \\S+-unsafe lock order");
        start(rules, Kind.INCONSISTENT, "inconsistent lock state", "(?:WARNING|INFO): inconsistent lock state");
        start(
                rules,
                Kind.IRQ_INVERSION,
                "possible irq lock inversion",
                "(?:WARNING|INFO): possible irq lock inversion");
        start(rules, Kind.WAIT_CONTEXT, "Invalid wait context", "(?:BUG|WARNING): Invalid wait context");
        start(rules, Kind.NESTED, "Nested lock was not taken", "(?:BUG|WARNING): Nested lock was not taken");
        start(rules, Kind.BAD_UNLOCK, "bad unlock balance", "(?:BUG|WARNING): bad unlock balance");
        start(rules, Kind.BAD_CONTENTION, "bad contention detected", "(?:BUG|WARNING): bad contention detected");
        start(rules, Kind.HELD_FREED, "held lock freed!", "(?:BUG|WARNING): held lock freed!");
        start(rules, Kind.STILL_HELD, "still has locks held", "(?:BUG|WARNING): .*still has locks held");
        start(
                rules,
                Kind.USER_RETURN,
                "lock held when returning to user space",
                "(?:BUG|WARNING): lock held when returning to user space");
        start(rules, Kind.SUSP_RCU, "suspicious RCU usage", "(?:WARNING|INFO): suspicious RCU usage");
        start(rules, Kind.CHAIN_KEY, "chain_key collision", "chain_key collision ?\\]?");
    }

    private static void lockdepLines(List<Rule> rules) {
        headline(rules, Kind.BFS, "lockdep bfs error", "lockdep bfs error");
        headline(rules, Kind.BFS, "Increase LOCKDEP_CIRCULAR_QUEUE_BITS", "Increase LOCKDEP_CIRCULAR_QUEUE_BITS");
        start(rules, Kind.NON_STATIC_KEY, "non-static key", "INFO: trying to register non-static key");
        start(rules, Kind.KEY_NOT_REGISTERED, "has not been registered!", "BUG: key .*has not been registered!");
        start(rules, Kind.KEY_NOT_REGISTERED, "not in .data!", "BUG: key .*not in \\.data!");
        start(rules, Kind.SUBCLASS, "looking up invalid subclass", "BUG: looking up invalid subclass");
        headline(rules, Kind.DEBUG_LOCKS_WARN, "DEBUG_LOCKS_WARN_ON(", "DEBUG_LOCKS_WARN_ON\\(");
        headline(rules, Kind.RWSEM, "DEBUG_RWSEMS_WARN_ON(", "DEBUG_RWSEMS_WARN_ON\\(");
        start(rules, Kind.SPINLOCK, "BUG: spinlock ", "BUG: spinlock [a-zA-Z]");
        start(rules, Kind.SPINLOCK, "BUG: rwlock", "BUG: rwlock[- ][a-zA-Z]");
        start(rules, Kind.SPINLOCK, "-lock lockup", "BUG: (?:read|write|spin)-lock lockup");
        headline(rules, Kind.RTMUTEX, "rtmutex deadlock detected", "rtmutex deadlock detected");
        start(rules, Kind.RTMUTEX, "circular locking deadlock detected", "BUG: circular locking deadlock detected");
        start(rules, Kind.RTMUTEX, "Maximum lock depth", "^Maximum lock depth \\d+ reached");
        headline(
                rules,
                Kind.IRQFLAGS,
                "called with IRQs enabled",
                "raw_local_irq_restore\\(\\) called with IRQs enabled");
        headline(rules, Kind.IRQFLAGS, "left hardirqs enabled!", "CPU \\d+ left hardirqs enabled!");
        headline(rules, Kind.PIN, "pinned lock", "(?:releasing a pinned|unpinning an unpinned) lock");
        headline(rules, Kind.PIN, "pinning an unheld lock", "pinning an unheld lock");
        headline(rules, Kind.PIN, "pin count corrupted", "pin count corrupted");
        headline(rules, Kind.PIN, "downgrading a read lock", "downgrading a read lock");
        headline(rules, Kind.CLASS_CLASH, "Looking for class ", "Looking for class .*with key");
        start(rules, Kind.LOCK_SELFTEST, "unexpected failures (out of", "BUG: +\\d+ unexpected failures \\(out of");
        start(rules, Kind.PREEMPT, "BUG: using ", "BUG: using \\S+ in preemptible");
        start(rules, Kind.WQ_LEAK, "workqueue leaked", "BUG: workqueue leaked");
        start(rules, Kind.CAPACITY, "BUG: MAX_", "BUG: MAX_(?:LOCK|STACK_TRACE)\\w* too low");
        start(rules, Kind.TAINT_OFF, "Disabling lock debugging", "Disabling lock debugging due to kernel taint");
    }

    private static void atomicAndHangs(List<Rule> rules) {
        start(rules, Kind.SLEEP, "sleeping function called from", "BUG: sleeping function called from");
        start(rules, Kind.SCHED_ATOMIC, "scheduling while atomic", "BUG: scheduling while atomic");
        start(rules, Kind.SCHED_ATOMIC, "in a non-blocking section", "BUG: scheduling in a non-blocking section");
        start(rules, Kind.SCHED_ATOMIC, "BUG: assuming ", "BUG: assuming (?:atomic|non migratable) context");
        start(rules, Kind.SOFT_LOCKUP, "BUG: soft lockup", "BUG: soft lockup");
        start(rules, Kind.HARD_LOCKUP, "hard LOCKUP", "detected hard LOCKUP");
        start(rules, Kind.HARD_LOCKUP, "Hard LOCKUP", "^watchdog: CPU \\d+ Hard LOCKUP");
        String stall =
                "\\brcu\\w* (?:self-)?detected (?:expedited )?stalls?[ ,]|\\brcu\\w* (?:self-)?detected stall\\(s\\)"
                        + "|\\brcu_tasks\\w* detected stalls";
        start(rules, Kind.RCU_STALL, "detected stall", stall);
        start(rules, Kind.RCU_STALL, "detected expedited stall", stall);
        start(rules, Kind.RCU_STALL, "kthread starved for", "rcu_\\w+ kthread starved for");
        start(
                rules,
                Kind.HUNG_TASK,
                "INFO: task ",
                "INFO: task .*(?:blocked (?:in I/O wait )?for more than|can't die for more than) \\d+ seconds");
        start(rules, Kind.WQ_LOCKUP, "BUG: workqueue lockup", "BUG: workqueue lockup");
        start(rules, Kind.CSD_LOCK, "non-responsive CSD lock", "csd: .*non-responsive CSD lock");
        headline(rules, Kind.NETDEV_WATCHDOG, "NETDEV WATCHDOG", "NETDEV WATCHDOG: .*timed out");
    }

    private static void memory(List<Rule> rules) {
        start(rules, Kind.KASAN, "BUG: KASAN", "BUG: KASAN: ");
        start(rules, Kind.KFENCE, "BUG: KFENCE", "BUG: KFENCE: ");
        start(rules, Kind.KCSAN, "BUG: KCSAN", "BUG: KCSAN: ");
        start(rules, Kind.KMSAN, "BUG: KMSAN", "BUG: KMSAN: ");
        headline(rules, Kind.UBSAN, "UBSAN: ", "^UBSAN: \\S");
        headline(
                rules,
                Kind.REFCOUNT,
                "refcount_t: ",
                "^refcount_t: (?:saturated|addition|underflow|decrement|increment)");
        headline(rules, Kind.LIST, "list_add", "\\blist_add\\w* (?:corruption|double add|attempted on)");
        headline(rules, Kind.LIST, "list_del", "\\blist_del\\w* corruption");
        headline(rules, Kind.ODEBUG, "ODEBUG: ", "^ODEBUG: \\S+ .*object");
        headline(rules, Kind.USERCOPY, "usercopy: ", "usercopy: (?:[Kk]ernel memory|Bad or missing)");
        headline(rules, Kind.USERCOPY, "usercopy whitelist", "usercopy whitelist");
        start(rules, Kind.SLUB, "(Tainted: ", "^BUG \\S.*\\(Tainted: .*\\)(?:: |$)");
        start(rules, Kind.SLUB, "(Not tainted)", "^BUG \\S.*\\(Not tainted\\)(?:: |$)");
        start(rules, Kind.SLUB, "slab error in ", "^slab error in \\w+\\(\\)");
        start(rules, Kind.SLUB, "Slab corruption", "^Slab corruption\\b");
        start(rules, Kind.SLUB, "slab: double free detected", "^slab: double free detected");
        body(rules, Kind.SLUB, "INFO: Allocated in ", "INFO: Allocated in \\S");
        body(rules, Kind.SLUB, "INFO: Freed in ", "INFO: Freed in \\S");
        body(rules, Kind.SLUB, "INFO: Slab 0x", "INFO: Slab 0x");
        body(rules, Kind.SLUB, "INFO: Object 0x", "INFO: Object 0x");
        start(rules, Kind.BAD_PAGE, "BUG: Bad page ", "BUG: Bad page (?:state|map|cache)");
        start(rules, Kind.BAD_PAGE, "BUG: Bad rss-counter", "BUG: Bad rss-counter");
        start(rules, Kind.PAGE_POISON, "pagealloc: ", "^pagealloc: (?:memory corruption|single bit error)");
        for (String level : List.of("pgd", "p4d", "pud", "pmd", "pte")) {
            start(rules, Kind.BAD_PAGE_TABLE, ": bad " + level + " ", "^\\S+:\\d+: bad " + level + " [0-9a-f]{4}");
        }
    }

    private static void oopses(List<Rule> rules) {
        String nullPointer = "(?:BUG: (?:[uU]nable to handle )?[kK]ernel NULL pointer dereference"
                + "|[uU]nable to handle kernel NULL pointer dereference)";
        start(rules, Kind.NULL_DEREF, "ernel NULL pointer", nullPointer);
        start(rules, Kind.PAGE_FAULT, "nable to handle page fault", "BUG: unable to handle page fault");
        start(
                rules,
                Kind.PAGE_FAULT,
                "nable to handle kernel",
                "(?:BUG: |^(?:CPU \\d+:? )?)[uU]nable to handle kernel");
        start(rules, Kind.GPF, "general protection fault", "^(?:Oops: )?general protection f");
        start(rules, Kind.KERNEL_BUG, "kernel BUG at ", "(?:^|\\W)kernel BUG at ");
        start(rules, Kind.KERNEL_BUG, "Kernel BUG ", "^Kernel BUG (?:at )?");
        start(rules, Kind.KERNEL_BUG, "Kernel bug detected", "^Kernel bug detected");
        start(rules, Kind.KERNEL_BUG, "rust_kernel: panicked", "rust_kernel: panicked at");
        start(rules, Kind.KERNEL_BUG, "nVHE hyp ", "^kvm \\[\\d+\\]: nVHE hyp (?:BUG|panic) at");
        start(rules, Kind.STACK_OVERFLOW, "stack guard page was hit", "BUG: .*stack guard page was hit");
        start(rules, Kind.STACK_OVERFLOW, "kernel stack overflow", "(?:^|: )[kK]ernel stack overflow");
        start(rules, Kind.STACK_OVERFLOW, "Insufficient stack space", "Insufficient stack space to handle exception");
        start(rules, Kind.DOUBLE_FAULT, "PANIC: double fault", "PANIC: double fault");
        start(rules, Kind.SERROR, "SError Interrupt on CPU", "SError Interrupt on CPU");
        start(rules, Kind.OOPS_OTHER, "Bad mode in ", "^Bad mode in .* handler");
        start(rules, Kind.OOPS_OTHER, " exception on CPU", "^Unhandled .* exception on CPU");
        start(rules, Kind.OOPS_OTHER, "Unhandled fault", "^Unhandled fault");
        start(rules, Kind.OOPS_OTHER, "Unhandled prefetch abort", "^Unhandled prefetch abort");
        start(rules, Kind.OOPS_OTHER, "Internal error: ", "^Internal error: ");
        // Old capture drivers say "Oops: no 32bit PCI DMA" and "Oops: IR config error".
        for (String oops : List.of("Oops: ", "Oops - ", "Oops[#", "Oops [#")) {
            start(rules, Kind.OOPS_OTHER, oops, "^Oops(?:: (?!no \\d|IR )| - | ?\\[#)");
        }
        dieMessages(rules);
        start(rules, Kind.OOPS_OTHER, "8<--- cut here ---", "^8<--- cut here ---");
        start(rules, Kind.TRUSTY, "trusty: panic", "^trusty: panic");
        start(rules, Kind.PANIC, "ernel panic - not syncing", "(?<!end )[kK]ernel panic - not syncing");
    }

    /** What die() is called with: arch/x86 prints a hexadecimal code after it, mips and loongarch nothing. */
    private static void dieMessages(List<Rule> rules) {
        for (String trap : List.of(
                "stack segment",
                "divide error",
                "divide_error",
                "invalid opcode",
                "int3",
                "invalid TSS",
                "segment not present",
                "alignment check",
                "double fault",
                "iret exception",
                "illegal operation",
                "fpu exception",
                "simd exception",
                "coprocessor segment overrun",
                "control protection fault",
                "unexpected #NM exception")) {
            start(rules, Kind.OOPS_OTHER, trap + ": ", "^" + trap + ": ");
        }
        start(rules, Kind.OOPS_OTHER, "bounds: 0000 [#", "^bounds: 0000 \\[#");
        start(rules, Kind.OOPS_OTHER, "Split lock detected", "^Split lock detected$");
        start(rules, Kind.OOPS_OTHER, "alignment exception", "^alignment exception");
        start(rules, Kind.OOPS_OTHER, "Missing ENDBR: ", "^(?:traps: )?Missing ENDBR: ");
        start(rules, Kind.OOPS_OTHER, "kernel thread overran stack", "^kernel thread overran stack");
        start(rules, Kind.OOPS_OTHER, "PANIC: early exception", "^PANIC: early exception");
        start(rules, Kind.OOPS_OTHER, "Fixing recursive fault", "^Fixing recursive fault but reboot is needed");
        start(rules, Kind.OOPS_OTHER, "Unexpected kernel ", "^Unexpected kernel (?:BRK|single-step) exception");
        for (int length = 1; length <= 3; length++) {
            String code = "ilc:" + length + " [#";
            start(rules, Kind.OOPS_OTHER, code, "^[\\w -]+: [0-9a-f]{4} " + Pattern.quote(code));
        }
        start(rules, Kind.OOPS_OTHER, ": Vector: ", "^cpu 0x[0-9a-f]+: Vector: [0-9a-f]+ ");
        start(rules, Kind.OOPS_OTHER, "Bad kernel stack pointer", "^Bad kernel stack pointer ");
        start(rules, Kind.OOPS_OTHER, " in kernel code", "^(?:Reserved|Break|Trap) instruction in kernel code");
        start(rules, Kind.OOPS_OTHER, "FP exception in kernel", "^FP exception in kernel code");
        start(rules, Kind.OOPS_OTHER, "invoked from kernel context", "^do_\\w+ invoked from kernel context");
        start(rules, Kind.OOPS_OTHER, "nhandled kernel unaligned", "^Unhandled kernel unaligned access");
        start(rules, Kind.OOPS_OTHER, "Kernel unaligned instr", "^Kernel unaligned instruction access");
        start(rules, Kind.OOPS_OTHER, "Kernel ade access", "^Kernel ade access");
        start(rules, Kind.OOPS_OTHER, "Kernel ale access", "^Kernel ale access");
    }

    private static void warnings(List<Rule> rules) {
        place(rules, Kind.DEBUG_LOCKS_WARN, "kernel/locking/(?:lockdep|mutex|rtmutex|rwsem|spinlock_debug)\\.c:");
        place(rules, Kind.IRQFLAGS, "kernel/locking/irqflag-debug\\.c:");
        place(rules, Kind.REFCOUNT, "lib/refcount\\.c:");
        place(rules, Kind.ODEBUG, "lib/debugobjects\\.c:");
        start(rules, Kind.WARN_ON, "WARNING: ", "WARNING: CPU: \\d+ PID: \\d+ at |WARNING: .*\\bat \\S+, CPU#\\d+: ");
        start(rules, Kind.WARN_ON, "WARNING: at ", "WARNING: at \\S+:\\d+ ");
        start(
                rules,
                Kind.UNWINDER,
                "WARNING: ",
                "^WARNING: (?:kernel stack (?:regs|frame pointer) at|stack recursion on"
                        + "|stack going in the wrong direction|unrecognized unwind stack type"
                        + "|can't (?:dereference|access) |missing \\w+ value at|unknown (?:SP|BP) base reg"
                        + "|unknown (?:unwind hint|\\.orc_unwind entry|\\.orc entry) type)");
        headline(rules, Kind.CUT_HERE, "[ cut here ]", "-\\[ cut here \\]-");
        body(rules, Kind.TORN, "---[ end trace ", "---\\[ end trace ");
    }

    private static void resources(List<Rule> rules) {
        start(rules, Kind.LEAK, "BUG: memory leak", "BUG: memory leak");
        start(rules, Kind.LEAK, "suspected memory leaks", "^kmemleak: \\d+ new suspected memory leaks");
        start(rules, Kind.LEAK, "ref_tracker: ", "^ref_tracker: .*(?:leaked reference|has \\d+/\\d+ users at)");
        body(rules, Kind.LEAK, "unreferenced object 0x", "^unreferenced object 0x");
        start(rules, Kind.OOM, "invoked oom-killer", "invoked oom-killer: ");
        body(rules, Kind.OOM, "Out of memory: Kill", "^Out of memory: Kill");
        body(rules, Kind.OOM, "cgroup out of memory: Kill", "^Memory cgroup out of memory: Kill");
        start(
                rules,
                Kind.NETDEV_REFS,
                "unregister_netdevice: waiting",
                "unregister_netdevice: waiting for .* to become free");
        start(rules, Kind.BUSY_INODES, "VFS: Close: file count", "^VFS: Close: file count is (?:0|zero)");
        start(rules, Kind.BUSY_INODES, "VFS: Busy inodes after", "^VFS: Busy inodes after unmount");
        start(rules, Kind.IRQ_NOBODY_CARED, ": nobody cared", "irq \\d+: nobody cared");
        start(rules, Kind.WATCHDOG_PRETIMEOUT, "pretimeout event", "watchdog\\d*: pretimeout event");
        start(rules, Kind.WATCHDOG_FIRED, "softdog: Initiating", "softdog: Initiating");
        start(rules, Kind.FUZZER, "SYZFAIL: ", "^SYZFAIL: ");
        start(rules, Kind.FUZZER, "SYZFATAL: ", "^SYZFATAL: ");
    }

    /** Lines from the middle of lockdep reports: all that is left where a ring buffer has eaten the header. */
    private static void lockdepBodies(List<Rule> rules) {
        body(
                rules,
                Kind.CIRCULAR,
                "the existing dependency chain",
                "the existing dependency chain \\(in reverse order\\)");
        body(rules, Kind.CIRCULAR, "which lock already depends on", "which lock already depends on the new lock");
        body(rules, Kind.INCONSISTENT, "} usage.", "^inconsistent \\{.*\\} -> \\{.*\\} usage\\.");
        body(rules, Kind.IRQ_ORDER, "but this new dependency connects", "but this new dependency connects an? ");
        body(rules, Kind.IRQ_ORDER, "which would create a new lock", "which would create a new lock dependency");
        body(rules, Kind.IRQ_INVERSION, "just changed the state of lock", "just changed the state of lock:");
        body(
                rules,
                Kind.IRQ_INVERSION,
                "create inverse lock ordering",
                "interrupts could create inverse lock ordering");
        body(rules, Kind.BAD_UNLOCK, "is trying to release lock", "is trying to release lock \\(");
        body(rules, Kind.BAD_CONTENTION, "is trying to contend lock", "is trying to contend lock \\(");
        body(
                rules,
                Kind.HELD_FREED,
                "with a lock still held there!",
                "is freeing memory .* with a lock still held there!");
        body(
                rules,
                Kind.USER_RETURN,
                "is leaving the kernel with locks",
                "is leaving the kernel with locks still held!");
        body(rules, Kind.RECURSIVE, "missing lock nesting notation", "May be due to missing lock nesting notation");
        body(rules, Kind.LOCKDEP_TORN, "is trying to acquire lock:", "is trying to acquire lock:");
        body(rules, Kind.LOCKDEP_TORN, "task is already holding", "task is already holding");
        body(rules, Kind.LOCKDEP_TORN, "unsafe locking scenario", "Possible (?:interrupt )?unsafe locking scenario");
        body(
                rules,
                Kind.LOCKDEP_OFF,
                "turning off the locking correct",
                "turning off the locking correctness validator");
        body(rules, Kind.CHAIN_KEY, "hm#1, depth:", "\\bhm#1, depth:");
        body(rules, Kind.CHAIN_KEY, "hm#2, depth:", "\\bhm#2, depth:");
    }

    private static void generic(List<Rule> rules) {
        start(
                rules,
                Kind.BUG_TEXT,
                "BUG:",
                "^(?:\\[ )?BUG: \\S|^(?:[\\w.-]+(?: [\\w:./-]+){0,2}(?: \\([^)]*\\))?: ){1,2}BUG: \\S");
        start(rules, Kind.BUG_TEXT, "BUG at ", "^BUG at \\S+:\\d+");
        start(rules, Kind.BUG_TEXT, "CFI failure at ", "^CFI failure at ");
        start(rules, Kind.BUG_TEXT, "Double-freed CB", "Double-freed CB ");
        start(rules, Kind.WARN_TEXT, "WARNING: ", "^(?:\\[ )?WARNING: \\S|^\\w+ \\d[\\w:.-]*: WARNING: \\S");
        start(rules, Kind.BUG_TEXT, "BUG:", "^BUG:$");
        start(rules, Kind.WARN_TEXT, "WARNING:", "^WARNING:$");
        start(rules, Kind.WARN_TEXT, "INFO:", "^INFO:$");
    }

    private static void start(List<Rule> rules, Kind kind, String literal, String pattern) {
        rules.add(new Rule(literal, Role.START, kind, Pattern.compile(pattern)));
    }

    private static void headline(List<Rule> rules, Kind kind, String literal, String pattern) {
        rules.add(new Rule(literal, Role.HEADLINE, kind, Pattern.compile(pattern)));
    }

    private static void place(List<Rule> rules, Kind kind, String file) {
        rules.add(new Rule("WARNING: ", Role.PLACE, kind, Pattern.compile("WARNING: .*\\b" + file)));
    }

    private static void body(List<Rule> rules, Kind kind, String literal, String pattern) {
        rules.add(new Rule(literal, Role.BODY, kind, Pattern.compile(pattern)));
    }
}
