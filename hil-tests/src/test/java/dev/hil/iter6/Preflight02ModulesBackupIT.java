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
@Order(102)
@DisplayName("0.2 backup of the modules")
class Preflight02ModulesBackupIT {

    @Test
    @DisplayName("0.2 the named module directories lie on the board and on a second host, whole by checksum")
    void modulesArePutBy(Board board) {
        Backup backup = Backups.modules(board);

        assertThat(backup.files()).as("what preflight.backup.modules names").isNotEmpty();
    }
}
