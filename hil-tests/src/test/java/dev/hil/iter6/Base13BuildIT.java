package dev.hil.iter6;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hil.board.Board;
import dev.hil.board.KernelIdentity;
import dev.hil.junit.HardGate;
import dev.hil.junit.HilTest;
import dev.hil.plan.KernelUnderTest;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** {@code make Image modules}. */
@HilTest
@HardGate
@Order(113)
@DisplayName("1.3 kernel built")
class Base13BuildIT {

    @Test
    @DisplayName("1.3 image and modules, with a release and a nonce of their own")
    void isBuilt(Board board, KernelUnderTest kernel) {
        KernelIdentity built = kernel.buildKernel();

        assertThat(built.release()).isNotEqualTo(board.boot().release());
    }
}
