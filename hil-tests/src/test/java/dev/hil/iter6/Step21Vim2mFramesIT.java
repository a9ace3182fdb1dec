package dev.hil.iter6;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hil.board.Board;
import dev.hil.junit.BisectStep;
import dev.hil.junit.DecodeSmoke;
import dev.hil.junit.StepAssertions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

@BisectStep(order = 1, patch = "0001")
@DisplayName("2.1 vim2m counts frames")
class Step21Vim2mFramesIT implements DecodeSmoke, StepAssertions {

    @Test
    @Order(600)
    @DisplayName("2.1 the patched driver has counted the frames of the smoke test")
    void countsFrames(Board board) {
        String frames = board.exec("cat", "/sys/module/vim2m/parameters/frames")
                .orThrow()
                .text();

        assertThat(Integer.parseInt(frames)).isPositive();
    }
}
