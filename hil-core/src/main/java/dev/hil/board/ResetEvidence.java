package dev.hil.board;

import dev.hil.klog.KlogResult;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Everything that is known of the time between two answers of a board, for {@link ResetJudge}.
 *
 * @param sameBoot whether the boot_id is the same
 * @param linkLost whether the board was not heard for a while
 * @param order what this run had ordered
 * @param serial how the boot's log ends on the serial console
 * @param firmware what the boot loader said of the cause
 * @param memory what became of the memory that keeps the log
 * @param captured how the boot's log ends in the console record
 * @param journal how it ends in the board's journal
 * @param dump what the kernel died of, from a dmesg record that belongs to this boot; empty where there is none
 * @param dumpIsPanic whether that record is of a panic; an oops alone need not be the end
 * @param liveDeath the headline of an oops or panic that was seen live; empty where none was
 * @param hangs the headlines of lockups and stalls that were seen live
 * @param bootStatus of the watchdog device, in the boot that followed; zero means unknown
 * @param watchdog how long the watchdog that was armed waits; empty where none is known to have been
 * @param silence from the board's last sign of life to the start of the next kernel, without the time that its firmware
 *     takes where that is known; empty where it is not known
 * @param survivesResets whether this board's memory is known to survive some kind of reset
 * @param survivesWatchdog whether it is known to survive a reset by the watchdog
 * @param boots how many boots began on the console meanwhile; -1 where there is no console
 * @param notes what else was found, a sentence each: evidence for people
 */
record ResetEvidence(
        boolean sameBoot,
        boolean linkLost,
        Order order,
        End serial,
        Firmware firmware,
        Memory memory,
        End captured,
        End journal,
        String dump,
        boolean dumpIsPanic,
        String liveDeath,
        List<String> hangs,
        long bootStatus,
        Optional<Duration> watchdog,
        Optional<Duration> silence,
        boolean survivesResets,
        boolean survivesWatchdog,
        int boots,
        List<String> notes) {

    ResetEvidence {
        hangs = List.copyOf(hangs);
        notes = List.copyOf(notes);
    }

    /** No reset at all. */
    static ResetEvidence sameBoot(boolean linkLost, List<String> hangs, List<String> notes) {
        return new ResetEvidence(
                true,
                linkLost,
                Order.NOTHING,
                End.NOT_CAPTURED,
                Firmware.NOT_SAID,
                Memory.NOT_KNOWN,
                End.NOT_CAPTURED,
                End.NOT_CAPTURED,
                "",
                false,
                "",
                hangs,
                0,
                Optional.empty(),
                Optional.empty(),
                false,
                false,
                -1,
                notes);
    }

    /** What this run had ordered. */
    enum Order {
        NOTHING,
        REBOOT,
        CRASH
    }

    /** How a channel shows the end of a boot. */
    enum End {
        /** It was not captured there: there is no such channel, or it says nothing of this boot. */
        NOT_CAPTURED,
        /** It was shut down or restarted in order. */
        CLEAN,
        /** An oops or a panic, and nothing after it. */
        DIED,
        /** The log just ends. */
        NO_END;

        /** Of the last boot in a log. */
        static End of(KlogResult log) {
            return of(log.boots().get(log.boots().size() - 1));
        }

        static End of(dev.hil.klog.Boot boot) {
            return switch (boot.end()) {
                case ORDERED -> CLEAN;
                case DIED -> DIED;
                case OPEN, SILENT -> NO_END;
            };
        }
    }

    /** What a boot loader says of the reset before it. */
    enum Firmware {
        NOT_SAID,
        WATCHDOG,
        POWER_ON,
        OTHER
    }

    /** What became of the memory in which ramoops keeps console and pmsg. */
    enum Memory {
        /** It cannot be told: no such memory, no rights, or nothing known had been written to it. */
        NOT_KNOWN,
        /** What had been written in this boot came back. */
        KEPT,
        /** What came back is the log of another boot: there was one in between. */
        OTHER_BOOT,
        /** Nothing came back though something had been written. */
        GONE
    }
}
