package dev.hil.klog;

import java.util.List;
import java.util.stream.Collectors;

/** One line for people: what happened, to which locks or where. */
final class Titles {

    private static final int LONGEST = 200;

    private Titles() {}

    static String of(Kind kind, List<String> lines, Detail detail) {
        String title;
        if (detail instanceof Detail.Lockdep lockdep) {
            title = lockdep(kind, lockdep);
        } else if (detail instanceof Detail.Crash crash) {
            title = crash(kind, crash, lines);
        } else if (detail instanceof Detail.Hang hang) {
            title = kind.words() + (hang.task().isEmpty() ? "" : ": " + hang.task()) + in(hang.function());
        } else {
            title = plain(kind, (Detail.Plain) detail);
        }
        return title.length() > LONGEST ? title.substring(0, LONGEST) : title;
    }

    private static String lockdep(Kind kind, Detail.Lockdep lockdep) {
        String words = kind.words() + (lockdep.usage().isEmpty() ? "" : " " + lockdep.usage());
        List<Lock> locks = lockdep.locks();
        return switch (kind) {
            case SUSP_RCU, DEBUG_LOCKS_WARN, RWSEM, CAPACITY, TAINT_OFF, LOCKDEP_OFF, PREEMPT, WQ_LEAK, SPINLOCK ->
                words
                        + (lockdep.message().isEmpty()
                                ? ""
                                : ": " + lockdep.message().strip())
                        + in(Helpers.firstReal(lockdep.trace()));
            default ->
                locks.isEmpty()
                        ? words + in(Helpers.firstReal(lockdep.trace()))
                        : words + ": "
                                + locks.stream()
                                        .limit(4)
                                        .map(Lock::className)
                                        .distinct()
                                        .collect(Collectors.joining(" -> "));
        };
    }

    private static String crash(Kind kind, Detail.Crash crash, List<String> lines) {
        if (kind == Kind.PANIC) {
            return crash.reason().replaceFirst("^.*[kK]ernel panic - not syncing: ?", "kernel panic: ");
        }
        if (kind == Kind.KERNEL_BUG) {
            int bug = Frames.indexOf(lines, "ernel BUG at ", 0);
            String at = bug < 0
                    ? ""
                    : lines.get(bug).replaceFirst("^.*ernel BUG at ", " at ").replaceFirst("!$", "");
            return kind.words() + at + in(crash.function());
        }
        String words = kind == Kind.OOPS_OTHER ? crash.reason().replaceFirst(" \\[#\\d+\\].*", "") : kind.words();
        return words + in(crash.function());
    }

    private static String plain(Kind kind, Detail.Plain plain) {
        String message = plain.message().strip();
        return switch (kind) {
            case WARN_ON ->
                kind.words() + in(plain.function()) + (plain.location().isEmpty() ? "" : " at " + plain.location());
            case KASAN, KFENCE, KMSAN, KCSAN ->
                message.replaceFirst("^.*?BUG: ", "").replaceAll("\\+0x[0-9a-f]+/0x[0-9a-f]+", "");
            case CUT_HERE -> kind.words();
            case SILENT_RESET, FIRMWARE_START, TORN, DAMAGED_RECORD -> kind.words() + ": " + message;
            case WARN_TEXT, BUG_TEXT, UNWINDER, FUZZER, UBSAN, REFCOUNT, ODEBUG, LIST, SLUB, BAD_PAGE ->
                message + in(plain.function());
            case SLEEP, SCHED_ATOMIC, LEAK, OOM, NETDEV_REFS, BUSY_INODES, IRQ_NOBODY_CARED ->
                message.replaceFirst("^BUG: ", "") + in(plain.function());
            default -> kind.words() + ": " + message;
        };
    }

    private static String in(String function) {
        return function.isEmpty() ? "" : " in " + function;
    }
}
