package dev.hil.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Behind Debian's ser2net, its accepter {@code telnet(rfc2217),tcp}. */
class Rfc2217ConsoleTest extends ConsoleContract {
    private static final int BAUD = 1_500_000;
    private final TerminalServer server = new TerminalServer();

    @Override
    LineAddress lay(FarEnd board) throws IOException {
        return new LineAddress.Rfc2217("127.0.0.1", server.start(folder, "telnet(rfc2217),tcp", board.device()), BAUD);
    }

    @Override
    void cut() {
        server.stop();
    }

    @Override
    void mend() throws IOException {
        server.start(folder, "telnet(rfc2217),tcp", far.device());
    }

    @AfterEach
    void stop() {
        server.stop();
    }

    @Test
    void theServerHasSetTheSpeed() {
        assertThat(new LocalShell()
                        .exec("stty", "-F", far.device().toString(), "speed")
                        .orThrow()
                        .text())
                .isEqualTo(Integer.toString(BAUD));
    }

    @Test
    void aServerThatDoesNotSpeakItIsToldFromOneThatDoes() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            assertThatExceptionOfType(InfrastructureException.class)
                    .isThrownBy(() -> new LineAddress.Rfc2217("127.0.0.1", silent.getLocalPort(), BAUD).open())
                    .withMessageContaining("does not speak RFC 2217")
                    .withMessageContaining("accepter: telnet(rfc2217)");
        }
    }
}
