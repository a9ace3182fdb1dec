package dev.hil.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hil.record.Evidence;
import dev.hil.record.Lease;
import dev.hil.record.Ledger;
import dev.hil.record.Undo;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import picocli.CommandLine;

/** What {@code hil recover} and {@code hil prune} say and with which exit code, as far as that takes no board. */
@ResourceLock(Resources.SYSTEM_OUT)
class RecoverCommandTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final PrintStream realOut = System.out;
    private final PrintStream realErr = System.err;

    @TempDir
    private Path folder;

    @BeforeEach
    void define() throws IOException {
        Path boards = Files.createDirectories(folder.resolve("boards"));
        Files.writeString(boards.resolve("tiny.toml"), """
                name = "tiny"
                capture = "ramoops"
                [ssh]
                host = "-no-host"
                [boot]
                menu = "/boot/extlinux/extlinux.conf"
                safe = "good"
                test = "new"
                [ramoops]
                address = 0x110000
                size = 0xf0000
                """);
        Files.writeString(boards.resolve("emulated.toml"), """
                name = "emulated"
                provider = "virtual"
                capture = "ramoops"
                [boot]
                menu = "/boot/extlinux/extlinux.conf"
                safe = "good"
                test = "new"
                [ramoops]
                address = 0x110000
                size = 0xf0000
                """);
        System.setProperty("hil.boards", boards.toString());
        PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
        System.setOut(stream);
        System.setErr(stream);
    }

    @AfterEach
    void forget() {
        System.setOut(realOut);
        System.setErr(realErr);
        System.clearProperty("hil.boards");
    }

    private int hil(String... arguments) {
        return new CommandLine(new Main()).execute(arguments);
    }

    private String home() {
        return folder.resolve("home").toString();
    }

    private Path ledgerFile() {
        return folder.resolve("home/tiny/ledger.jsonl");
    }

    private String said() {
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void theLedgerIsShownWithoutTouchingTheBoard() {
        try (Ledger ledger = Ledger.open(ledgerFile(), "run-1")) {
            ledger.done(ledger.intent("module m.ko", new Undo.RemoveFile(Undo.Where.BOARD, "/m.ko")));
        }

        assertThat(hil("recover", "--show", "--home", home(), "tiny")).isZero();

        assertThat(said())
                .contains("OPEN intent", "module m.ko", "to undo it: rm /m.ko")
                .contains("1 changes are open; `hil recover tiny` takes them back");
    }

    @Test
    void aBoardThatEndsWithItsRunHasNothingToBePutBack() {
        assertThat(hil("recover", "--home", home(), "emulated")).isZero();
        assertThat(said()).contains("made anew for each run");
    }

    @Test
    void anUnknownBoardIsExitCode2() {
        assertThat(hil("recover", "--home", home(), "nosuch")).isEqualTo(2);
        assertThat(said()).contains("there is no board \"nosuch\"", "emulated, tiny");
    }

    @Test
    void aBoardInUseIsExitCode3AndNamesTheHolder() {
        try (Lease lease = Lease.take(folder.resolve("home/tiny/lease"), "board tiny", "step 0002", Duration.ZERO)) {
            assertThat(lease).isNotNull();
            assertThat(hil("recover", "--home", home(), "tiny")).isEqualTo(3);
        }
        assertThat(said()).contains("board tiny is in use by", ": step 0002");
    }

    @Test
    void aDamagedLedgerIsExitCode4AndStaysAsItIs() throws IOException {
        try (Ledger ledger = Ledger.open(ledgerFile(), "run-1")) {
            ledger.note("first");
        }
        String damaged = Files.readString(ledgerFile()) + "rubbish\nmore\n";
        Files.writeString(ledgerFile(), damaged);

        assertThat(hil("recover", "--home", home(), "tiny")).isEqualTo(4);

        assertThat(said()).contains("damaged in line 2", "first", "The way out: `hil recover --show");
        assertThat(ledgerFile()).hasContent(damaged);
    }

    @Test
    void aBoardThatCannotBeReachedIsExitCode5() {
        assertThat(hil("recover", "--home", home(), "tiny")).isEqualTo(5);
        assertThat(said()).contains("-no-host");
    }

    @Test
    void oldRunsGoOnlyWhenThatIsAskedFor() {
        for (int i = 0; i < 3; i++) {
            Evidence.start(Path.of(home()), "tiny", new PrintStream(OutputStream.nullOutputStream()))
                    .end("done");
        }
        Path runs = folder.resolve("home/tiny/runs");

        assertThat(hil("prune", "--home", home(), "--keep", "1", "tiny")).isZero();
        assertThat(said()).contains("would remove");
        assertThat(runs.toFile().list()).hasSize(3);

        assertThat(hil("prune", "--home", home(), "--keep", "1", "--yes", "tiny"))
                .isZero();
        assertThat(runs.toFile().list()).hasSize(1);
    }
}
