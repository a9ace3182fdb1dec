package dev.hil.board;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.hil.link.CommandException;
import dev.hil.link.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

    /** What the stand-in for sudo was asked for, one command a line. */
    private List<String> asked() throws IOException {
        return Files.readAllLines(fake.at("/asked")).stream()
                .map(line -> line.replace(fake.root.toString(), ""))
                .distinct()
                .toList();
    }

    @Test
    void whatIsAskedOfSudoIsOnTheList() throws IOException {
        fake.timeout("3s");
        fake.tool("sudo", "shift 2; printf '%s\\n' \"$*\" >> " + fake.at("/asked") + "; exec \"$@\"");
        LiveBoard board = fake.open(true);
        RootRights rights = RootRights.of(board.definition());
        String module = "/lib/modules/6.1.0-fake/kernel/m.ko";
        fake.put(module, "old");
        fake.put("/sys/fs/pstore/dmesg-ramoops-0", "Panic#1 Part1\n");

        board.reboot("test");
        board.lockdep();
        board.pstore().clear(board.pstore().read());
        board.files().copy(module, module + ".hil-before-0001");
        board.files().push(fake.at(module), module);
        board.files().restore(module, module + ".hil-before-0001", Sha256.of("old"));
        board.files().remove("/lib/modules/6.1.0-fake/kernel/new.ko");
        board.giveBack();
        fake.tool("reboot", ":");
        assertThatExceptionOfType(BoardLostException.class).isThrownBy(board::crash);

        List<String> asked = asked();
        assertThat(asked)
                .hasSizeGreaterThan(20)
                .contains(
                        "reboot", "cat /dev/kmsg", "tee /proc/sysrq-trigger", "tee -- " + FakeBoard.MENU + ".hil-part")
                .allMatch(
                        line -> {
                            String[] words = line.split(" ", 2);
                            return rights.allow(words[0], words.length == 1 ? "" : words[1]);
                        },
                        "is on the list of docs/rights.md");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "cat -- /etc/shadow",
                "cat -- /boot/../etc/shadow",
                "cat /dev/kmsg /etc/shadow",
                "cat link-to-shadow",
                "tee -- /etc/passwd.hil-part",
                "tee -- /lib/modules/../../etc/passwd.hil-part",
                "tee -- /lib/modules/x /etc/passwd.hil-part",
                "mv -f -- /lib/modules/x /etc/passwd",
                "rm -- /sys/fs/pstore/../../../etc/passwd",
                "rm -rf -- /",
                "rm -rf -- /lib/modules",
                "sh -c id",
                "find / -exec id ;",
                "reboot -f",
                "modprobe -- -r",
                "test -e /x -o -e /y",
            })
    void whatIsNotOnTheListIsNotAllowed(String line) throws IOException {
        String[] words = line.split(" ", 2);

        assertThat(RootRights.of(fake.definition(true)).allow(words[0], words[1]))
                .isFalse();
    }

    @Test
    void thePageHasTheListAndTheRulesForSudo() throws IOException {
        RootRights rights = RootRights.of(fake.definition(true));
        Path page = Path.of("..", "docs", "rights.md");

        assertThat(page).content().contains(rights.table()).contains(rights.sudoers("hil"));
    }
}
