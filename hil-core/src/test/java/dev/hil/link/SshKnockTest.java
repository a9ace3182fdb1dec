package dev.hil.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SshKnockTest {
    private static final String BANNER = "SSH-2.0-test\r\n";

    /** The attempts that lose are given up while the winner is handed out; it must not be among them. */
    @Test
    void theConnectionThatAnswersFirstIsNotClosedWithTheOthers() throws Exception {
        CompletableFuture<Integer> greeted;
        try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            greeted = CompletableFuture.supplyAsync(() -> greet(server));
            SshTarget target = target(server);

            for (int i = 0; i < 100; i++) {
                try (PrimedSocket winner =
                        SshKnock.until(target, Deadline.in(Duration.ofSeconds(20)), () -> KnockPace.UNKNOWN)) {
                    byte[] banner = winner.getInputStream().readNBytes(BANNER.length());

                    assertThat(new String(banner, StandardCharsets.US_ASCII)).isEqualTo(BANNER);
                    // The one who would close it is at work now, if at all.
                    Deadline soon = Deadline.in(Duration.ofMillis(2));
                    while (!soon.isOver()) {
                        assertThat(winner.isClosed())
                                .as("closed in round %d", i)
                                .isFalse();
                    }
                }
            }
        }
        assertThat(greeted).succeedsWithin(Duration.ofSeconds(10));
    }

    private static SshTarget target(ServerSocket server) {
        return new SshTarget(
                "x",
                "127.0.0.1",
                server.getLocalPort(),
                "x",
                List.of(),
                Optional.empty(),
                List.of(),
                Optional.empty(),
                Optional.empty());
    }

    /** As sshd does while it starts, and with MaxStartups reached. */
    @Test
    void aServerThatHangsUpBeforeItsFirstWordIsAskedAgain() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            CompletableFuture<Boolean> greeted = CompletableFuture.supplyAsync(() -> {
                hangUp(server);
                hangUp(server);
                return isGreeted(server);
            });

            try (PrimedSocket socket = SshKnock.once(target(server), Duration.ofSeconds(20))) {
                byte[] banner = socket.getInputStream().readNBytes(BANNER.length());
                assertThat(new String(banner, StandardCharsets.US_ASCII)).isEqualTo(BANNER);
            }
            assertThat(greeted).succeedsWithin(Duration.ofSeconds(10)).isEqualTo(true);
        }
    }

    @Test
    void oneThatAlwaysDoesIsGivenUp() throws Exception {
        CompletableFuture<Integer> asked;
        try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            asked = CompletableFuture.supplyAsync(() -> {
                int times = 0;
                while (hangUp(server)) {
                    times++;
                }
                return times;
            });

            assertThatExceptionOfType(LinkException.class)
                    .isThrownBy(() -> SshKnock.once(target(server), Duration.ofSeconds(20)))
                    .withMessageContaining("the connection was closed before the server said anything");
        }
        assertThat(asked).succeedsWithin(Duration.ofSeconds(10)).isEqualTo(5);
    }

    private static boolean hangUp(ServerSocket server) {
        try {
            server.accept().close();
            return true;
        } catch (IOException e) {
            // The test is over.
            return false;
        }
    }

    /** Greets all that come, and leaves it to them to go. */
    private static int greet(ServerSocket server) {
        int greeted = 0;
        while (!server.isClosed()) {
            greeted += isGreeted(server) ? 1 : 0;
        }
        return greeted;
    }

    private static boolean isGreeted(ServerSocket server) {
        try {
            OutputStream out = server.accept().getOutputStream();
            out.write(BANNER.getBytes(StandardCharsets.US_ASCII));
            out.flush();
            return true;
        } catch (IOException e) {
            // The test is over, or one has gone before it was greeted.
            return false;
        }
    }
}
