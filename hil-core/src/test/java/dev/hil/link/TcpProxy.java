package dev.hil.link;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A TCP line to a server of this host that can refuse, stay mute, or fall silent while it stands. */
final class TcpProxy implements Closeable {
    private final int target;
    private final int port;
    private final AtomicInteger accepted = new AtomicInteger();
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private volatile boolean mute;
    private volatile boolean silent;
    private @Nullable ServerSocket listener;

    /** On a free port, which refuses connections until {@link #listen}. */
    TcpProxy(int target) throws IOException {
        this.target = target;
        try (ServerSocket free = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            this.port = free.getLocalPort();
        }
    }

    int port() {
        return port;
    }

    /** Connections that were accepted. */
    int accepted() {
        return accepted.get();
    }

    /** Accepts connections; if mute, and says nothing on them, ever. */
    void listen(boolean staysMute) throws IOException {
        mute = staysMute;
        if (listener == null) {
            ServerSocket socket = new ServerSocket();
            socket.setReuseAddress(true);
            socket.bind(new java.net.InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            listener = socket;
            daemon(() -> accept(socket));
        }
    }

    /** From now on nothing passes, in either direction; connections stand. */
    void fallSilent() {
        silent = true;
    }

    private void accept(ServerSocket socket) throws IOException {
        while (!socket.isClosed()) {
            Socket near = socket.accept();
            sockets.add(near);
            if (!mute) {
                Socket far = new Socket(InetAddress.getLoopbackAddress(), target);
                sockets.add(far);
                daemon(() -> pass(near, far));
                daemon(() -> pass(far, near));
            }
            accepted.incrementAndGet();
        }
    }

    private void pass(Socket from, Socket to) throws IOException {
        InputStream in = from.getInputStream();
        byte[] buffer = new byte[16 * 1024];
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            if (!silent) {
                to.getOutputStream().write(buffer, 0, n);
            }
        }
        if (!silent) {
            to.close();
        }
    }

    @Override
    public void close() throws IOException {
        if (listener != null) {
            listener.close();
        }
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    private interface Work {
        void run() throws IOException;
    }

    private static void daemon(Work work) {
        Thread thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (IOException e) {
                        // One side has gone; the tests look at what the other makes of it.
                        return;
                    }
                },
                "test-tcp-proxy");
        thread.setDaemon(true);
        thread.start();
    }
}
