package dev.hil.link;

import static org.assertj.core.api.Assertions.assertThat;

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
            SshTarget target = new SshTarget(
                    "x",
                    "127.0.0.1",
                    server.getLocalPort(),
                    "x",
                    List.of(),
                    Optional.empty(),
                    List.of(),
                    Optional.empty(),
                    Optional.empty());

            for (int i = 0; i < 40; i++) {
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
