package dev.hil.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** With OpenSSH's own agent. */
@Timeout(60)
class SshAgentTest {
    private final Path folder;

    SshAgentTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @ParameterizedTest
    @CsvSource({"ecdsa, 256", "rsa, 2048"})
    void aKeyOfTheAgentLogsIn(String type, String bits) throws Exception {
        assumeTrue(
                new LocalShell()
                        .exec(Command.script("command -v ssh-agent ssh-add"))
                        .ok(),
                "OpenSSH's agent is not installed");
        Path socket = folder.resolve("agent.sock");
        Process agent = new ProcessBuilder("ssh-agent", "-D", "-a", socket.toString())
                .redirectErrorStream(true)
                .start();
        try (LocalSshServer server = new LocalSshServer(folder)) {
            await().atMost(Duration.ofSeconds(10)).until(() -> Files.exists(socket));
            Path key = LocalSshServer.makeKey(folder, "agent_key", "-t", type, "-b", bits);
            add(socket, server.userKey(), key);
            server.accept(key);

            try (SshShell shell = new SshShell(target(server, socket, List.of()), false)) {
                assertThat(shell.exec("echo", "hello").text()).isEqualTo("hello");
            }
        } finally {
            agent.destroy();
            assertThat(agent.waitFor(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    private static void add(Path socket, Path... keys) {
        for (Path key : keys) {
            new LocalShell()
                    .exec(Command.of("ssh-add", "-q", key.toString())
                            .environment(Map.of("SSH_AUTH_SOCK", socket.toString())))
                    .orThrow();
        }
    }

    @Test
    void anAgentThatIsDeadIsAsGoodAsNone() throws IOException {
        try (LocalSshServer server = new LocalSshServer(folder)) {
            Path dead = Files.createFile(folder.resolve("dead.sock"));

            try (SshShell shell = new SshShell(target(server, dead, List.of(server.userKey())), false)) {
                assertThat(shell.exec("echo", "hello").text()).isEqualTo("hello");
            }
            try (SshShell shell = new SshShell(target(server, dead, List.of()), false)) {
                assertThatExceptionOfType(LinkException.class)
                        .isThrownBy(() -> shell.exec("true"))
                        .withMessageContaining("no ssh agent has a key");
            }
        }
    }

    private static SshTarget target(LocalSshServer server, Path agent, List<Path> identities) {
        SshTarget target = server.target();
        return new SshTarget(
                target.alias(),
                target.host(),
                target.port(),
                target.user(),
                identities,
                Optional.of(agent),
                target.knownHosts(),
                Optional.empty(),
                Optional.empty());
    }
}
