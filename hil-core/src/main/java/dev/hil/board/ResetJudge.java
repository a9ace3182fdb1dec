package dev.hil.board;

import dev.hil.board.ResetEvidence.End;
import dev.hil.board.ResetEvidence.Firmware;
import dev.hil.board.ResetEvidence.Memory;
import dev.hil.board.ResetEvidence.Order;
import dev.hil.link.Durations;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes one verdict of all the evidence. A pure function: what it is given is all it knows. Where the evidence does not
 * decide, or contradicts itself, the verdict is {@link ResetVerdict#UNKNOWN}, which is red.
 *
 * <ol>
 *   <li>The same boot_id: there was no reset, whatever else was seen.
 *   <li>A panic or oops of that very boot in any channel: DIAGNOSED, also where a reboot had been ordered.
 *   <li>An orderly end: ORDERED if this run ordered it, else UNKNOWN, since somebody else did.
 *   <li>A cause that hardware or firmware names: SILENT_WATCHDOG or POWER_LOSS.
 *   <li>Memory that was kept rules a loss of power out. The watchdog is named only where one was armed and the board had
 *       been silent for at least half its time; a reset of a board that was well a moment ago has another cause.
 *   <li>Memory that is gone is a loss of power only where it is known to survive resets, and the watchdog could not have
 *       done it or is known to leave the memory alone.
 * </ol>
 */
final class ResetJudge {
    /** A watchdog is petted at least twice in its time by every daemon there is. */
    private static final int PETTED_EARLIER = 2;

    private final ResetEvidence seen;
    private final List<String> reasons = new ArrayList<>();

    private ResetJudge(ResetEvidence seen) {
        this.seen = seen;
    }

    /**
     * A verdict with its reasons.
     *
     * @param evidence a sentence each, the decisive one first
     */
    record Judgement(ResetVerdict verdict, Confidence confidence, List<String> evidence) {}

    static Judgement judge(ResetEvidence seen) {
        return new ResetJudge(seen).judge();
    }

    private Judgement judge() {
        if (seen.sameBoot()) {
            return sameBoot();
        }
        boolean panicked = (!seen.dump().isEmpty() && seen.dumpIsPanic())
                || seen.captured() == End.DIED
                || seen.serial() == End.DIED;
        boolean clean = seen.serial() == End.CLEAN || seen.captured() == End.CLEAN || seen.journal() == End.CLEAN;
        if (panicked || (!clean && (!seen.dump().isEmpty() || !seen.liveDeath().isEmpty()))) {
            return died();
        }
        if (clean) {
            return clean();
        }
        if (seen.order() == Order.REBOOT) {
            boolean wouldShow = seen.memory() == Memory.KEPT && seen.captured() == End.NO_END;
            if (!wouldShow) {
                return ordered();
            }
            reasons.add(
                    "this run ordered a reboot, but the log that came back does not show the board going down in order");
        }
        if (seen.order() == Order.CRASH) {
            reasons.add("this run ordered a crash, but no channel has the panic");
        }
        return silent();
    }

    private Judgement sameBoot() {
        if (!seen.linkLost()) {
            return verdict(ResetVerdict.NONE, Confidence.CERTAIN, "boot_id is the same");
        }
        if (!seen.hangs().isEmpty()) {
            return verdict(
                    ResetVerdict.NONE,
                    Confidence.CERTAIN,
                    "boot_id is the same; the board had hung: " + String.join("; ", seen.hangs()));
        }
        return verdict(
                ResetVerdict.NETWORK_ONLY,
                Confidence.CERTAIN,
                "boot_id is the same after the board was not heard for a while");
    }

    private Judgement died() {
        if (!seen.dump().isEmpty()) {
            return verdict(
                    ResetVerdict.DIAGNOSED,
                    seen.dumpIsPanic() ? Confidence.CERTAIN : Confidence.LIKELY,
                    "a dmesg record of this boot: " + seen.dump());
        }
        if (seen.serial() == End.DIED || seen.captured() == End.DIED) {
            return verdict(
                    ResetVerdict.DIAGNOSED,
                    Confidence.CERTAIN,
                    seen.serial() == End.DIED
                            ? "the console shows that the kernel died"
                            : "the console record of this boot shows that the kernel died");
        }
        return verdict(
                ResetVerdict.DIAGNOSED, Confidence.LIKELY, "the last that was heard of it live: " + seen.liveDeath());
    }

    private Judgement clean() {
        List<String> where = new ArrayList<>();
        add(where, seen.serial(), "the console");
        add(where, seen.captured(), "the console record in pstore");
        add(where, seen.journal(), "the journal");
        String shown = "it went down in order (shown by %s)".formatted(String.join(" and ", where));
        return seen.order() == Order.NOTHING
                ? verdict(
                        ResetVerdict.UNKNOWN,
                        Confidence.CERTAIN,
                        shown + ", but not by an order of this run: who rebooted it?")
                : verdict(
                        seen.order() == Order.REBOOT ? ResetVerdict.ORDERED : ResetVerdict.UNKNOWN,
                        Confidence.CERTAIN,
                        seen.order() == Order.REBOOT
                                ? "this run ordered the reboot, and " + shown
                                : "this run ordered a crash, but " + shown);
    }

    private static void add(List<String> where, End end, String words) {
        if (end == End.CLEAN) {
            where.add(words);
        }
    }

    private Judgement ordered() {
        boolean serialOnly = seen.serial() == End.NO_END;
        return verdict(
                ResetVerdict.ORDERED,
                serialOnly ? Confidence.WEAK : Confidence.LIKELY,
                serialOnly
                        ? "this run ordered the reboot; the console does not show the end (a line's last bytes can get lost"
                                + " in a reset)"
                        : "this run ordered the reboot; no channel has captured how the boot ended");
    }

    private Judgement silent() {
        boolean contradicted = seen.memory() == Memory.KEPT;
        boolean power = seen.firmware() == Firmware.POWER_ON || (seen.bootStatus() & BootFacts.POWER_UNDER) != 0;
        boolean watchdog = seen.firmware() == Firmware.WATCHDOG || (seen.bootStatus() & BootFacts.CARD_RESET) != 0;
        if (power && (watchdog || contradicted)) {
            return verdict(
                    ResetVerdict.UNKNOWN,
                    Confidence.WEAK,
                    contradicted
                            ? "firmware says the power was switched on, but the memory was kept"
                            : "one source says the watchdog, another says the power");
        }
        if (watchdog) {
            boolean last = seen.memory() != Memory.OTHER_BOOT && seen.boots() <= 1;
            return verdict(
                    ResetVerdict.SILENT_WATCHDOG,
                    last ? Confidence.CERTAIN : Confidence.LIKELY,
                    (seen.firmware() == Firmware.WATCHDOG ? "firmware" : "the watchdog's bootstatus")
                            + " says that the watchdog reset the board, and no channel has the kernel's last words"
                            + (last ? "" : "; there was another boot in between"));
        }
        if (power) {
            return verdict(
                    ResetVerdict.POWER_LOSS,
                    Confidence.CERTAIN,
                    "firmware or the watchdog's bootstatus says that the power was lost");
        }
        return byMemory();
    }

    private Judgement byMemory() {
        boolean armed = seen.watchdog().isPresent();
        boolean longEnough = armed
                && seen.silence().isPresent()
                && seen.silence().get().compareTo(seen.watchdog().get().dividedBy(PETTED_EARLIER)) >= 0;
        String silence = seen.silence().map(Durations::text).orElse("an unknown time");
        String timeout = seen.watchdog().map(Durations::text).orElse("-");
        return switch (seen.memory()) {
            case KEPT ->
                longEnough
                        ? verdict(
                                ResetVerdict.SILENT_WATCHDOG,
                                Confidence.LIKELY,
                                ("the memory was kept, its log just ends, and the board had given no sign of life for %s"
                                                + " with a watchdog of %s armed")
                                        .formatted(silence, timeout))
                        : verdict(
                                ResetVerdict.UNKNOWN,
                                Confidence.LIKELY,
                                armed
                                        ? ("the memory was kept and its log just ends, but the board gave a sign of life"
                                                        + " %s before, too late for the watchdog of %s: a reset button, or"
                                                        + " a watchdog that only its daemon had left alone")
                                                .formatted(silence, timeout)
                                        : "the memory was kept and its log just ends, and no watchdog is known to be armed");
            case GONE -> gone(longEnough, armed, timeout);
            case OTHER_BOOT ->
                verdict(
                        ResetVerdict.UNKNOWN,
                        Confidence.LIKELY,
                        "the log that came back is of another boot: there was one in between, and what ended this one was"
                                + " overwritten");
            case NOT_KNOWN ->
                longEnough && seen.serial() == End.NO_END
                        ? verdict(
                                ResetVerdict.SILENT_WATCHDOG,
                                Confidence.LIKELY,
                                ("the console shows no end, and the board had given no sign of life for %s with a watchdog"
                                                + " of %s armed")
                                        .formatted(silence, timeout))
                        : verdict(
                                ResetVerdict.UNKNOWN,
                                Confidence.WEAK,
                                "there was a reset, and no channel says how the boot before it ended");
        };
    }

    private Judgement gone(boolean longEnough, boolean armed, String timeout) {
        if (!seen.survivesResets()) {
            return verdict(
                    ResetVerdict.UNKNOWN,
                    Confidence.WEAK,
                    "the memory is gone, but it is not known to survive any reset of this board (hil doctor --qualify)");
        }
        if (longEnough && !seen.survivesWatchdog()) {
            return verdict(
                    ResetVerdict.UNKNOWN,
                    Confidence.WEAK,
                    ("the memory is gone: the power was lost, or the watchdog of %s bit and this board's memory does not"
                                    + " survive that (hil doctor --qualify)")
                            .formatted(timeout));
        }
        return verdict(
                ResetVerdict.POWER_LOSS,
                Confidence.LIKELY,
                "the memory is gone, which survives other resets of this board"
                        + (armed && !longEnough ? ", and it was too early for the watchdog" : ""));
    }

    private Judgement verdict(ResetVerdict verdict, Confidence confidence, String reason) {
        List<String> evidence = new ArrayList<>();
        evidence.add(reason);
        evidence.addAll(reasons);
        evidence.addAll(seen.notes());
        return new Judgement(verdict, confidence, List.copyOf(evidence));
    }
}
