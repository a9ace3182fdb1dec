package dev.hil.iter6;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hil.board.Board;
import dev.hil.junit.HardGate;
import dev.hil.junit.HilTest;
import dev.hil.kernel.KernelConfig;
import dev.hil.plan.KernelUnderTest;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** {@code scripts/config} and {@code olddefconfig}, with amendments A3 and A5; the options stand in the definition. */
@HilTest
@HardGate
@Order(112)
@DisplayName("1.2 lockdep and ramoops configured")
class Base12ConfigurationIT {

    @Test
    @DisplayName("1.2 each option of the plan took")
    void eachOptionTook(Board board, KernelUnderTest kernel) {
        KernelConfig config = kernel.configure();

        assertThat(config.untaken(board.definition().plan().config())).isEmpty();
    }
}
