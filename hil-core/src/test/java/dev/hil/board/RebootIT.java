package dev.hil.board;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hil.boot.BootMenuException;
import dev.hil.junit.HilTest;
import dev.hil.link.Console;
import dev.hil.virtual.QmpEvent;
import dev.hil.virtual.VirtualMachine;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

@HilTest
class RebootIT {
    private static final String MENU = "/boot/extlinux/extlinux.conf";

    @Test
    void anOrderedRebootIsProvenByItsBootId(Board board) {
        Console console = board.console().orElseThrow();
        long mark = console.position();
        String before = board.bootId();
        long resets = resets(board);

        Reset reset = board.reboot();

        assertThat(reset.verdict()).isEqualTo(ResetVerdict.ORDERED);
        assertThat(reset.before().id()).isEqualTo(before);
        assertThat(reset.after().id()).isNotEqualTo(before).isEqualTo(board.bootId());
        assertThat(console.since(mark)).contains("reboot: Restarting system", "U-Boot 20", "Linux version");
        assertThat(resets(board)).isEqualTo(resets + 1);
    }

    @Test
    @Order(1)
    void eachLabelBootsItsOwnKernelAndTheMenuComesBack(Board board) {
        // Another class of this run may have left another default.
        board.reboot("safe");
        byte[] found = board.files().read(MENU);
        long mark = board.changes().mark();
        for (String label : new String[] {"lockdep", "safe"}) {
            board.reboot(label);
            assertThat(board.boot()).matches(board.expectedKernel(label).orElseThrow()::isOf, label);
            assertThat(board.lockdep().state())
                    .isEqualTo(label.equals("lockdep") ? LockdepState.PROVEN : LockdepState.BLIND);
        }

        Changes.Undone undone = board.changes().undoSince(mark);

        assertThat(undone.failed()).isEmpty();
        assertThat(undone.undone()).hasSize(2);
        assertThat(board.files().read(MENU)).isEqualTo(found);
    }

    @Test
    void aLabelThatDoesNotExistIsRefusedBeforeAnythingIsWritten(Board board) {
        byte[] found = board.files().read(MENU);

        assertThatThrownBy(() -> board.reboot("lockdeep"))
                .isInstanceOf(BootMenuException.class)
                .hasMessageContaining("\"lockdeep\"")
                .hasMessageContaining("safe, lockdep");

        assertThat(board.files().read(MENU)).isEqualTo(found);
        assertThat(board.bootId()).isEqualTo(board.boot().id());
    }

    @Test
    void aLabelWhoseKernelIsMissingIsRefusedBeforeAnythingIsWritten(Board board) {
        byte[] found = board.files().read(MENU);
        byte[] with = (new String(found, StandardCharsets.ISO_8859_1) + "\nLABEL broken\n\tLINUX /boot/nothing\n")
                .getBytes(StandardCharsets.ISO_8859_1);
        board.files().write(MENU, with);
        try {
            assertThatThrownBy(() -> board.reboot("broken"))
                    .hasMessageContaining("/boot/nothing")
                    .hasMessageContaining("Nothing was changed");
            assertThat(board.files().read(MENU)).isEqualTo(with);
        } finally {
            board.files().write(MENU, found);
        }
    }

    private static long resets(Board board) {
        VirtualMachine machine = (VirtualMachine) board.power().orElseThrow();
        return machine.events().stream()
                .map(QmpEvent::name)
                .filter("RESET"::equals)
                .count();
    }
}
