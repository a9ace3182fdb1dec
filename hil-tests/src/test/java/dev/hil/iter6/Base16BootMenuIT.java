package dev.hil.iter6;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hil.board.Board;
import dev.hil.boot.ExtlinuxMenu;
import dev.hil.junit.HardGate;
import dev.hil.junit.HilTest;
import dev.hil.plan.KernelUnderTest;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** A label like the safe one; DEFAULT is overridden, and put back from the ledger. */
@HilTest
@HardGate
@Order(116)
@DisplayName("1.6 boot label added")
class Base16BootMenuIT {

    @Test
    @DisplayName("1.6 the label is there and DEFAULT; the safe one is as it was")
    void isAdded(Board board, KernelUnderTest kernel) {
        ExtlinuxMenu before = menu(board);

        kernel.addLabel();

        ExtlinuxMenu after = menu(board);
        String safe = board.definition().boot().safe();
        assertThat(after.defaultLabel()).isEqualTo(kernel.label());
        assertThat(after.block(safe)).isEqualTo(before.block(safe));
    }

    private static ExtlinuxMenu menu(Board board) {
        String path = board.definition().boot().menu();
        return ExtlinuxMenu.parse(path, new String(board.files().read(path), StandardCharsets.ISO_8859_1));
    }
}
