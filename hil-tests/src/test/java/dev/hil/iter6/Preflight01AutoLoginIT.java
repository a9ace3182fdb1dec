package dev.hil.iter6;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hil.board.Board;
import dev.hil.junit.HardGate;
import dev.hil.junit.HilTest;
import dev.hil.plan.AutoLogin;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

@HilTest
@HardGate
@Order(101)
@DisplayName("0.1 auto-login is off")
class Preflight01AutoLoginIT {

    @Test
    @DisplayName("0.1 no display manager logs somebody in by itself")
    void isOff(Board board) {
        AutoLogin autoLogin = AutoLogin.of(board);

        board.evidence().event("auto-login", autoLogin.toString());
        assertThat(autoLogin.isOff(board.definition())).as(autoLogin.toString()).isTrue();
    }
}
