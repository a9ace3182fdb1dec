package dev.hil.board;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hil.board.Checkup.Outcome;
import dev.hil.junit.HilTest;
import dev.hil.link.Command;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The emulated board is fit for its tests, and looking it over changes nothing of it. */
@HilTest
class CheckupIT {
    /** Every file on its disk, what pstore holds, and which boot runs. */
    private static String state(Board board) {
        return board.exec(Command.script("cat /proc/sys/kernel/random/boot_id;"
                                + " find / -xdev -type f ! -path '/tmp/*' ! -path '/run/*' ! -path '/var/log/*'"
                                + " -exec sha256sum {} \\; | sort;"
                                + " ls -l /sys/fs/pstore")
                        .root())
                .orThrow()
                .stdout();
    }

    @Test
    void aBoardThatIsWellIsFoundWellAndLeftAsItWas(Board board) {
        String before = state(board);
        long changes = board.changes().mark();

        List<Checkup.Check> checks = Checkup.of(board);

        assertThat(checks)
                .extracting(Checkup.Check::name)
                .contains(
                        "reach",
                        "rights",
                        "tools",
                        "kernel log",
                        "whole log",
                        "ramoops",
                        "console level",
                        "panic",
                        "watchdog",
                        "console",
                        "lockdep",
                        "qualification");
        assertThat(checks)
                .filteredOn(check -> check.outcome() == Outcome.PROBLEM)
                .isEmpty();
        assertThat(state(board)).isEqualTo(before).contains("/boot/extlinux/extlinux.conf");
        assertThat(board.changes().mark()).isEqualTo(changes);
    }
}
