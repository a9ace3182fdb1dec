package dev.hil.board;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.hil.junit.HilTest;
import dev.hil.link.Command;
import dev.hil.link.InfrastructureException;
import dev.hil.record.FoundState;
import dev.hil.record.Undo;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/**
 * A real board, its programs and its kernel, that says hostile things: its name, names of its files, its menu, its log.
 * {@code HostileBoardTest} has more of them, on a stand-in.
 */
@HilTest
@Order(50)
class HostileBoardIT {
    private static final String NAME = "$(touch /CANARY)'\"`touch /CANARY`;touch /CANARY\n\033[2J../..";
    private static final String HOSTILE = "/lib/modules/x" + NAME.replace('/', '_');
    private static final Path HERE = Path.of("/CANARY");

    @BeforeEach
    void nothingOfAnEarlierRunIsThere(Board board) {
        assertThat(HERE).doesNotExist();
        assertThat(board.exec("test", "-e", "/CANARY").ok()).isFalse();
    }

    @AfterEach
    void noCommandWasInjected(Board board) {
        board.exec(Command.script("rm -rf -- \"$1\" \"/boot/$2\" /boot/hostile.conf", HOSTILE, NAME.replace('/', '_')));
        assertThat(HERE).as("on this host").doesNotExist();
        assertThat(board.exec("test", "-e", "/CANARY").ok()).as("on the board").isFalse();
    }

    @Test
    void aHostNameIsTextAndNoCommand(Board board) throws IOException {
        String before = board.exec("cat", "/proc/sys/kernel/hostname").orThrow().text();
        String hostile = "$(touch /CANARY)'`;\"<b>x</b>";
        board.exec(Command.script("printf %s \"$1\" > /proc/sys/kernel/hostname", hostile))
                .orThrow();
        try {
            assertThat(board.exec("uname", "-n").orThrow().text()).isEqualTo(hostile);
            BoardFacts.note(board.evidence(), board.shell(), board.boot());
            assertThat(board.bootId()).isEqualTo(board.boot().id());
        } finally {
            board.exec(Command.script("printf %s \"$1\" > /proc/sys/kernel/hostname", before))
                    .orThrow();
        }
    }

    /** What the state before is made of has these names in it; a copy and its undo have them too. */
    @Test
    void aModuleTreeOfAHostileNameIsFoundCopiedAndRemoved(Board board) {
        board.exec(Command.script("mkdir -p -- \"$1/kernel\" && echo x > \"$1/kernel/$2\"", HOSTILE, "m\n.ko"))
                .orThrow();
        Folders folders = board.files().folders();
        String sum = folders.sha256(HOSTILE).orElseThrow();

        FoundState found = new FoundStates(board.definition(), board.files(), board.shell(), board.buildHost())
                .read(Undo.Where.BOARD);
        assertThat(found.facts()).containsEntry("modules " + HOSTILE, sum);

        String copy = HOSTILE + ".hil-copy";
        long mark = board.changes().mark();
        board.change("a copy", new Undo.RemoveTree(Undo.Where.BOARD, copy), () -> {
            folders.copy(HOSTILE, copy);
            return copy;
        });
        assertThat(folders.sha256(copy)).contains(sum);
        assertThat(board.changes().undoSince(mark).failed()).isEmpty();
        assertThat(folders.exists(copy)).isFalse();
        assertThat(folders.sha256(HOSTILE)).contains(sum);
    }

    @Test
    void aFileOfAHostileNameIsCopiedIntoTheEvidenceAndNowhereElse(Board board) throws IOException {
        String file = "/boot/" + NAME.replace('/', '_');
        board.exec(Command.script("printf hostile > \"$1\"", file)).orThrow();

        Path copy = board.pull(file, 1000);

        assertThat(copy.toRealPath()).startsWith(board.evidence().folder().toRealPath());
        assertThat(copy).hasContent("hostile");
        board.files().write(file, "new".getBytes(StandardCharsets.US_ASCII));
        assertThat(board.files().read(file)).asString(StandardCharsets.US_ASCII).isEqualTo("new");
    }

    @Test
    void aDeviceThatNeverEndsIsNotCopied(Board board) {
        assertThatExceptionOfType(InfrastructureException.class).isThrownBy(() -> board.pull("/dev/zero", 1_000_000));
        assertThat(board.bootId()).isEqualTo(board.boot().id());
    }

    /** The ring of the kernel's log has 128 KiB or so: most of this is overwritten before anybody could read it. */
    @Test
    void aFloodedKernelLogEndsNothingAndWhatWasLostIsSaid(Board board) throws IOException {
        // Else the kernel itself drops all but ten messages in five seconds.
        String before =
                board.exec("cat", "/proc/sys/kernel/printk_devkmsg").orThrow().text();
        board.exec(Command.script("echo on > /proc/sys/kernel/printk_devkmsg"));
        board.exec(Command.script("i=0; while [ $i -lt 3000 ]; do"
                                + " echo \"<6>flood $i $(printf '\\033[2J')'; touch /CANARY; '\" > /dev/kmsg || exit 1;"
                                + " i=$((i + 1)); done; echo '<6>the flood is over' > /dev/kmsg")
                        .timeout(Duration.ofMinutes(2)))
                .orThrow();

        board.exec(Command.script("echo \"$1\" > /proc/sys/kernel/printk_devkmsg", before));

        // Found in what was recorded, or else said to have been lost.
        board.watch().drain(Duration.ofSeconds(30));
        boolean seen = board.kmsg().text().contains("the flood is over");
        assertThat(seen
                        || Files.readString(board.evidence().file("events.jsonl"))
                                .contains("lost evidence"))
                .isTrue();
        assertThat(board.bootId()).isEqualTo(board.boot().id());
    }
}
