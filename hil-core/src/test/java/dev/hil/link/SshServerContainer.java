package dev.hil.link;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.model.ContainerNetwork;
import dev.hil.engine.Engine;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.images.builder.Transferable;

/** A real ssh server in a container of its own, with keys of its own, on a loopback port that stays the same. */
final class SshServerContainer implements AutoCloseable {
    private final Path folder;
    private final Network network = Network.newNetwork();
    private final GenericContainer<?> container;
    private final Path hostKey;
    private final Path userKey;
    private final int port;
    private boolean paused;

    SshServerContainer(String image, Path folder) throws IOException {
        this.folder = folder;
        this.hostKey = LocalSshServer.makeKey(folder, "host_key", "-t", "ed25519");
        this.userKey = LocalSshServer.makeKey(folder, "user_key", "-t", "ed25519");
        this.port = freePort();
        this.container = Engine.container(image)
                .withNetwork(network)
                .withCopyToContainer(Transferable.of(Files.readAllBytes(hostKey), 0600), "/hil/host_key")
                .withCopyToContainer(
                        Transferable.of(LocalSshServer.publicKey(userKey), 0600), "/root/.ssh/authorized_keys");
        // The engine forgets a port that it chose itself when the container is started again.
        container.setPortBindings(List.of("127.0.0.1:%d:22".formatted(port)));
        try {
            container.start();
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    Path hostKey() {
        return hostKey;
    }

    /** Through the published port, by way of the engine's proxy, which takes connections for a server that is not there. */
    SshTarget published() {
        return target("127.0.0.1", port, userKey, knows("[127.0.0.1]:" + port, hostKey));
    }

    /** The published port, for a user with another key, who knows the host by another. */
    SshTarget published(Path user, Path host) {
        return target("127.0.0.1", port, user, knows("[127.0.0.1]:" + port, host));
    }

    /** The published port, of a host that nobody has heard of. */
    SshTarget unknown() {
        return target("127.0.0.1", port, userKey, List.of());
    }

    /** At the container's own address: no proxy answers when it does not. */
    SshTarget direct() {
        return target(address(), 22, userKey, knows(address(), hostKey));
    }

    private String address() {
        ContainerNetwork attached = container
                .getCurrentContainerInfo()
                .getNetworkSettings()
                .getNetworks()
                .values()
                .iterator()
                .next();
        return Objects.requireNonNull(attached.getIpAddress());
    }

    private List<Path> knows(String host, Path key) {
        try {
            return List.of(Files.writeString(
                    folder.resolve("known_hosts." + key.getFileName() + "." + host.replaceAll("\\W", "_")),
                    host + " " + LocalSshServer.publicKey(key)));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static SshTarget target(String host, int port, Path userKey, List<Path> knownHosts) {
        return new SshTarget(
                "board",
                host,
                port,
                "root",
                List.of(userKey),
                Optional.empty(),
                knownHosts,
                Optional.empty(),
                Optional.empty());
    }

    /** A shell, once the server speaks. */
    SshShell shell(SshTarget target) {
        SshShell shell = new SshShell(target, false, Duration.ofSeconds(3));
        try {
            return shell.reconnect(
                    Deadline.in(Duration.ofSeconds(60)), () -> KnockPace.UNKNOWN, ready -> Optional.of(shell));
        } catch (RuntimeException e) {
            shell.close();
            throw new AssertionError("the server does not answer; it said: " + container.getLogs(), e);
        }
    }

    private DockerClient client() {
        return container.getDockerClient();
    }

    /** From now on it takes packets and answers nothing. */
    void pause() {
        client().pauseContainerCmd(container.getContainerId()).exec();
        paused = true;
    }

    void unpause() {
        client().unpauseContainerCmd(container.getContainerId()).exec();
        paused = false;
    }

    /** All of it at once, without a last word. */
    void kill() {
        client().killContainerCmd(container.getContainerId()).exec();
    }

    void startAgain() {
        client().startContainerCmd(container.getContainerId()).exec();
    }

    void pullTheCable() {
        client().disconnectFromNetworkCmd()
                .withContainerId(container.getContainerId())
                .withNetworkId(network.getId())
                .exec();
    }

    void plugTheCableIn() {
        client().connectToNetworkCmd()
                .withContainerId(container.getContainerId())
                .withNetworkId(network.getId())
                .exec();
    }

    @Override
    public void close() {
        // Last what was made first, each even where what comes before it fails.
        try (network;
                container) {
            if (paused) {
                unpause();
            }
        }
    }
}
