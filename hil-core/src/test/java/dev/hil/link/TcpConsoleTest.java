package dev.hil.link;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Behind Debian's ser2net, its accepter {@code tcp}. */
class TcpConsoleTest extends ConsoleContract {
    private final TerminalServer server = new TerminalServer();

    @Override
    LineAddress lay(FarEnd board) throws IOException {
        return new LineAddress.Tcp("127.0.0.1", server.start(folder, "tcp", board.device()));
    }

    @Override
    void cut() {
        server.stop();
    }

    @Override
    void mend() throws IOException {
        server.start(folder, "tcp", far.device());
    }

    @AfterEach
    void stop() {
        server.stop();
    }

    @Test
    void aServerThatHangsUpIsQuoted() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            Thread refusing = new Thread(() -> {
                try (Socket client = taken.accept()) {
                    client.getOutputStream().write("Port already in use\r\n".getBytes(StandardCharsets.US_ASCII));
                } catch (IOException e) {
                    // The test ends without having called.
                }
            });
            refusing.start();

            assertThatExceptionOfType(InfrastructureException.class)
                    .isThrownBy(() -> new LineAddress.Tcp("127.0.0.1", taken.getLocalPort()).open())
                    .withMessageContaining("hung up at once, saying: Port already in use");
        }
    }

    @Test
    void theSecondClientOfALineIsToldSo() {
        assertThatExceptionOfType(InfrastructureException.class)
                .isThrownBy(() -> new LineAddress.Tcp("127.0.0.1", server.port()).open())
                .withMessageContaining("hung up at once");
    }

    @Test
    void aServerThatIsNotThereIsNamedWithWhatToLookAt() throws IOException {
        server.stop();

        assertThatExceptionOfType(InfrastructureException.class)
                .isThrownBy(() -> new LineAddress.Tcp("127.0.0.1", server.port()).open())
                .withMessageContaining("tcp://127.0.0.1:" + server.port())
                .withMessageContaining("ser2net");
    }
}
