package dev.hil.iter6;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hil.board.Board;
import dev.hil.junit.HardGate;
import dev.hil.junit.HilTest;
import dev.hil.plan.Readiness;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** Risk R6 and what the plan takes for granted: consent, room, rights, programs. */
@HilTest
@HardGate
@Order(99)
@DisplayName("0.0 board and lab host are ready")
class Preflight00ReadinessIT {

    @Test
    @DisplayName("0.0 who uses the board consents; there is room; root's rights, sysrq and all programs are there")
    void ready(Board board) {
        Readiness readiness = Readiness.of(board);

        board.evidence().event("users", "logged in on %s: %s".formatted(board.name(), readiness.users()));
        assertThat(readiness.findings()).isEmpty();
    }
}
