package dev.hil.board;

import static dev.hil.junit.HilAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hil.junit.CaptureQualification;
import dev.hil.junit.HilTest;
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
                        ResetClass.LOCKUP, row -> assertThat(row.verdict()).isEqualTo(ResetVerdict.SILENT_WATCHDOG))
                .hasEntrySatisfying(
                        ResetClass.POWER_CUT, row -> assertThat(row.verdict()).isEqualTo(ResetVerdict.POWER_LOSS))
                .hasEntrySatisfying(
                        ResetClass.PANIC, row -> assertThat(row.dmesg()).isTrue());
    }
}
