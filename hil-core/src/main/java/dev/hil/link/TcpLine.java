package dev.hil.link;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import jdk.net.ExtendedSocketOptions;

/** A line behind a TCP port, its bytes as they are. */
final class TcpLine implements Line {
    private static final Duration CONNECT = Duration.ofSeconds(5);
    /** A terminal server whose port is taken accepts, says so, and closes; until then it has said nothing. */
    private static final Duration REFUSAL = Duration.ofMillis(300);

    private static final int PROBE_SECONDS = 2;
    private static final int PROBES = 3;

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private byte[] ahead = {};

    private TcpLine(Socket socket) throws IOException {
        this.socket = socket;
        this.in = socket.getInputStream();
        this.out = socket.getOutputStream();
    }

    static TcpLine open(LineAddress.Tcp address) {
        TcpLine line = connect(address.name(), address.host(), address.port());
        line.awaitRefusal(address.name());
        return line;
    }

    /** Connects, without looking for a refusal. */
    static TcpLine connect(String name, String host, int port) {
        Socket socket = new Socket();
        try {
            socket.connect(new InetSocketAddress(host, port), (int) CONNECT.toMillis());
            socket.setTcpNoDelay(true);
            // A terminal server that lost its power says nothing; a quiet console does neither.
            socket.setKeepAlive(true);
            if (socket.supportedOptions().contains(ExtendedSocketOptions.TCP_KEEPIDLE)) {
                socket.setOption(ExtendedSocketOptions.TCP_KEEPIDLE, PROBE_SECONDS);
                socket.setOption(ExtendedSocketOptions.TCP_KEEPINTERVAL, PROBE_SECONDS);
                socket.setOption(ExtendedSocketOptions.TCP_KEEPCOUNT, PROBES);
            }
            socket.setOption(StandardSocketOptions.SO_RCVBUF, 1 << 20);
            socket.setSoTimeout(READ_MILLIS);
            return new TcpLine(socket);
        } catch (IOException e) {
            try (socket) {
                throw new InfrastructureException(
                        "cannot reach the console at %s: %s. Does the terminal server (ser2net, conserver) run, and listen there?"
                                .formatted(name, e.getMessage()),
                        e);
            } catch (IOException ignored) {
                throw new AssertionError("a socket's close() does not fail", ignored);
            }
        }
    }

    private void awaitRefusal(String name) {
        Deadline deadline = Deadline.in(REFUSAL);
        byte[] buffer = new byte[4096];
        try {
            while (!deadline.isOver() && ahead.length == 0) {
                int count = read(buffer);
                ahead = Arrays.copyOf(buffer, count);
            }
            if (ahead.length > 0) {
                // Either a board that is talking or the words of a refusal: the end of the stream tells.
                int count = receive(buffer);
                byte[] both = Arrays.copyOf(ahead, ahead.length + count);
                System.arraycopy(buffer, 0, both, ahead.length, count);
                ahead = both;
            }
        } catch (IOException e) {
            close();
            String said = Recording.excerpt(new String(ahead, StandardCharsets.UTF_8));
            throw new InfrastructureException(
                    "the terminal server at %s hung up at once%s"
                            .formatted(
                                    name,
                                    said.isEmpty()
                                            ? ", without a word: is the line taken, or its device gone?"
                                            : ", saying: " + said),
                    e);
        }
    }

    @Override
    public int read(byte[] buffer) throws IOException {
        if (ahead.length > 0) {
            int count = Math.min(ahead.length, buffer.length);
            System.arraycopy(ahead, 0, buffer, 0, count);
            ahead = Arrays.copyOfRange(ahead, count, ahead.length);
            return count;
        }
        return receive(buffer);
    }

    private int receive(byte[] buffer) throws IOException {
        try {
            int count = in.read(buffer);
            if (count < 0) {
                throw new IOException("the terminal server closed the connection");
            }
            return count;
        } catch (SocketTimeoutException e) {
            return 0;
        }
    }

    @Override
    public void write(byte[] bytes) throws IOException {
        out.write(bytes);
        out.flush();
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            // Nothing is waiting to be sent, and what was received is recorded.
        }
    }
}
