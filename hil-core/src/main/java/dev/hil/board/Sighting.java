package dev.hil.board;

import dev.hil.klog.Category;
import dev.hil.klog.Finding;
import dev.hil.klog.Kind;
import dev.hil.klog.Severity;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A report of the kernel, as one channel has it. There is a sighting as soon as the report's headline was read; the
 * rest, {@link #finding}, follows when the report is over, or never where the board wedged.
 *
 * @param channel which channel
 * @param boot the boot_id of the boot that printed it; empty while that is not known yet
 * @param at when its headline was read, on this host's clock
 * @param stamp the kernel's own time of the headline in seconds since boot, such as {@code 812.3}; empty if unknown
 * @param kind what it is
 * @param headline the kernel's own words
 * @param finding the whole report; null until it is over
 * @param log the recording that holds it
 * @param offset of the headline in the recording, in bytes
 */
public record Sighting(
        Channel channel,
        String boot,
        Instant at,
        String stamp,
        Kind kind,
        String headline,
        @Nullable Finding finding,
        Path log,
        long offset) {

    /** One line for people: the finding's title, or the headline while there is no more. */
    public String title() {
        return finding == null ? headline : finding.title();
    }

    /**
     * Whether somebody has to look at it: neither provoked by a test, nor a known issue, nor a mere remark. Resets as
     * the log shows them are no such thing: they are judged by {@link Board#verdict()}, with more than the log.
     */
    public boolean isUnexpected() {
        boolean reset = kind == Kind.SILENT_RESET || kind == Kind.FIRMWARE_START || kind == Kind.WATCHDOG_NOT_STOPPED;
        return !reset && (finding == null ? kind.severity() != Severity.INFO : finding.isUnexpected());
    }

    /** Whether it is a known issue of the definition's known-issues file. */
    public boolean isKnown() {
        return finding != null && finding.known() != null;
    }

    /** Whether a test provoked it by the kernel's own means: sysrq, lkdtm, KUnit. */
    public boolean isExpected() {
        return finding != null && finding.expected() != null;
    }

    /** Whether lock debugging found something. */
    public boolean isSplat() {
        return kind.category() == Category.LOCKDEP && kind.isSplat();
    }

    /** The classes of the locks that a splat is about: the one being taken, the one held, then the others. */
    public List<String> locks() {
        return finding == null ? List.of() : finding.locks();
    }

    /** The time of the headline, for people: {@code at 812.3 s}. */
    String when() {
        return stamp.isEmpty() ? "at an unknown time" : "at " + stamp + " s";
    }

    /** What two channels must agree in for being of the same report. */
    String identity() {
        return finding == null ? kind.id() + " " + headline : kind.id() + " " + finding.fingerprintFine();
    }

    Sighting withFinding(Finding whole) {
        return new Sighting(channel, boot, at, stamp, whole.kind(), headline, whole, log, offset);
    }

    Sighting withBoot(String id) {
        return new Sighting(channel, id, at, stamp, kind, headline, finding, log, offset);
    }

    @Override
    public String toString() {
        String notes = "";
        if (finding == null) {
            notes = " (its end was not read)";
        } else if (finding.known() != null) {
            notes = " (known: " + finding.known().reason() + ")";
        } else if (finding.expected() != null) {
            notes = " (expected: " + finding.expected() + ")";
        }
        return "%s %s, on %s%s".formatted(title(), when(), channel.name().toLowerCase(Locale.ROOT), notes);
    }
}
