package dev.hil.klog;

import java.util.List;

/**
 * One run of a kernel, as far as the log shows it.
 *
 * @param index from 0
 * @param firstLine physical line on which it starts
 * @param lastLine last line that belongs to it
 * @param startOffset byte offset of its first line
 * @param start how its start was known
 * @param release the text of the {@code Linux version} line; empty if the log lacks it
 * @param end how it ended
 * @param endLine the line that shows the end, or -1
 * @param endWords that line's words: who ordered the end, or what the kernel died of
 * @param watchdog what the log says of watchdog devices, oldest first
 * @param resetCause what firmware said of the reset that led to this boot; empty if nothing
 * @param lockdep what is known of lock debugging
 */
public record Boot(
        int index,
        long firstLine,
        long lastLine,
        long startOffset,
        Start start,
        String release,
        End end,
        long endLine,
        String endWords,
        List<String> watchdog,
        String resetCause,
        LockdepState lockdep) {

    public Boot {
        watchdog = List.copyOf(watchdog);
    }

    public enum Start {
        /** The log begins inside it. */
        LOG_START,
        /** A boot loader or the firmware spoke. */
        FIRMWARE,
        /** {@code Booting Linux on} or {@code Linux version}. */
        KERNEL_BANNER,
        /** The time stamps went back to near zero. */
        TIME_WENT_BACK,
        /** journalctl said so. */
        JOURNAL
    }

    public enum End {
        /** The log ends inside it. */
        OPEN,
        /** It was shut down or restarted in order. */
        ORDERED,
        /** It died with an oops or a panic. */
        DIED,
        /** The next boot starts, and nothing says why. */
        SILENT
    }
}
