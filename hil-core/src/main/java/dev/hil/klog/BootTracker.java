package dev.hil.klog;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Knows which boot the log is in, how the one before ended, and what lock debugging was worth in each. */
final class BootTracker {

    /** Stamps of several CPUs may be a little out of order; a boot takes longer than this. */
    private static final long CLOCK_JITTER_MICROS = 2_000_000;
    /** A kernel without a banner (quiet) prints its first line before this. */
    private static final long QUIET_BOOT_MICROS = 30_000_000;

    private static final int MAX_NOTES = 32;

    private enum Phase {
        /** Nothing of a boot's beginning was seen. */
        UNKNOWN,
        FIRMWARE,
        /** The kernel was entered, its Linux version line is still to come. */
        ENTRY,
        RUNNING
    }

    private final KlogListener listener;
    private final Findings findings;
    private int index;
    private Phase phase = Phase.UNKNOWN;
    private Boot.Start start = Boot.Start.LOG_START;
    private long firstLine = 1;
    private long startOffset;
    private String firmwareMark = "";
    private @Nullable Message firmware;
    private String release = "";
    private long lastMicros = -1;
    private boolean kernelSpoke;
    private Boot.End end = Boot.End.OPEN;
    private long endLine = -1;
    private String endWords = "";
    private @Nullable Message watchdogLeft;
    private @Nullable Message wound;
    private final List<String> watchdog = new ArrayList<>();
    private String resetCause = "";
    private LockdepTracker lockdep = new LockdepTracker();

    BootTracker(KlogListener listener, Findings findings) {
        this.listener = listener;
        this.findings = findings;
    }

    int index() {
        return index;
    }

    /** Between firmware and kernel each line counts, since its stamp tells whether the kernel's start was missed. */
    boolean wantsEveryLine() {
        return phase == Phase.FIRMWARE;
    }

    /** The newest stamp of this boot, in microseconds, or -1. */
    long lastMicros() {
        return lastMicros;
    }

    /** Whether nothing was seen yet that explains why another boot would begin. */
    boolean isOpen() {
        return end == Boot.End.OPEN;
    }

    /** Whether the time stamp of this line says that another boot has begun. */
    boolean goesBack(long micros) {
        return micros + CLOCK_JITTER_MICROS < lastMicros;
    }

    void stamp(long micros) {
        lastMicros = micros;
        kernelSpoke = true;
        if (phase == Phase.FIRMWARE) {
            if (micros > QUIET_BOOT_MICROS && firmware != null) {
                findings.single(Kind.FIRMWARE_START, Severity.WARNING, firmware, index);
            }
            phase = Phase.ENTRY;
        }
    }

    /** A new boot, known by its stamps only. */
    void timeWentBack(Message message) {
        boundary(message, Boot.Start.TIME_WENT_BACK);
        phase = Phase.ENTRY;
    }

    /** Whether such a line starts another boot, rather than belonging to the start of this one. */
    boolean startsBoot(Event event, Message message, boolean linesBefore) {
        return switch (event) {
            case JOURNAL_BOOT -> linesBefore;
            case FIRMWARE ->
                phase == Phase.UNKNOWN ? linesBefore : phase != Phase.FIRMWARE || firmwareMark.equals(mark(message));
            case BOOTING_LINUX ->
                phase == Phase.RUNNING
                        || (phase == Phase.ENTRY && start != Boot.Start.TIME_WENT_BACK)
                        || (phase == Phase.UNKNOWN && kernelSpoke);
            case LINUX_VERSION -> phase == Phase.RUNNING || (phase == Phase.UNKNOWN && kernelSpoke);
            default -> false;
        };
    }

    void boot(Event event, Message message, boolean newBoot) {
        if (newBoot) {
            boundary(message, startOf(event));
        } else if (start == Boot.Start.LOG_START && phase == Phase.UNKNOWN) {
            start = startOf(event);
        }
        switch (event) {
            case FIRMWARE -> {
                phase = Phase.FIRMWARE;
                if (firmwareMark.isEmpty()) {
                    firmwareMark = mark(message);
                    firmware = message;
                }
            }
            case BOOTING_LINUX -> phase = Phase.ENTRY;
            case LINUX_VERSION -> {
                phase = Phase.RUNNING;
                release = message.text();
            }
            default -> {}
        }
    }

    private static Boot.Start startOf(Event event) {
        return switch (event) {
            case FIRMWARE -> Boot.Start.FIRMWARE;
            case JOURNAL_BOOT -> Boot.Start.JOURNAL;
            default -> Boot.Start.KERNEL_BANNER;
        };
    }

    /** Two of the same firmware banner are two boots; a SPL after a DDR line is not. */
    private static String mark(Message message) {
        String text = message.text();
        int second = text.indexOf(' ', text.indexOf(' ') + 1);
        return second < 0 ? text : text.substring(0, second);
    }

    private void boundary(Message message, Boot.Start how) {
        unstoppedWatchdog();
        if (end == Boot.End.OPEN && wound != null) {
            died(wound);
        }
        if (end == Boot.End.OPEN) {
            end = Boot.End.SILENT;
            // A journal shows the kernel's end only where systemd logged it: its marker alone proves nothing.
            if (how != Boot.Start.JOURNAL) {
                findings.single(Kind.SILENT_RESET, kernelSpoke ? Severity.BUG : Severity.WARNING, message, index);
            }
        }
        close(message.line() - 1);
        index++;
        phase = Phase.UNKNOWN;
        start = how;
        firstLine = message.line();
        startOffset = message.start();
        firmwareMark = "";
        firmware = null;
        release = "";
        lastMicros = -1;
        kernelSpoke = false;
        end = Boot.End.OPEN;
        endLine = -1;
        endWords = "";
        wound = null;
        watchdog.clear();
        resetCause = "";
        lockdep = new LockdepTracker();
    }

    void ordered(Message message) {
        if (end == Boot.End.OPEN || end == Boot.End.ORDERED) {
            end = Boot.End.ORDERED;
            endLine = message.line();
            endWords = message.text();
            watchdogLeft = null;
        }
    }

    /** A panic: nothing comes after it. */
    void died(Message message) {
        if (end != Boot.End.DIED) {
            end = Boot.End.DIED;
            endLine = message.line();
            endWords = message.text();
        }
    }

    /** An oops: the kernel may go on; if it does not, this is why. */
    void wounded(Message message) {
        if (wound == null) {
            wound = message;
        }
    }

    void watchdogLeft(Message message) {
        note(message);
        if (end == Boot.End.OPEN) {
            watchdogLeft = message;
        }
    }

    void note(Message message) {
        if (watchdog.size() < MAX_NOTES) {
            watchdog.add(message.text());
        }
    }

    void resetCause(Message message) {
        resetCause = message.text();
    }

    /** Of the boot that runs now. */
    LockdepTracker lockdep() {
        return lockdep;
    }

    void finish(long lastLine) {
        unstoppedWatchdog();
        if (phase == Phase.FIRMWARE && firmware != null) {
            findings.single(Kind.FIRMWARE_START, Severity.WARNING, firmware, index);
        }
        close(lastLine);
    }

    /** systemd leaves the watchdog running on purpose when it reboots; without a reboot in sight it will bite. */
    private void unstoppedWatchdog() {
        if (watchdogLeft != null) {
            findings.single(Kind.WATCHDOG_NOT_STOPPED, Severity.INFO, watchdogLeft, index);
            watchdogLeft = null;
        }
    }

    private void close(long lastLine) {
        listener.boot(new Boot(
                index,
                firstLine,
                Math.max(firstLine, lastLine),
                startOffset,
                start,
                release,
                end,
                endLine,
                endWords,
                watchdog,
                resetCause,
                lockdep.state()));
    }
}
