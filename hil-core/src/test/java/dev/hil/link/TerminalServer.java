package dev.hil.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Debian's ser2net with one line, on a port of its own, only to be reached from this host. */
final class TerminalServer {
    private @Nullable Process process;
    private int port;

    /** Starts it; a second time on the same port. */
    int start(Path folder, String accepter, Path device) throws IOException {
        assumeTrue(
                new LocalShell()
                        .exec(Command.script("command -v ser2net || test -x /usr/sbin/ser2net"))
                        .ok(),
                "ser2net is not installed");
        if (port == 0) {
            try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                port = free.getLocalPort();
            }
        }
        Path config = Files.writeString(folder.resolve("ser2net.yaml"), """
                %%YAML 1.1
                ---
                connection: &board
                  accepter: %s,127.0.0.1,%d
                  connector: serialdev,%s,115200n81,local
                """.formatted(accepter, port, device));
        Process started = new ProcessBuilder("/usr/sbin/ser2net", "-n", "-c", config.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("ser2net.log").toFile())
                .start();
        process = started;
        await("ser2net listens").atMost(Duration.ofSeconds(20)).until(() -> {
            assertThat(started.isAlive())
                    .as("ser2net runs; it said: %s", Files.readString(folder.resolve("ser2net.log")))
                    .isTrue();
            return listens();
        });
        return port;
    }

    /** Without connecting: that would take the line. */
    private boolean listens() throws IOException {
        String wanted = "0100007F:%04X".formatted(port);
        return Files.readAllLines(Path.of("/proc/net/tcp")).stream()
                .anyMatch(line -> line.contains(wanted + " 00000000:0000 0A"));
    }

    int port() {
        return port;
    }

    void stop() {
        Process running = process;
        process = null;
        if (running != null) {
            running.destroyForcibly();
            try {
                assertThat(running.waitFor(10, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
