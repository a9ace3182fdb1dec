package dev.hil.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import com.github.dockerjava.api.model.Container;
import dev.hil.engine.Engine;
import dev.hil.engine.NeedsEngine;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.DockerClientFactory;

/** Commands in a container that sees a folder of this host. */
@NeedsEngine("openssh")
@Timeout(180)
class ContainerShellIT {
    private static final String IMAGE = Engine.image("openssh");
    private static final Duration SECONDS = Duration.ofSeconds(30);

    private final Path folder;
    private final StringBuilder images = new StringBuilder();
    private final ContainerShell shell;

    ContainerShellIT(@TempDir Path folder) throws IOException {
        this.folder = Files.createDirectory(folder.resolve("a \"b\", c"));
        this.shell = new ContainerShell(IMAGE, List.of(this.folder), images::append);
    }

    @AfterEach
    void end() {
        shell.close();
    }

    @Test
    void exitCodeOutputsArgumentsAndEnvironmentAreTold() {
        ExecResult result = shell.exec(Command.script("echo \"$1 $X\"; echo err >&2; exit 7", "a 'b' $(id)")
                .environment(Map.of("X", "y; z")));

        assertThat(result.exitCode()).isEqualTo(7);
        assertThat(result.stdout()).isEqualTo("a 'b' $(id) y; z\n");
        assertThat(result.stderr()).isEqualTo("err\n");
        assertThat(result.machine()).isEqualTo("a container of " + IMAGE + " on this host");
        assertThat(images.toString()).matches("sha256:[0-9a-f]{64}");
    }

    @Test
    void aFolderIsSeenUnderItsOwnPathAndBelongsToThisUser() throws IOException {
        Files.writeString(folder.resolve("from here"), "x");
        String file = folder.resolve("from there").toString();

        assertThat(shell.exec("ls", folder.toString()).text()).isEqualTo("from here");
        shell.exec(Command.script("echo y > \"$1\"", file)).orThrow();

        assertThat(Path.of(file)).hasContent("y");
        assertThat(Files.getOwner(Path.of(file))).isEqualTo(Files.getOwner(folder));
        assertThat(shell.exec(Command.script("printf %s \"$HOME\"")).stdout()).isEqualTo(System.getenv("HOME"));
    }

    @Test
    void itIsNotThisHostAndHasNoNetwork() throws IOException {
        Path other = Files.createDirectory(folder.resolveSibling("other"));

        assertThat(shell.exec("hostname").text()).isEqualTo("hil");
        assertThat(shell.exec("ls", "/sys/class/net").text()).isEqualTo("lo");
        assertThat(shell.exec("test", "-e", other.toString()).ok()).isFalse();
    }

    @Test
    void muchGoesInAndComesOutWhole() {
        byte[] input = new byte[20_000_000];
        new Random(1).nextBytes(input);
        ByteArrayOutputStream output = new ByteArrayOutputStream();

        shell.run(Command.of("cat").timeout(Duration.ofMinutes(2)), new ByteArrayInputStream(input), output)
                .orThrow();

        assertThat(Sha256.of(output.toByteArray())).isEqualTo(Sha256.of(input));
    }

    @Test
    void aCommandThatDoesNotEndIsEndedWithAllItsChildren() {
        CommandException thrown = catchThrowableOfType(
                CommandException.class,
                () -> shell.exec(Command.script("echo begun; (setsid sleep 601 &); sleep 602")
                        .timeout(Duration.ofSeconds(2))));

        assertThat(thrown.isTimeout()).isTrue();
        assertThat(thrown.result().stdout()).isEqualTo("begun\n");
        assertThat(sleeping("60[12]")).isEmpty();
    }

    @Test
    void aCommandInTheBackgroundIsEnded() {
        ByteArrayOutputStream seen = new ByteArrayOutputStream();
        Shell.Stream stream = shell.stream(Command.script("echo up; sleep 603"), seen::writeBytes);
        await("its output").atMost(SECONDS).until(() -> seen.size() > 0);

        stream.close();

        assertThat(sleeping("603")).isEmpty();
    }

    private String sleeping(String seconds) {
        return shell.exec(Command.script(
                        "for c in /proc/[0-9]*/cmdline; do tr '\\0' ' ' <$c; echo; done 2>/dev/null | grep -x \"$1\"",
                        "sleep " + seconds + " "))
                .text();
    }

    @Test
    void aContainerThatIsKilledIsNamedAndAnotherTakesItsPlace() throws Exception {
        CompletableFuture<Throwable> running = CompletableFuture.supplyAsync(() -> catchThrowableOfType(
                InfrastructureException.class,
                () -> shell.exec(Command.of("sleep", "604").timeout(Duration.ofMinutes(2)))));
        await("the command runs").atMost(SECONDS).until(() -> !sleeping("604").isEmpty());

        containers()
                .forEach(one -> DockerClientFactory.instance()
                        .client()
                        .killContainerCmd(one.getId())
                        .exec());

        assertThat(running.get(60, TimeUnit.SECONDS))
                .hasMessage("a container of %s on this host ended while `sleep 604` ran in it:".formatted(IMAGE)
                        + " somebody or something has ended it");
        assertThat(shell.exec("echo", "another").text()).isEqualTo("another");
    }

    @Test
    void nothingIsLeftOfAContainerThatIsClosed() {
        shell.exec("true").orThrow();
        assertThat(containers()).hasSize(1);

        shell.close();

        await("the container is gone").atMost(SECONDS).until(() -> containers().isEmpty());
    }

    /** Those of this test: they see its folder. */
    private List<Container> containers() {
        return DockerClientFactory.instance().client().listContainersCmd().withShowAll(true).exec().stream()
                .filter(one -> one.getMounts().stream()
                        .anyMatch(mount -> folder.toString().equals(mount.getSource())))
                .toList();
    }

    @Test
    void anImageThatIsNotThereIsNotFetched() {
        try (ContainerShell other = new ContainerShell("localhost/hil-none:1", List.of(folder), images::append)) {
            assertThatExceptionOfType(InfrastructureException.class)
                    .isThrownBy(() -> other.exec("true"))
                    .withMessageContaining("a container of localhost/hil-none:1 could not be started")
                    .withMessageContaining("docker pull localhost/hil-none:1")
                    .withMessageContaining("fixtures/containers/images --install toolchain");
        }
    }

    @Test
    void aFolderThatIsNotThereIsNamed() {
        Path missing = folder.resolve("missing");
        try (ContainerShell other = new ContainerShell(IMAGE, List.of(missing), images::append)) {
            assertThatExceptionOfType(InfrastructureException.class)
                    .isThrownBy(() -> other.exec("true"))
                    .withMessageContaining(missing.toString())
                    .withMessageContaining("make that one");
        }
        assertThat(missing).doesNotExist();
    }

    @Test
    void anEngineThatDoesNotAnswerIsNamedWithWhatToDo() {
        Map<String, String> settings = Map.of("DOCKER_HOST", "unix://" + folder.resolve("none.sock"));
        try (ContainerShell other = new ContainerShell("docker", settings, IMAGE, List.of(folder), images::append)) {
            assertThatExceptionOfType(InfrastructureException.class)
                    .isThrownBy(() -> other.exec("true"))
                    .withMessageContaining("Cannot connect to the Docker daemon")
                    .withMessageContaining("fixtures/containers/engine start");
        }
    }
}
