package dev.hil.link;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A TCP line to a server of this host that can be cut, fall silent while it stands, become slow or change what it
 * carries; and be mended.
 */
public final class TcpProxy implements Closeable {
    private final int target;
    private final int port;
    private final AtomicInteger accepted = new AtomicInteger();
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private volatile boolean mute;
    private volatile boolean refusing;
    private volatile boolean silent;
    private volatile boolean garbage;
    private volatile int bytesPerSecond = Integer.MAX_VALUE;
    private @Nullable ServerSocket listener;

    /** On a free port, which refuses connections until {@link #listen}. */
    public TcpProxy(int target) throws IOException {
        this.target = target;
        try (ServerSocket free = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            this.port = free.getLocalPort();
        }
    }

    public int port() {
        return port;
    }

    /** Connections that were accepted. */
    int accepted() {
        return accepted.get();
    }

    /** Accepts connections; if mute, and says nothing on them, ever. */
    public synchronized void listen(boolean staysMute) throws IOException {
        mute = staysMute;
        if (listener == null) {
            ServerSocket socket = new ServerSocket();
            socket.setReuseAddress(true);
            socket.bind(new java.net.InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            listener = socket;
            daemon(() -> accept(socket));
        }
    }

    /** From now on nothing passes, in either direction; connections stand, as on a half-open link. */
    public void fallSilent() {
        silent = true;
    }

    /** Ends all connections and resets new ones at once, as a pulled cable does where its end is noticed. */
    public void cut() throws IOException {
        refusing = true;
        endAll();
    }

    private void endAll() throws IOException {
        for (Socket open : sockets) {
            open.close();
        }
        sockets.removeIf(Socket::isClosed);
    }

    /** Everything passes, but no faster than this. */
    public void slowTo(int bytesASecond) {
        bytesPerSecond = bytesASecond;
    }

    /** From now on a byte of each piece arrives as another one. */
    public void garble() {
        garbage = true;
    }

    /** As new. What was lost meanwhile is lost, so connections that stood then end. */
    public void mend() throws IOException {
        boolean lossy = silent || garbage;
        silent = false;
        garbage = false;
        refusing = false;
        bytesPerSecond = Integer.MAX_VALUE;
        if (lossy) {
            endAll();
        }
    }

    private void accept(ServerSocket socket) throws IOException {
        while (!socket.isClosed()) {
            Socket near = socket.accept();
            sockets.add(near);
            if (refusing) {
                reset(near);
            } else if (!mute) {
                connect(near);
            }
            accepted.incrementAndGet();
        }
    }

    /** A server that is away, such as one whose machine has no power, is away for this connection and not for good. */
    private void connect(Socket near) throws IOException {
        Socket far;
        try {
            far = new Socket(InetAddress.getLoopbackAddress(), target);
        } catch (ConnectException e) {
            reset(near);
            return;
        }
        sockets.add(far);
        daemon(() -> pass(near, far));
        daemon(() -> pass(far, near));
    }

    /** The port stays taken: while it is free any other connection of this host may get it. */
    private void reset(Socket near) throws IOException {
        near.setSoLinger(true, 0);
        sockets.remove(near);
        near.close();
    }

    private void pass(Socket from, Socket to) throws IOException {
        InputStream in = from.getInputStream();
        byte[] buffer = new byte[16 * 1024];
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            if (!silent) {
                if (garbage) {
                    buffer[n / 2] ^= 0x55;
                }
                delay(n);
                to.getOutputStream().write(buffer, 0, n);
            }
        }
        if (!silent) {
            to.close();
        }
    }

    private void delay(int bytes) {
        int rate = bytesPerSecond;
        if (rate < Integer.MAX_VALUE) {
            LockSupport.parkNanos(bytes * 1_000_000_000L / rate);
        }
    }

    @Override
    public synchronized void close() throws IOException {
        if (listener != null) {
            listener.close();
        }
        endAll();
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
