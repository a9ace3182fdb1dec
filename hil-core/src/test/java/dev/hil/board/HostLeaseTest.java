package dev.hil.board;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.hil.link.InfrastructureException;
import dev.hil.link.LocalShell;
import dev.hil.link.SshTarget;
import dev.hil.record.Evidence;
import dev.hil.record.LeaseHeldException;
import dev.hil.record.Ledger;
import dev.hil.record.Undo;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two users of one lab host, each with runs and definitions of their own. */
class HostLeaseTest {
    @TempDir
    private Path folder;

    private Path locks = Path.of("");

    @BeforeEach
    void useAFolderOfTheTest() {
        locks = folder.resolve("locks");
        System.setProperty("hil.locks", locks.toString());
    }

    @AfterEach
    void forget() {
        System.clearProperty("hil.locks");
    }

    private Evidence user(String name) {
        return Evidence.start(folder.resolve(name), name + "s-board", new PrintStream(OutputStream.nullOutputStream()));
    }

    private HostLease take(Evidence evidence) throws IOException {
        String name = evidence.home().getFileName() + "s-board";
        Files.writeString(folder.resolve(name + ".toml"), """
                name = "%s"
                capture = "ramoops"
                [ssh]
                host = "x"
                [boot]
                menu = "/m"
                safe = "a"
                test = "b"
                [ramoops]
                address = 1
                size = 1
                """.formatted(name));
        SshTarget target = new SshTarget(
                "x",
                "board.lab",
                22,
                "root",
                List.of(),
                Optional.empty(),
                List.of(),
                Optional.empty(),
                Optional.empty());
        return HostLease.take(new BoardDefinitions(folder).get(name), target, evidence);
    }

    private Path ledger(String user) {
        return folder.resolve(user).resolve(user + "s-board").resolve("ledger.jsonl");
    }

    @Test
    void oneBoardByTwoNamesFromTwoHomesIsOneBoard() throws IOException {
        try (HostLease alice = take(user("alice"))) {
            assertThat(alice).isNotNull();
            assertThatExceptionOfType(LeaseHeldException.class)
                    .isThrownBy(() -> take(user("bob")))
                    .withMessageContaining("board bobs-board is in use by")
                    .withMessageContaining(ledger("alice").toString());
        }
        take(user("bob")).close();
    }

    @Test
    void whatAnothersRunHasLeftChangedIsNotRunOn() throws IOException {
        HostLease alice = take(user("alice"));
        try (Ledger ledger = Ledger.open(ledger("alice"), "run")) {
            ledger.intent("module", new Undo.RemoveFile(Undo.Where.BOARD, "/m.ko"));
        }
        alice.close();

        assertThatExceptionOfType(InfrastructureException.class)
                .isThrownBy(() -> take(user("bob")))
                .withMessageContaining("was left changed by a run of another home")
                .withMessageContaining("hil recover --home " + folder.resolve("alice"));
        take(user("alice")).close();
    }

    @Test
    void theFileCanBeWrittenByAllAndTheFolderIsAsTmpIs() throws IOException {
        take(user("alice")).close();

        assertThat((Integer) Files.getAttribute(locks, "unix:mode") & 07777).isEqualTo(01777);
        assertThat((Integer) Files.getAttribute(locks.resolve("board.lab_22"), "unix:mode") & 0777)
                .isEqualTo(0666);
    }

    /** As {@code nobody}, who can do there what any user can. */
    private static int asAnotherUser(String script, Path file) {
        return new LocalShell()
                .exec(
                        "setpriv",
                        "--reuid=65534",
                        "--regid=65534",
                        "--clear-groups",
                        "sh",
                        "-c",
                        script,
                        "sh",
                        "" + file)
                .exitCode();
    }

    @Test
    void anotherUserCanHoldTheLockButNotTakeItAway() throws IOException {
        assumeTrue(
                System.getProperty("user.name").equals("root") && Files.isExecutable(Path.of("/usr/bin/setpriv")),
                "only root can act as another user, by setpriv");
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        take(user("alice")).close();
        Path lock = locks.resolve("board.lab_22");

        assertThat(asAnotherUser("exec 2>/dev/null; printf x | dd of=\"$1\" conv=notrunc,nocreat", lock))
                .as("writes it, as whoever locks it does")
                .isZero();
        assertThat(asAnotherUser("exec 2>/dev/null; rm -f \"$1\"", lock)).isNotZero();
        assertThat(asAnotherUser("exec 2>/dev/null; mv \"$1\" \"$1.gone\"", lock))
                .isNotZero();
        assertThat(lock).exists();
    }

    @Test
    void withoutAFolderForItTheRunGoesOnAndSaysSo() throws IOException {
        System.setProperty("hil.locks", folder.resolve("no/such/place").toString());
        Evidence evidence = user("alice");

        take(evidence).close();

        assertThat(evidence.file("events.jsonl")).content().contains("other users of this host are not kept");
    }
}
