package dev.hil.board;

import static dev.hil.board.Confidence.CERTAIN;
import static dev.hil.board.Confidence.LIKELY;
import static dev.hil.board.Confidence.WEAK;
import static dev.hil.board.ResetVerdict.DIAGNOSED;
import static dev.hil.board.ResetVerdict.NETWORK_ONLY;
import static dev.hil.board.ResetVerdict.NONE;
import static dev.hil.board.ResetVerdict.ORDERED;
import static dev.hil.board.ResetVerdict.POWER_LOSS;
import static dev.hil.board.ResetVerdict.SILENT_WATCHDOG;
import static dev.hil.board.ResetVerdict.UNKNOWN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hil.board.ResetEvidence.End;
import dev.hil.board.ResetEvidence.Firmware;
import dev.hil.board.ResetEvidence.Memory;
import dev.hil.board.ResetEvidence.Order;
import dev.hil.board.ResetJudge.Judgement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every combination of evidence that matters, and all of them for what must never come out. */
class ResetJudgeTest {
    /** Evidence with everything unknown, to be changed where a row says so. */
    private static final class Seen {
        private boolean sameBoot;
        private boolean linkLost = true;
        private Order order = Order.NOTHING;
        private End serial = End.NOT_CAPTURED;
        private Firmware firmware = Firmware.NOT_SAID;
        private Memory memory = Memory.NOT_KNOWN;
        private End captured = End.NOT_CAPTURED;
        private End journal = End.NOT_CAPTURED;
        private String dump = "";
        private boolean panic;
        private String liveDeath = "";
        private List<String> hangs = List.of();
        private long bootStatus;
        private Optional<Duration> watchdog = Optional.empty();
        private Optional<Duration> silence = Optional.empty();
        private boolean survivesResets;
        private boolean survivesWatchdog;
        private int boots = 1;

        Seen sameBoot(boolean lost, String... hung) {
            sameBoot = true;
            linkLost = lost;
            hangs = List.of(hung);
            return this;
        }

        Seen ordered(Order what) {
            order = what;
            return this;
        }

        Seen serial(End end) {
            serial = end;
            return this;
        }

        Seen firmware(Firmware said) {
            firmware = said;
            return this;
        }

        Seen memory(Memory what, End end) {
            memory = what;
            captured = end;
            return this;
        }

        Seen journal(End end) {
            journal = end;
            return this;
        }

        Seen dump(String title, boolean isPanic) {
            dump = title;
            panic = isPanic;
            return this;
        }

        Seen live(String headline) {
            liveDeath = headline;
            return this;
        }

        Seen status(long bits) {
            bootStatus = bits;
            return this;
        }

        Seen watchdog(int seconds) {
            watchdog = Optional.of(Duration.ofSeconds(seconds));
            return this;
        }

        Seen silence(int seconds) {
            silence = Optional.of(Duration.ofSeconds(seconds));
            return this;
        }

        Seen survives(boolean resets, boolean theWatchdog) {
            survivesResets = resets;
            survivesWatchdog = theWatchdog;
            return this;
        }

        Seen boots(int number) {
            boots = number;
            return this;
        }

        ResetEvidence get() {
            return new ResetEvidence(
                    sameBoot,
                    linkLost,
                    order,
                    serial,
                    firmware,
                    memory,
                    captured,
                    journal,
                    dump,
                    panic,
                    liveDeath,
                    hangs,
                    bootStatus,
                    watchdog,
                    silence,
                    survivesResets,
                    survivesWatchdog,
                    boots,
                    List.of("a note"));
        }
    }

    private static Seen seen() {
        return new Seen();
    }

    private static Arguments row(String name, Seen seen, ResetVerdict verdict, Confidence confidence, String reason) {
        return Arguments.of(name, seen.get(), verdict, confidence, reason);
    }

    static Stream<Arguments> table() {
        return Stream.of(
                // The same boot.
                row("nothing", seen().sameBoot(false), NONE, CERTAIN, "boot_id is the same"),
                row("network", seen().sameBoot(true), NETWORK_ONLY, CERTAIN, "not heard for a while"),
                row("hang that passed", seen().sameBoot(true, "soft lockup"), NONE, CERTAIN, "had hung: soft lockup"),
                row(
                        "boot_id over all else",
                        seen().sameBoot(true).serial(End.DIED).status(0x20).memory(Memory.GONE, End.NOT_CAPTURED),
                        NETWORK_ONLY,
                        CERTAIN,
                        "boot_id is the same"),
                // Ordered reboots.
                row(
                        "ordered, console",
                        seen().ordered(Order.REBOOT).serial(End.CLEAN),
                        ORDERED,
                        CERTAIN,
                        "shown by the console"),
                row(
                        "ordered, ramoops",
                        seen().ordered(Order.REBOOT).memory(Memory.KEPT, End.CLEAN),
                        ORDERED,
                        CERTAIN,
                        "the console record in pstore"),
                row(
                        "ordered, journal",
                        seen().ordered(Order.REBOOT).journal(End.CLEAN),
                        ORDERED,
                        CERTAIN,
                        "the journal"),
                row(
                        "ordered, after an oops that did not end it",
                        seen().ordered(Order.REBOOT).serial(End.CLEAN).dump("oops", false),
                        ORDERED,
                        CERTAIN,
                        "went down in order"),
                row("ordered, no channel", seen().ordered(Order.REBOOT), ORDERED, LIKELY, "no channel has captured"),
                row(
                        "ordered, console cut off",
                        seen().ordered(Order.REBOOT).serial(End.NO_END),
                        ORDERED,
                        WEAK,
                        "does not show the end"),
                row(
                        "ordered, panic on the way down",
                        seen().ordered(Order.REBOOT).serial(End.CLEAN).dump("panic: x", true),
                        DIAGNOSED,
                        CERTAIN,
                        "panic: x"),
                row(
                        "ordered, hung on the way down, watchdog",
                        seen().ordered(Order.REBOOT)
                                .memory(Memory.KEPT, End.NO_END)
                                .watchdog(15)
                                .silence(14),
                        SILENT_WATCHDOG,
                        LIKELY,
                        "watchdog of 15 s armed"),
                row(
                        "ordered, watchdog says so",
                        seen().ordered(Order.REBOOT)
                                .memory(Memory.KEPT, End.NO_END)
                                .status(0x20),
                        SILENT_WATCHDOG,
                        CERTAIN,
                        "bootstatus"),
                // Deaths.
                row("panic", seen().dump("panic: x", true), DIAGNOSED, CERTAIN, "a dmesg record of this boot"),
                row(
                        "ordered crash",
                        seen().ordered(Order.CRASH).dump("panic: sysrq", true),
                        DIAGNOSED,
                        CERTAIN,
                        "panic: sysrq"),
                row("oops and then nothing", seen().dump("oops", false), DIAGNOSED, LIKELY, "oops"),
                row("panic on the console", seen().serial(End.DIED), DIAGNOSED, CERTAIN, "the console shows"),
                row(
                        "panic in the console record",
                        seen().memory(Memory.KEPT, End.DIED),
                        DIAGNOSED,
                        CERTAIN,
                        "the console record"),
                row("panic heard live", seen().live("Kernel panic"), DIAGNOSED, LIKELY, "heard of it live"),
                row(
                        "panic ended by the watchdog",
                        seen().dump("panic: x", true).status(0x20),
                        DIAGNOSED,
                        CERTAIN,
                        "panic: x"),
                row(
                        "ordered crash that no channel has",
                        seen().ordered(Order.CRASH).memory(Memory.KEPT, End.NO_END),
                        UNKNOWN,
                        LIKELY,
                        "no watchdog is known"),
                row(
                        "ordered crash, but an orderly end",
                        seen().ordered(Order.CRASH).serial(End.CLEAN),
                        UNKNOWN,
                        CERTAIN,
                        "ordered a crash, but"),
                // Somebody else.
                row("somebody rebooted it", seen().serial(End.CLEAN), UNKNOWN, CERTAIN, "who rebooted it?"),
                row(
                        "somebody rebooted it, journal only",
                        seen().journal(End.CLEAN).memory(Memory.GONE, End.NOT_CAPTURED),
                        UNKNOWN,
                        CERTAIN,
                        "who rebooted it?"),
                // The watchdog.
                row("bootstatus", seen().status(0x20), SILENT_WATCHDOG, CERTAIN, "bootstatus"),
                row(
                        "firmware names the watchdog",
                        seen().firmware(Firmware.WATCHDOG).memory(Memory.GONE, End.NOT_CAPTURED),
                        SILENT_WATCHDOG,
                        CERTAIN,
                        "firmware"),
                row(
                        "bootstatus after two resets",
                        seen().status(0x20).boots(2),
                        SILENT_WATCHDOG,
                        LIKELY,
                        "another boot in between"),
                row(
                        "kept, silent, armed",
                        seen().memory(Memory.KEPT, End.NO_END).watchdog(15).silence(13),
                        SILENT_WATCHDOG,
                        LIKELY,
                        "13 s"),
                row(
                        "kept, armed, but well a moment ago",
                        seen().memory(Memory.KEPT, End.NO_END).watchdog(15).silence(1),
                        UNKNOWN,
                        LIKELY,
                        "a sign of life"),
                row(
                        "kept, armed, silence unknown",
                        seen().memory(Memory.KEPT, End.NO_END).watchdog(15),
                        UNKNOWN,
                        LIKELY,
                        "an unknown time"),
                row(
                        "kept, silent, none armed",
                        seen().memory(Memory.KEPT, End.NO_END).silence(60),
                        UNKNOWN,
                        LIKELY,
                        "no watchdog is known"),
                row(
                        "serial only, silent, armed",
                        seen().serial(End.NO_END).watchdog(15).silence(20),
                        SILENT_WATCHDOG,
                        LIKELY,
                        "the console shows no end"),
                // Power.
                row(
                        "gone, qualified",
                        seen().memory(Memory.GONE, End.NOT_CAPTURED)
                                .survives(true, true)
                                .watchdog(15)
                                .silence(20),
                        POWER_LOSS,
                        LIKELY,
                        "survives other resets"),
                row(
                        "gone, too early for the watchdog",
                        seen().memory(Memory.GONE, End.NOT_CAPTURED)
                                .survives(true, false)
                                .watchdog(15)
                                .silence(2),
                        POWER_LOSS,
                        LIKELY,
                        "too early for the watchdog"),
                row(
                        "gone, the watchdog may have done it",
                        seen().memory(Memory.GONE, End.NOT_CAPTURED)
                                .survives(true, false)
                                .watchdog(15)
                                .silence(20),
                        UNKNOWN,
                        WEAK,
                        "the power was lost, or the watchdog"),
                row(
                        "gone, and never known to stay",
                        seen().memory(Memory.GONE, End.NOT_CAPTURED),
                        UNKNOWN,
                        WEAK,
                        "not known to survive any reset"),
                row("firmware: power on", seen().firmware(Firmware.POWER_ON), POWER_LOSS, CERTAIN, "power was lost"),
                row("bootstatus: power", seen().status(0x10), POWER_LOSS, CERTAIN, "power was lost"),
                row(
                        "firmware says power, memory says no",
                        seen().firmware(Firmware.POWER_ON).memory(Memory.KEPT, End.NO_END),
                        UNKNOWN,
                        WEAK,
                        "but the memory was kept"),
                row(
                        "power and watchdog at once",
                        seen().firmware(Firmware.POWER_ON).status(0x20),
                        UNKNOWN,
                        WEAK,
                        "another says the power"),
                // No evidence.
                row(
                        "another boot's log",
                        seen().memory(Memory.OTHER_BOOT, End.NOT_CAPTURED),
                        UNKNOWN,
                        LIKELY,
                        "one in between"),
                row("nothing at all", seen(), UNKNOWN, WEAK, "no channel says"),
                row("serial just ends", seen().serial(End.NO_END), UNKNOWN, WEAK, "no channel says"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("table")
    void theEvidenceDecides(
            String name, ResetEvidence seen, ResetVerdict verdict, Confidence confidence, String reason) {
        Judgement judgement = ResetJudge.judge(seen);

        assertThat(judgement.verdict()).as("%s: %s", name, judgement.evidence()).isEqualTo(verdict);
        assertThat(judgement.confidence())
                .as("%s: %s", name, judgement.evidence())
                .isEqualTo(confidence);
        assertThat(judgement.evidence().get(0)).contains(reason);
        assertThat(judgement.evidence()).contains("a note");
    }

    /** What would be a false green: all other combinations are gone through for it. */
    @Test
    void noResetIsEverCalledNoneNorOrderedWithoutAnOrder() {
        int rows = 0;
        for (Order order : Order.values()) {
            for (End serial : End.values()) {
                for (End captured : End.values()) {
                    for (Memory memory : Memory.values()) {
                        for (Firmware firmware : Firmware.values()) {
                            for (long status : new long[] {0, 0x10, 0x20}) {
                                for (String dump : new String[] {"", "panic"}) {
                                    Judgement judgement = ResetJudge.judge(seen().ordered(order)
                                            .serial(serial)
                                            .memory(memory, captured)
                                            .firmware(firmware)
                                            .status(status)
                                            .dump(dump, true)
                                            .watchdog(15)
                                            .silence(20)
                                            .get());
                                    rows++;
                                    assertThat(judgement.verdict()).isNotIn(NONE, NETWORK_ONLY);
                                    if (order != Order.REBOOT || !dump.isEmpty() || serial == End.DIED) {
                                        assertThat(judgement.verdict()).isNotEqualTo(ORDERED);
                                    }
                                    if (memory == Memory.KEPT) {
                                        assertThat(judgement.verdict())
                                                .as("power loss with the memory kept: %s", judgement.evidence())
                                                .isNotEqualTo(POWER_LOSS);
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
        assertThat(rows).isEqualTo(3 * 4 * 4 * 4 * 4 * 3 * 2);
    }

    @Test
    void firmwareIsUnderstoodInItsOwnWords() {
        assertThat(ConsoleView.firmware("")).isEqualTo(Firmware.NOT_SAID);
        assertThat(ConsoleView.firmware("Reset cause: WDOG")).isEqualTo(Firmware.WATCHDOG);
        assertThat(ConsoleView.firmware("Reset status: Watchdog reset")).isEqualTo(Firmware.WATCHDOG);
        assertThat(ConsoleView.firmware("Reset cause: WDT")).isEqualTo(Firmware.WATCHDOG);
        assertThat(ConsoleView.firmware("Reset cause: POR")).isEqualTo(Firmware.POWER_ON);
        assertThat(ConsoleView.firmware("Reset cause: Power-On Reset")).isEqualTo(Firmware.POWER_ON);
        assertThat(ConsoleView.firmware("Reset cause: unknown")).isEqualTo(Firmware.OTHER);
    }
}
