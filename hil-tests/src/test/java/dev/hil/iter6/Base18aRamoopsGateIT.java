package dev.hil.iter6;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hil.board.Board;
import dev.hil.board.PstoreRecord;
import dev.hil.board.Reset;
import dev.hil.board.ResetVerdict;
import dev.hil.junit.HardGate;
import dev.hil.junit.HilTest;
import dev.hil.link.Sha256;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

@HilTest
@HardGate
@Order(118)
@DisplayName("1.8a ramoops")
class Base18aRamoopsGateIT {

    @Test
    @DisplayName("1.8a a crash leaves its last words in ramoops; they are copied out, then cleared")
    void aCrashIsCaptured(Board board) throws IOException {
        board.pstore().clear(board.pstore().read());

        Reset reset = board.crash();

        assertThat(reset.verdict()).as("verdict, from: %s", reset.evidence()).isEqualTo(ResetVerdict.DIAGNOSED);
        assertThat(reset.pstore())
                .extracting(PstoreRecord::kind)
                .contains(PstoreRecord.Kind.DMESG, PstoreRecord.Kind.CONSOLE);
        assertThat(reset.pstore())
                .filteredOn(record -> record.kind() == PstoreRecord.Kind.DMESG)
                .first()
                .extracting(PstoreRecord::text)
                .asString()
                .contains("sysrq triggered crash");
        for (PstoreRecord record : reset.pstore()) {
            assertThat(Sha256.of(record.copy()))
                    .as("checksum of " + record.copy())
                    .isEqualTo(record.sha256());
        }

        List<PstoreRecord> removed = board.pstore().clear(reset.pstore());

        assertThat(removed).extracting(PstoreRecord::kind).contains(PstoreRecord.Kind.DMESG);
        assertThat(board.pstore().read()).extracting(PstoreRecord::kind).doesNotContain(PstoreRecord.Kind.DMESG);
    }
}
