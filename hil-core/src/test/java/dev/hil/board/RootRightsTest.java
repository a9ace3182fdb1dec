package dev.hil.board;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.hil.link.CommandException;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What needs root's rights goes through sudo, and what sudo refuses is not taken for an answer of the board. */
@Timeout(60)
class RootRightsTest {
    private final FakeBoard fake;

    RootRightsTest(@TempDir Path folder) throws IOException {
        fake = new FakeBoard(folder);
    }

    @AfterEach
    void end() throws IOException {
        fake.close();
    }

    /** A module that is taken for absent would be removed by its undo. */
    @Test
    void aFileThatSudoDoesNotLetOneLookForIsNotAbsent() throws IOException {
        fake.tool("sudo", "echo 'sudo: a password is required' >&2; exit 1");
        LiveBoard board = fake.open(true);

        assertThatExceptionOfType(CommandException.class)
                .isThrownBy(() -> board.files().exists(FakeBoard.MENU))
                .withMessageContaining("a password is required");
    }

    @Test
    void rebootsPushesAndCopiesWithNothingButNamedProgramsThroughSudo() throws IOException {
        fake.tool("sudo", "shift 2; [ \"$1\" != sh ] || { echo 'sudo: no shell' >&2; exit 1; }; exec \"$@\"");
        LiveBoard board = fake.open(true);
        fake.put("/sys/fs/pstore/dmesg-ramoops-0", "Panic#1 Part1\n");

        Reset reset = board.reboot("test");

        assertThat(reset.verdict()).isEqualTo(ResetVerdict.ORDERED);
        assertThat(fake.at(FakeBoard.MENU)).content().startsWith("DEFAULT test\n");
        // The folder that this board is has no live kernel log, so nothing can be proven there.
        assertThat(board.lockdep().evidence())
                .contains("/proc/lockdep_stats: debug_locks is 1", "/proc/sys/kernel/prove_locking is 1");
        assertThat(board.pstore().clear(board.pstore().read())).hasSize(1);
        assertThat(fake.at("/sys/fs/pstore")).isEmptyDirectory();
        assertThat(fake.received())
                .as("no shell by sudo; write Command.rootScript with as_root PROGRAM ARGUMENT...")
                .noneMatch(line -> line.contains("sudo -n -- sh "));
    }
}
