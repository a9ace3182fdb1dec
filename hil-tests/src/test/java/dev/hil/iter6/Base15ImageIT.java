package dev.hil.iter6;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hil.board.Board;
import dev.hil.junit.HardGate;
import dev.hil.junit.HilTest;
import dev.hil.plan.KernelUnderTest;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** The image, its configuration, and an initramfs where the board needs one. */
@HilTest
@HardGate
@Order(115)
@DisplayName("1.5 image installed")
class Base15ImageIT {

    @Test
    @DisplayName("1.5 beside the image to go back to")
    void isInstalled(Board board, KernelUnderTest kernel) {
        String image = kernel.installImage();

        assertThat(board.files().exists(image)).as(image).isTrue();
    }
}
