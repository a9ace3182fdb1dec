package dev.hil.iter6;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hil.board.Board;
import dev.hil.junit.HardGate;
import dev.hil.junit.HilTest;
import dev.hil.plan.KernelUnderTest;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** {@code make modules_install}, away from the modules of the kernel to go back to (A3). */
@HilTest
@HardGate
@Order(114)
@DisplayName("1.4 modules installed")
class Base14ModulesIT {

    @Test
    @DisplayName("1.4 into a folder that is free or ours")
    void areInstalled(Board board, KernelUnderTest kernel) {
        String folder = kernel.installModules();

        assertThat(folder).isNotEqualTo("/lib/modules/" + board.boot().release());
        assertThat(board.files().folders().exists(folder)).as(folder).isTrue();
    }
}
