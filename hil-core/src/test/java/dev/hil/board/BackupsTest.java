package dev.hil.board;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.hil.link.InfrastructureException;
import dev.hil.link.LocalSshServer;
import dev.hil.link.Sha256;
import dev.hil.plan.Backup;
import dev.hil.plan.Backups;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Backups of a stand-in for a board, on a second host behind a real ssh server, or on this host. */
@Timeout(60)
class BackupsTest {
    private static final String MODULE = "/lib/modules/6.1.0-fake/kernel/drivers/media/m.ko";

    private final FakeBoard fake;
    private final Path folder;
    private final Path onBoard;
    private final Path onSecond;

    BackupsTest(@TempDir Path folder) throws IOException {
        this.folder = folder;
        fake = new FakeBoard(Files.createDirectories(folder.resolve("board")));
        onBoard = folder.resolve("put by on the board");
        onSecond = folder.resolve("second");
        fake.put(MODULE, "the module that works");
        fake.put("/lib/modules/6.1.0-fake/kernel/drivers/media/n/n.ko.xz", "another");
    }

    @AfterEach
    void end() throws IOException {
        fake.close();
    }

    private LiveBoard board(String more) throws IOException {
        fake.define("""
                [preflight.backup]
                modules = ["/lib/modules/{safe}/kernel/drivers/media"]
                folder = "%s"
                host_folder = "%s"
                %s
                [plan]
                safe_release = "6.1.0-fake"
                """.formatted(onBoard, onSecond, more));
        return fake.open(false);
    }

    private static List<String> files(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .filter(name -> !name.equals(".hil"))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void modulesAndBootImagesLieInBothPlacesWithTheSameChecksum() throws IOException {
        LiveBoard board = board("");

        Backup modules = Backups.modules(board);
        Backup boot = Backups.boot(board);

        assertThat(modules.files()).singleElement().matches(Backup.Kept::fresh);
        // What the safe label names, and not what is to be tested.
        assertThat(boot.files()).extracting(Backup.Kept::of).containsExactly("/boot/Image");
        for (Backup.Kept kept :
                Stream.of(modules, boot).flatMap(all -> all.files().stream()).toList()) {
            assertThat(Sha256.of(onBoard.resolve(kept.name()))).isEqualTo(kept.sha256());
            assertThat(Sha256.of(onSecond.resolve(kept.name()))).isEqualTo(kept.sha256());
        }
        assertThat(onBoard.resolve(boot.files().get(0).name())).hasContent("kernel");
        assertThat(board.evidence().file("backups.jsonl")).content().hasLineCount(2);
        assertThat(board.giveBack().problems()).isEmpty();
        assertThat(files(onBoard)).as("stays").hasSize(4);
        assertThat(files(board.evidence().folder("backups"))).isEmpty();
    }

    @Test
    void whatLiesThereAlreadyIsNotCopiedAgain() throws IOException {
        LiveBoard board = board("");
        Backups.modules(board);
        Backups.boot(board);
        List<String> before = files(onSecond);

        assertThat(Backups.modules(board).files()).noneMatch(Backup.Kept::fresh);
        assertThat(Backups.boot(board).files()).noneMatch(Backup.Kept::fresh);
        assertThat(files(onSecond)).isEqualTo(before);
    }

    @Test
    void anotherContentReplacesNoBackup() throws IOException {
        LiveBoard board = board("");
        Backups.modules(board);
        fake.put(MODULE, "the next one");

        assertThat(Backups.modules(board).files()).allMatch(Backup.Kept::fresh);
        assertThat(files(onSecond)).filteredOn(name -> name.endsWith(".tar")).hasSize(2);
    }

    @Test
    void aBackupThatWasSpoiledIsMadeAgain() throws IOException {
        LiveBoard board = board("");
        String image = Backups.boot(board).files().get(0).name();
        String modules = Backups.modules(board).files().get(0).name();
        Files.writeString(onBoard.resolve(image), "bits decay");
        Files.writeString(onBoard.resolve(modules), "bits decay");

        assertThat(Backups.boot(board).files()).allMatch(Backup.Kept::fresh);
        assertThat(Backups.modules(board).files()).allMatch(Backup.Kept::fresh);
        assertThat(onBoard.resolve(image)).hasContent("kernel");

        Files.writeString(onSecond.resolve(image), "bits decay");
        assertThat(Backups.boot(board).files()).allMatch(Backup.Kept::fresh);
        assertThat(onSecond.resolve(image)).hasContent("kernel");
    }

    @Test
    void theSecondHostIsReachedBySsh() throws IOException {
        try (LocalSshServer second = secondHost()) {
            LiveBoard board = board("host = \"boltzmann\"");

            Backup boot = Backups.boot(board);

            assertThat(boot.second()).isEqualTo("boltzmann:" + onSecond);
            assertThat(onSecond.resolve(boot.files().get(0).name())).hasContent("kernel");
            assertThat(second.port()).isPositive();
        }
    }

    private LocalSshServer secondHost() throws IOException {
        Path keys = Files.createDirectories(folder.resolve("second-ssh"));
        LocalSshServer second = new LocalSshServer(keys);
        fake.sshConfig("""
                Host boltzmann
                    HostName 127.0.0.1
                    Port %d
                    User tester
                    IdentityFile "%s"
                    IdentitiesOnly yes
                    UserKnownHostsFile "%s"
                    GlobalKnownHostsFile /dev/null
                """.formatted(second.port(), keys.resolve("user_key"), keys.resolve("known_hosts")));
        return second;
    }

    @Test
    void aBackupHostThatIsAwayIsSaidBeforeAnythingIsWritten() throws IOException {
        secondHost().close();
        LiveBoard board = board("host = \"boltzmann\"");

        assertThatExceptionOfType(InfrastructureException.class)
                .isThrownBy(() -> Backups.modules(board))
                .withMessageMatching("(?s).*fake.toml:\\d+:\\d+: the backup host boltzmann is away: .*")
                .withMessageContaining("Nothing was written anywhere");
        assertThat(files(onBoard)).isEmpty();
    }

    @Test
    void aSecondHostThatIsTheBoardItselfIsNone() throws IOException {
        try (LocalSshServer second = secondHost()) {
            LiveBoard board = board("host = \"boltzmann\"");
            // As the real machine's, which is where the second host's commands run.
            fake.put("/proc/sys/kernel/random/boot_id", Files.readString(Path.of("/proc/sys/kernel/random/boot_id")));

            assertThatExceptionOfType(InfrastructureException.class)
                    .isThrownBy(() -> Backups.boot(board))
                    .withMessageContaining("the second host boltzmann is the board itself");
            assertThat(files(onBoard)).isEmpty();
            assertThat(second.port()).isPositive();
        }
    }

    @Test
    void aFullDiskIsSaidBeforeAnythingIsWritten() throws IOException {
        LiveBoard board = board("");
        fake.tool("df", "echo 'fs 1 1 100 1% /x'");

        assertThatExceptionOfType(InfrastructureException.class)
                .isThrownBy(() -> Backups.boot(board))
                .withMessageContaining("has 0 MiB left")
                .withMessageContaining("Nothing was written");
        assertThat(files(onBoard)).isEmpty();
    }

    @Test
    void aDirectoryThatIsNotThereIsNoBackup() throws IOException {
        fake.define("""
                [preflight.backup]
                modules = ["/lib/modules/6.1.0-fake/kernel/drivers/medai"]
                folder = "%s"
                host_folder = "%s"
                """.formatted(onBoard, onSecond));
        LiveBoard board = fake.open(false);

        assertThatExceptionOfType(InfrastructureException.class)
                .isThrownBy(() -> Backups.modules(board))
                .withMessageContaining("drivers/medai");
        assertThat(files(onBoard)).isEmpty();
    }

    @Test
    void aDefinitionThatSaysNothingOfBackupsDoesNotPass() throws IOException {
        LiveBoard board = fake.open(false);

        assertThatExceptionOfType(InfrastructureException.class)
                .isThrownBy(() -> Backups.modules(board))
                .withMessageContaining("has no [preflight.backup]");
    }

    @Test
    void aCopyThatIsNotAsTheFileIsNotKept() throws IOException {
        LiveBoard board = board("");
        fake.tool("tar", "while [ $# -gt 0 ]; do case $1 in -cf) echo no archive > \"$2\";; esac; shift; done");

        assertThatExceptionOfType(InfrastructureException.class)
                .isThrownBy(() -> Backups.modules(board))
                .withMessageContaining("is not what it should be");
        assertThat(files(onSecond)).isEmpty();
    }
}
