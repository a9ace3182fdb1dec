package dev.hil.junit;

import dev.hil.board.Board;
import dev.hil.plan.Smokes;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** The smoke test {@code [smoke.decode]} of the board's definition: implement it in a step's class. */
public interface DecodeSmoke {
    /** Frames really flow. */
    @Test
    @Order(500)
    @DisplayName("smoke: decode")
    default void decodes(Board board) {
        Smokes.run(board, "decode");
    }
}
