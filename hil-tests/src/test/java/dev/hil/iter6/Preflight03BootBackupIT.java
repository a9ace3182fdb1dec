package dev.hil.iter6;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hil.board.Board;
import dev.hil.junit.HardGate;
import dev.hil.junit.HilTest;
import dev.hil.plan.Backup;
import dev.hil.plan.Backups;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

@HilTest
@HardGate
@Order(103)
@DisplayName("0.3 backup of the boot images")
class Preflight03BootBackupIT {

    @Test
    @DisplayName("0.3 what the safe label boots lies on the board and on a second host, whole by checksum")
    void bootImagesArePutBy(Board board) {
        Backup backup = Backups.boot(board);

        assertThat(backup.files())
                .as("what preflight.backup.boot or the safe label names")
                .isNotEmpty();
    }
}
