package dev.hil.junit;

import dev.hil.board.Board;
import dev.hil.plan.Smokes;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/**
 * The smoke test {@code [smoke.contention]} of the board's definition: a display or GPU takes the locks of the same
 * buffers that video is written to. Implement it in a step's class.
 */
public interface ContentionSmoke {
    /** Frames flow while somebody else looks at them. */
    @Test
    @Order(510)
    @DisplayName("smoke: contention")
    default void contends(Board board) {
        Smokes.run(board, "contention");
    }
}
