package dev.hil.link;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import javax.net.SocketFactory;

/**
 * A connected socket of which the first bytes have been read already, handed to sshj as if it were fresh. Saves a board
 * that has just come up a second connection.
 */
final class PrimedSocket extends Socket {
    private final Socket socket;
    private final InputStream input;

    PrimedSocket(Socket socket, byte[] alreadyRead) throws IOException {
        this.socket = socket;
        this.input = new SequenceInputStream(new ByteArrayInputStream(alreadyRead), socket.getInputStream());
    }

    SocketFactory asFactory() {
        return new SocketFactory() {
            @Override
            public Socket createSocket() {
                return PrimedSocket.this;
            }

            @Override
            public Socket createSocket(String host, int port) {
                return PrimedSocket.this;
            }

            @Override
            public Socket createSocket(String host, int port, InetAddress localHost, int localPort) {
                return PrimedSocket.this;
            }

            @Override
            public Socket createSocket(InetAddress host, int port) {
                return PrimedSocket.this;
            }

            @Override
            public Socket createSocket(InetAddress address, int port, InetAddress localAddress, int localPort) {
                return PrimedSocket.this;
            }
        };
    }

    @Override
    public void connect(SocketAddress endpoint, int timeout) {
        // It is connected.
    }

    @Override
    public void connect(SocketAddress endpoint) {
        // It is connected.
    }

    @Override
    public InputStream getInputStream() {
        return input;
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
        return socket.getOutputStream();
    }

    @Override
    public synchronized void setSoTimeout(int timeout) throws SocketException {
        socket.setSoTimeout(timeout);
    }

    @Override
    public synchronized int getSoTimeout() throws SocketException {
        return socket.getSoTimeout();
    }

    @Override
    public boolean isConnected() {
        return socket.isConnected();
    }

    @Override
    public boolean isClosed() {
        return socket.isClosed();
    }

    @Override
    public InetAddress getInetAddress() {
        return socket.getInetAddress();
    }

    @Override
    public int getPort() {
        return socket.getPort();
    }

    @Override
    public InetAddress getLocalAddress() {
        return socket.getLocalAddress();
    }

    @Override
    public int getLocalPort() {
        return socket.getLocalPort();
    }

    @Override
    public SocketAddress getRemoteSocketAddress() {
        return socket.getRemoteSocketAddress();
    }

    @Override
    public void shutdownInput() throws IOException {
        socket.shutdownInput();
    }

    @Override
    public void shutdownOutput() throws IOException {
        socket.shutdownOutput();
    }

    @Override
    public synchronized void close() throws IOException {
        socket.close();
    }
}
