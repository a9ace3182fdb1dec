package dev.hil.klog;

import dev.hil.klog.Rule.Role;
import java.util.EnumSet;
import java.util.Set;
import java.util.regex.Pattern;

/** One event often has several headlines: decides which of them belong together, and which one names it. */
final class Merging {

    /** A WARN() prints its text before its headline, 7.x also after it. */
    private static final int HEAD_LINES = 8;

    /** Panics that only end what was reported before: what their words are, and what they can be the end of. */
    private enum Consequence {
        OF_ANYTHING("panic_on_warn set|\\w+: panic_on_warn", EnumSet.allOf(Category.class)),
        OF_AN_OOPS(
                ".*Fatal exception|Oops|BUG!|panic_on_oops|Unrecoverable|Asynchronous SError"
                        + "|Aiee, killing interrupt handler|Attempted to kill (?:init|the idle task)!"
                        + "|(?:kernel )?stack overflow|undefined instruction|HYP panic",
                EnumSet.of(Category.OOPS, Category.MEMORY)),
        OF_A_HANG(
                "hung_task: blocked tasks|softlockup: hung tasks|Hard LOCKUP|RCU Stall|panic_on_rcu_stall|workqueue: ",
                EnumSet.of(Category.HANG)),
        OF_BAD_MEMORY("kasan\\.fault|KASAN|kfence", EnumSet.of(Category.MEMORY, Category.RACE)),
        OF_ATOMIC_CONTEXT("scheduling while atomic", EnumSet.of(Category.ATOMIC)),
        OF_MEMORY_USED_UP("sysctl_oom|Out of memory|System is deadlocked", EnumSet.of(Category.RESOURCE)),
        OF_A_WATCHDOG("watchdog pretimeout", EnumSet.of(Category.RESET));

        private final Pattern words;

        @SuppressWarnings("ImmutableEnumChecker") // as each constant gives it
        private final Set<Category> causes;

        Consequence(String words, Set<Category> causes) {
            this.words = Pattern.compile("not syncing: (?:" + words + ")");
            this.causes = causes;
        }

        boolean of(Kind report, String text) {
            // What is left of a torn report may have been anything.
            boolean torn = report == Kind.TORN || report == Kind.CUT_HERE;
            return (torn || causes.contains(report.category()))
                    && report != Kind.PANIC
                    && words.matcher(text).find();
        }
    }

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
            return endsWith(open, message.text()) || open == Kind.DOUBLE_FAULT;
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

    /** Whether a panic of these words is only the end of such a report. */
    static boolean endsWith(Kind report, String panic) {
        for (Consequence consequence : Consequence.values()) {
            if (consequence.of(report, panic)) {
                return true;
            }
        }
        return false;
    }
}
