package dev.hil.board;

import static dev.hil.junit.HilAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hil.junit.CaptureQualification;
import dev.hil.junit.HilTest;
import dev.hil.virtual.VirtualMachine;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** The emulated board's capture survives everything but a power cut. */
@HilTest
class CaptureQualificationIT implements CaptureQualification {
    @Test
    @Order(1)
    void theKernelWithTheMeansIsBooted(Board board) {
        assertThat(board.reboot("lockdep")).isOrdered();
    }

    @Test
    @Order(200)
    void theTableIsKept(Board board) {
        Qualification known = Qualifier.of(board).known();

        assertThat(known.rows()).containsOnlyKeys(ResetClass.values());
        assertThat(known.survives(ResetClass.ORDERED_REBOOT)).isTrue();
        assertThat(known.survives(ResetClass.PANIC)).isTrue();
        assertThat(known.survives(ResetClass.WATCHDOG)).isTrue();
        assertThat(known.survives(ResetClass.LOCKUP)).isTrue();
        assertThat(known.survives(ResetClass.POWER_CUT)).isFalse();
        assertThat(known.rows())
                .hasEntrySatisfying(
                        ResetClass.PANIC, row -> assertThat(row.dmesg()).isTrue());
        assertThat(known.capturesPanic()).isTrue();
    }

    /** QMP's events are the oracle: what the table was made from is what happened. */
    @Test
    @Order(201)
    void theVerdictsAreWhatHappened(Board board) {
        VirtualMachine machine = (VirtualMachine) board.power().orElseThrow();
        Map<ResetVerdict, List<Reset>> seen =
                board.watch().resets().stream().collect(Collectors.groupingBy(Reset::verdict));

        assertThat(seen.get(ResetVerdict.SILENT_WATCHDOG))
                .hasSize((int) machine.events().stream()
                        .filter(event -> event.name().equals("WATCHDOG"))
                        .count())
                .hasSizeGreaterThanOrEqualTo(2)
                .allSatisfy(reset -> assertThat(reset)
                        .hasEvidence("bootstatus")
                        .hasConsoleCaptured()
                        .hasNoBitErrors());
        assertThat(seen.get(ResetVerdict.POWER_LOSS)).singleElement().satisfies(reset -> {
            assertThat(reset).isPowerLoss().hasEvidence("did not come back");
            assertThat(reset.capture()).isEqualTo(Capture.NOTHING);
        });
        Qualification known = Qualifier.of(board).known();
        assertThat(known.rows())
                .hasEntrySatisfying(
                        ResetClass.WATCHDOG, row -> assertThat(row.verdict()).isEqualTo(ResetVerdict.SILENT_WATCHDOG))
                .hasEntrySatisfying(
                        ResetClass.LOCKUP, row -> assertThat(row.verdict()).isEqualTo(ResetVerdict.SILENT_WATCHDOG))
                .hasEntrySatisfying(
                        ResetClass.POWER_CUT, row -> assertThat(row.verdict()).isEqualTo(ResetVerdict.POWER_LOSS));
    }
}
