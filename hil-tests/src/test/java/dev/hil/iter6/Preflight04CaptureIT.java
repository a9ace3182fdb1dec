package dev.hil.iter6;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hil.board.Board;
import dev.hil.board.PstoreRecord;
import dev.hil.junit.HilTest;
import dev.hil.junit.InformationalGate;
import dev.hil.lint.LintReport;
import dev.hil.lint.Linter;
import dev.hil.lint.LiveFacts;
import dev.hil.plan.ConfigSurvey;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** 0.4-G: whether the capture works can be told only once the kernel under test has crashed. */
@HilTest
@InformationalGate(movedTo = "1.8a")
@Order(104)
@DisplayName("0.4 what is to survive a reset")
class Preflight04CaptureIT {

    @Test
    @Order(1)
    @DisplayName("0.4a how the kernels are configured that are there")
    void configurations(Board board) {
        ConfigSurvey survey = ConfigSurvey.of(board);

        board.evidence().write("kernel-config.txt", survey.table());
        assertThat(survey.places())
                .as("configurations; none in %s", survey.missing())
                .isNotEmpty();
    }

    @Test
    @Order(2)
    @DisplayName("0.4a pstore is mounted, and no old crash lies in either place")
    void pstoreIsEmpty(Board board) {
        assertThat(board.exec("grep", " /sys/fs/pstore pstore ", "/proc/mounts").stdout())
                .as("the mount of pstore")
                .isNotEmpty();
        // A console record is there after every reboot that the memory survives.
        assertThat(board.pstore().read())
                .filteredOn(record -> record.kind() == PstoreRecord.Kind.DMESG)
                .as("records of crashes before this plan, in /sys/fs/pstore and /var/lib/systemd/pstore")
                .isEmpty();
    }

    @Test
    @Order(3)
    @DisplayName("0.4b /proc/iomem and the device tree keep the region of ramoops free")
    void regionIsReserved(Board board) {
        LintReport region = Linter.run(LiveFacts.read(board)).only("ramoops-reserved", "ramoops-place");

        assertThat(region.findings()).isEmpty();
        assertThat(region.notChecked()).isEmpty();
    }
}
