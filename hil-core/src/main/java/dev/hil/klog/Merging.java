package dev.hil.klog;

import dev.hil.klog.Rule.Role;
import java.util.EnumSet;
import java.util.Set;
import java.util.regex.Pattern;

/** One event often has several headlines: decides which of them belong together, and which one names it. */
final class Merging {

    /** A WARN() prints its text before its headline, 7.x also after it. */
    private static final int HEAD_LINES = 8;

    private static final Pattern SECONDARY_PANIC = Pattern.compile(
            "not syncing: (?:.*Fatal "
                    + "exception|Oops|panic_on_warn set|kernel: panic_on_warn|\\w+: panic_on_warn set|hung_task: blocked tasks"
                    + "|softlockup: hung tasks|Hard LOCKUP|RCU Stall|BUG!|kasan\\.fault|KASAN|kfence|panic_on_oops|panic_on_rcu_stall"
                    + "|scheduling while atomic|Unrecoverable|Asynchronous SError|Aiee, killing interrupt handler"
                    + "|Attempted to kill (?:init|the idle task)!|kernel stack overflow|stack overflow"
                    + "|sysctl_oom|Out of memory|System is deadlocked|watchdog pretimeout|workqueue: |undefined instruction|HYP panic)");

    private static final Set<Kind> WARN_TEXTS = EnumSet.of(
            Kind.DEBUG_LOCKS_WARN,
            Kind.RWSEM,
            Kind.RTMUTEX,
            Kind.IRQFLAGS,
            Kind.PIN,
            Kind.CLASS_CLASH,
            Kind.BFS,
            Kind.CHAIN_KEY,
            Kind.REFCOUNT,
            Kind.ODEBUG,
            Kind.LIST,
            Kind.USERCOPY,
            Kind.NETDEV_WATCHDOG,
            Kind.UBSAN,
            Kind.WARN_ON,
            Kind.KEY_NOT_REGISTERED,
            Kind.BUSY_INODES);

    private static final Set<Kind> PRECURSORS =
            EnumSet.of(Kind.LIST, Kind.USERCOPY, Kind.BUG_TEXT, Kind.KEY_NOT_REGISTERED, Kind.ODEBUG, Kind.CHAIN_KEY);

    private Merging() {}

    static boolean absorbs(OpenReport report, Rule rule, Message message) {
        Kind open = report.kind();
        Kind next = rule.kind();
        if (next == Kind.PANIC) {
            return (open != Kind.PANIC && isSecondary(message.text())) || open == Kind.DOUBLE_FAULT;
        }
        if (next == Kind.TAINT_OFF) {
            return open != Kind.TAINT_OFF && open.end() != Kind.End.LINE;
        }
        if (rule.role() == Role.BODY) {
            return next == Kind.TORN
                    || next.category() == open.category()
                    || (open.category() == Category.MEMORY && next == Kind.SLUB);
        }
        boolean atHead = report.size() <= HEAD_LINES && report.frames() == 0 && !report.endSeen();
        if (next == Kind.CUT_HERE) {
            return atHead
                    && (PRECURSORS.contains(open)
                            || (inWarn(open) && open != Kind.WARN_ON)
                            || open == Kind.KERNEL_BUG
                            || open == Kind.CUT_HERE);
        }
        if (open == Kind.CUT_HERE || (isWords(open) && report.startsCut())) {
            // Frames that come before the headline are another context's.
            return report.size() <= 2 * HEAD_LINES
                    && !report.endSeen()
                    && (inWarn(next) || isWords(next) || next.category() == Category.OOPS);
        }
        // The words a WARN() was given may themselves start with BUG: or WARNING:.
        if (inWarn(open) && isWords(next)) {
            return atHead && report.warningSeen();
        }
        if (inWarn(open) && (inWarn(next) || (open != Kind.WARN_ON && next == Kind.KERNEL_BUG))) {
            return atHead && !(report.warningSeen() && isWarning(rule));
        }
        if (PRECURSORS.contains(open)) {
            return atHead && (next == Kind.WARN_ON || next.category() == Category.OOPS);
        }
        if (open.category() == Category.OOPS && next.category() == Category.OOPS) {
            return report.frames() == 0 && report.size() < 40 && !report.endSeen() && isContinued(open, next);
        }
        return (open == Kind.RCU_STALL && next == Kind.RCU_STALL)
                || (open == Kind.OOM && next == Kind.OOM)
                || (open == Kind.NETDEV_REFS && next == Kind.LEAK)
                || (open == Kind.LIST && next == Kind.KERNEL_BUG);
    }

    /** A fault, then the Oops line; a BUG, then invalid opcode. Two faults with full headers are two oopses. */
    private static boolean isContinued(Kind open, Kind next) {
        return next == Kind.OOPS_OTHER
                || open == Kind.OOPS_OTHER
                || next == Kind.STACK_OVERFLOW
                || open == Kind.STACK_OVERFLOW
                || next == Kind.DOUBLE_FAULT
                || next == Kind.GPF
                || open == Kind.KERNEL_BUG;
    }

    /** {@code WARNING: … at …}: each WARN() prints it once. */
    private static boolean isWarning(Rule rule) {
        return rule.role() == Role.PLACE || rule.kind() == Kind.WARN_ON;
    }

    static boolean isWords(Kind kind) {
        return kind == Kind.BUG_TEXT || kind == Kind.WARN_TEXT;
    }

    private static boolean inWarn(Kind kind) {
        return WARN_TEXTS.contains(kind);
    }

    /** Whether a panic of these words is only the end of an event that was reported before it. */
    static boolean isSecondary(String text) {
        return SECONDARY_PANIC.matcher(text).find();
    }
}
