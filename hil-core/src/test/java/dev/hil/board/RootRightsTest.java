package dev.hil.board;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.hil.link.CommandException;
import dev.hil.link.Sha256;
import dev.hil.record.Undo;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
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

    private static final String TREE = "/lib/modules/6.1.0-new";

    /** Each kind of undo that is carried out on a board, after a change that was made whole. */
    private Map<Undo, Runnable> changes(LiveBoard board) {
        BoardFiles files = board.files();
        String menu = new String(files.read(FakeBoard.MENU), StandardCharsets.ISO_8859_1);
        String module = "/lib/modules/6.1.0-fake/kernel/m.ko";
        String sum = files.sha256(module);
        String treeSum = files.folders().sha256("/lib/modules/6.1.0-old").orElseThrow();
        byte[] other = "other".getBytes(StandardCharsets.US_ASCII);
        byte[] withLabel = (menu + "LABEL new\n  LINUX /boot/Image\n").getBytes(StandardCharsets.ISO_8859_1);
        Map<Undo, Runnable> changes = new LinkedHashMap<>();
        Undo.Where where = Undo.Where.BOARD;
        changes.put(new Undo.BootLabel(where, "safe"), () -> {});
        changes.put(new Undo.RestoreText(where, "/lib/modules/6.1.0-fake/modules.dep", "dep\n"), () -> {
            files.write("/lib/modules/6.1.0-fake/modules.dep", other);
        });
        changes.put(new Undo.RestoreFile(where, module, module + ".hil-before-1", sum), () -> {
            files.copy(module, module + ".hil-before-1");
            files.write(module, other);
        });
        changes.put(new Undo.RemoveFile(where, module + ".new.ko"), () -> files.write(module + ".new.ko", other));
        changes.put(new Undo.RemoveTree(where, TREE), () -> files.folders().copy("/lib/modules/6.1.0-old", TREE));
        changes.put(
                new Undo.RestoreTree(where, "/lib/modules/6.1.0-old", "/lib/modules/6.1.0-old.hil-before", treeSum),
                () -> {
                    files.folders().copy("/lib/modules/6.1.0-old", "/lib/modules/6.1.0-old.hil-before");
                    files.write("/lib/modules/6.1.0-old/m.ko", other);
                });
        changes.put(
                new Undo.RemoveLabel(where, FakeBoard.MENU, "new", menu), () -> files.write(FakeBoard.MENU, withLabel));
        changes.put(
                new Undo.SetDefault(where, FakeBoard.MENU, "safe", new String(withLabel, StandardCharsets.ISO_8859_1)),
                () -> files.write(
                        FakeBoard.MENU,
                        new String(withLabel, StandardCharsets.ISO_8859_1)
                                .replace("DEFAULT safe", "DEFAULT test")
                                .getBytes(StandardCharsets.ISO_8859_1)));
        return changes;
    }

    @Test
    void whatUndosAskOfSudoIsOnTheList() throws IOException {
        fake.put("/lib/modules/6.1.0-fake/kernel/m.ko", "old");
        fake.put("/lib/modules/6.1.0-fake/modules.dep", "dep\n");
        fake.put("/lib/modules/6.1.0-old/m.ko", "old");
        String menu = Files.readString(fake.at(FakeBoard.MENU));
        fake.tool("sudo", "shift 2; printf '%s\\n' \"$*\" >> " + fake.at("/asked") + "; exec \"$@\"");
        LiveBoard board = fake.open(true);
        Map<Undo, Runnable> changes = changes(board);
        assertThat(changes.keySet())
                .as("kinds of undo; a patch is taken out with the user's own rights")
                .extracting(Undo::getClass)
                .extracting(Class::getSimpleName)
                .containsExactlyInAnyOrderElementsOf(Stream.of(Undo.class.getPermittedSubclasses())
                        .map(Class::getSimpleName)
                        .filter(name -> !name.equals(Undo.ReversePatch.class.getSimpleName()))
                        .toList());
        changes.forEach((undo, change) -> board.changes().make(undo.inWords(), undo, change));
        RecoveryReport report = board.giveBack();

        assertThat(report.problems()).isEmpty();
        assertThat(report.undone()).hasSize(changes.size());
        assertThat(fake.at(FakeBoard.MENU)).hasContent(menu);
        assertThat(fake.at(TREE)).doesNotExist();
        RootRights rights = RootRights.of(board.definition());
        assertThat(asked())
                .anyMatch(line -> line.startsWith("cp -a -- "))
                .anyMatch(line -> line.startsWith("rm -rf -- "))
                .anyMatch(line -> line.startsWith("cmp -s -- "))
                .anyMatch(line -> line.startsWith("mv -f -- "))
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
