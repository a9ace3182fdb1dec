package dev.hil.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The line that other tests cut: a fault of its own would be taken for one of the board's. */
@Timeout(20)
class TcpProxyTest {
    private static final int WORD = 42;
    /** A read of a socket is not ended by an interrupt, so JUnit's own limit is not enough. */
    private static final int LIMIT = 5_000;

    private static ServerSocket server(int port) throws IOException {
        ServerSocket server = new ServerSocket();
        server.setReuseAddress(true);
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        return server;
    }

    private static Socket accept(ServerSocket server) throws IOException {
        server.setSoTimeout(LIMIT);
        return server.accept();
    }

    private static Socket connect(TcpProxy proxy) throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), proxy.port());
    }

    /** Once a server was away when somebody knocked, nobody ever got through again. */
    @Test
    void aServerThatWasAwayIsReachedAgain() throws IOException {
        int port;
        try (ServerSocket free = server(0)) {
            port = free.getLocalPort();
        }
        try (TcpProxy proxy = new TcpProxy(port)) {
            proxy.listen(false);
            for (int i = 0; i < 3; i++) {
                try (Socket knock = connect(proxy)) {
                    knock.setSoTimeout(LIMIT);
                    assertThatExceptionOfType(SocketException.class)
                            .isThrownBy(() -> knock.getInputStream().read())
                            .withMessageContaining("reset");
                }
            }
            try (ServerSocket back = server(port);
                    Socket near = connect(proxy);
                    Socket far = accept(back)) {
                near.setSoTimeout(LIMIT);
                far.getOutputStream().write(WORD);

                assertThat(near.getInputStream().read()).isEqualTo(WORD);
            }
        }
    }
}
