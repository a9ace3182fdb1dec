package dev.hil.virtual;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hil.board.Board;
import dev.hil.board.BoardDefinition;
import dev.hil.board.BoardDefinitions;
import dev.hil.board.BoardLostException;
import dev.hil.board.BoardSession;
import dev.hil.junit.HilTest;
import dev.hil.link.Console;
import dev.hil.link.Deadline;
import dev.hil.link.InfrastructureException;
import dev.hil.link.LinkException;
import dev.hil.record.Evidence;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a power switch, a reset button and a hang do, on machines of its own. */
@HilTest
class VirtualMachineIT {
    @TempDir
    private Path home;

    /** One machine for what leaves it as it was. */
    @Test
    void whatSwitchesAndCablesDo() throws IOException {
        try (BoardSession session = open(BoardDefinitions.find().get("virtual"))) {
            Board board = session.board();
            aSilentBoardIsNoticedWithinFiveSeconds(board);
            aMenuThatWasWrittenIsReadByTheBootLoaderEvenAfterAnImmediateReset(board);
            offIsOffAndEverythingIsRecorded(board);
        }
        assertNothingIsLeft();
    }

    private static VirtualMachine machine(Board board) {
        return (VirtualMachine) board.power().orElseThrow();
    }

    private static void aSilentBoardIsNoticedWithinFiveSeconds(Board board) {
        // Nothing else is asked of it any more: the command below takes the connection there is.
        assertThat(board.watch().drain(Duration.ofSeconds(30)).complete()).isTrue();
        board.bootId();

        machine(board).pause();
        Deadline time = Deadline.in(Duration.ofSeconds(30));
        assertThatThrownBy(() -> board.exec("sleep", "20"))
                .isInstanceOfSatisfying(
                        LinkException.class, e -> assertThat(e.kind()).isEqualTo(LinkException.Kind.LOST));
        assertThat(time.elapsed()).isLessThan(Duration.ofSeconds(5));

        machine(board).resume();
        assertThat(board.bootId()).isEqualTo(board.boot().id());
    }

    /** U-Boot does not replay the journal: what was only fsynced would not be there. */
    private static void aMenuThatWasWrittenIsReadByTheBootLoaderEvenAfterAnImmediateReset(Board board) {
        String menu = board.definition().boot().menu();
        String text = new String(board.files().read(menu), StandardCharsets.ISO_8859_1);
        String first = board.bootId();

        board.files()
                .write(menu, text.replace("DEFAULT safe", "DEFAULT lockdep").getBytes(StandardCharsets.ISO_8859_1));
        machine(board).reset();

        afterwards(board, first);
        assertThat(board.kernelRelease()).endsWith("-lockdep");
        assertThat(board.boot().id()).as("what this run had ordered").isEqualTo(first);
        assertThat(machine(board).events())
                .filteredOn(event -> event.name().equals("RESET"))
                .singleElement()
                .satisfies(event -> assertThat(event.data()).contains("host-qmp-system-reset"));
    }

    private static void offIsOffAndEverythingIsRecorded(Board board) throws IOException {
        VirtualMachine machine = machine(board);
        Console console = board.console().orElseThrow();
        String before = board.bootId();

        machine.off();
        assertThatThrownBy(board::bootId).isInstanceOf(LinkException.class);
        machine.on();
        assertThat(afterwards(board, before)).isNotEqualTo(before);
        assertThat(console.since(0)).contains("U-Boot 20").contains("Linux version");

        // All that QEMU sent has been recorded, over both lives of the machine; one pty carries CR LF as it is.
        machine.pause();
        byte[] sent = Files.readAllBytes(machine.serialLog());
        Awaitility.await("the recorder has it all")
                .atMost(5, TimeUnit.SECONDS)
                .until(() -> console.position() >= sent.length);
        assertThat(console.recording()).hasBinaryContent(sent);
    }

    private BoardSession open(BoardDefinition definition) {
        return BoardSession.open(definition, Evidence.start(home, definition.name(), System.out));
    }

    private static String afterwards(Board board, String before) {
        Deadline deadline = Deadline.in(Duration.ofSeconds(60));
        while (true) {
            try {
                String now = board.bootId();
                if (!now.equals(before) || deadline.isOver()) {
                    return now;
                }
            } catch (InfrastructureException e) {
                if (deadline.isOver()) {
                    throw e;
                }
            }
        }
    }

    private void assertNothingIsLeft() throws IOException {
        assertThat(home.resolve("virtual-running")).isEmptyDirectory();
    }

    @Test
    void aBoardThatDoesNotComeBackIsReportedWithConsoleAndEvidence(@TempDir Path folder) throws IOException {
        var definition = VirtualBoards.with(folder, "boot", "");
        definition = shortTimeout(folder, definition.file());
        try (BoardSession session = open(definition)) {
            Board board = session.board();
            // A kernel that hangs in early boot, as far as anybody outside can tell.
            board.exec(
                            "sh",
                            "-c",
                            "sed -i 's/^\\(DEFAULT\\) .*/\\1 stuck/' /boot/extlinux/extlinux.conf;"
                                    + " printf 'LABEL stuck\\n LINUX /boot/Image-6.1.192-safe\\n APPEND console=ttyAMA0 init=/bin/true\\n'"
                                    + " | sed \"s#Image-6.1.192-safe#$(cd /boot; ls Image-*-safe)#\" >> /boot/extlinux/extlinux.conf; sync")
                    .orThrow();

            assertThatThrownBy(board::reboot)
                    .isInstanceOf(BoardLostException.class)
                    .hasMessageContaining("board virtual did not come back after an ordered reboot")
                    .hasMessageContaining("waited 20")
                    .hasMessageContaining("last on the console")
                    .hasMessageContaining("Kernel panic")
                    .hasMessageContaining("evidence: " + session.evidence().folder());
        }
    }

    private static BoardDefinition shortTimeout(Path folder, Path file) throws IOException {
        Files.writeString(file, Files.readString(file).replaceFirst("timeout = \"90s\"", "timeout = \"20s\""));
        return new BoardDefinitions(folder).get("virtual");
    }

    @Test
    void aTakenPortIsNamedWithWhatToDo(@TempDir Path folder) throws IOException {
        try (ServerSocket holder = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var definition = VirtualBoards.with(folder, "virtual", "ssh_port = " + holder.getLocalPort());

            assertThatThrownBy(() -> open(definition))
                    .isInstanceOf(InfrastructureException.class)
                    .hasMessageContaining("port " + holder.getLocalPort() + " of 127.0.0.1 is taken")
                    .hasMessageContaining("ssh_port");
        }
        assertNothingIsLeft();
    }
}
