package dev.hil.link;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import net.schmizz.sshj.common.Buffer;
import net.schmizz.sshj.common.Message;
import net.schmizz.sshj.common.SSHPacket;
import net.schmizz.sshj.transport.TransportException;
import net.schmizz.sshj.userauth.UserAuthException;
import net.schmizz.sshj.userauth.method.AbstractAuthMethod;
import net.schmizz.sshj.userauth.method.AuthMethod;

/** The user's ssh agent, spoken to over its socket (draft-miller-ssh-agent); private keys never leave it. */
final class SshAgent {
    private static final byte REQUEST_IDENTITIES = 11;
    private static final byte IDENTITIES_ANSWER = 12;
    private static final byte SIGN_REQUEST = 13;
    private static final byte SIGN_RESPONSE = 14;
    private static final int RSA_SHA2_512 = 4;
    /** OpenSSH's own limit for a message of its agent. */
    private static final int MAX_MESSAGE = 256 * 1024;

    private final Path socket;

    private SshAgent(Path socket) {
        this.socket = socket;
    }

    /** A way to log in for each key the agent holds; none if the agent does not answer. */
    static List<AuthMethod> methods(Path socket) {
        SshAgent agent = new SshAgent(socket);
        List<AuthMethod> methods = new ArrayList<>();
        try {
            Buffer.PlainBuffer answer =
                    agent.ask(new Buffer.PlainBuffer().putByte(REQUEST_IDENTITIES), IDENTITIES_ANSWER);
            long count = answer.readUInt32();
            for (long i = 0; i < count; i++) {
                byte[] publicKey = answer.readStringAsBytes();
                String comment = answer.readString();
                methods.add(new AgentKey(agent, publicKey, comment));
            }
        } catch (IOException e) {
            // A dead agent is as good as none: OpenSSH goes on to the identity files as well.
            return List.of();
        }
        return methods;
    }

    private byte[] sign(byte[] publicKey, byte[] data, int flags) throws IOException {
        Buffer.PlainBuffer request = new Buffer.PlainBuffer()
                .putByte(SIGN_REQUEST)
                .putString(publicKey)
                .putString(data)
                .putUInt32(flags);
        return ask(request, SIGN_RESPONSE).readStringAsBytes();
    }

    private Buffer.PlainBuffer ask(Buffer.PlainBuffer request, byte expected) throws IOException {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            byte[] body = request.getCompactData();
            ByteBuffer message = ByteBuffer.allocate(4 + body.length)
                    .putInt(body.length)
                    .put(body)
                    .flip();
            while (message.hasRemaining()) {
                channel.write(message);
            }
            int length = read(channel, 4).getInt();
            if (length < 1 || length > MAX_MESSAGE) {
                throw new IOException("the ssh agent at %s answered with a length of %d".formatted(socket, length));
            }
            Buffer.PlainBuffer answer =
                    new Buffer.PlainBuffer(read(channel, length).array());
            byte type = answer.readByte();
            if (type != expected) {
                throw new IOException("the ssh agent at %s refused (answer %d)".formatted(socket, type));
            }
            return answer;
        }
    }

    private static ByteBuffer read(SocketChannel channel, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(length);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer) < 0) {
                throw new IOException("the ssh agent closed the connection");
            }
        }
        return buffer.flip();
    }

    private static final class AgentKey extends AbstractAuthMethod {
        private final SshAgent agent;
        private final byte[] publicKey;
        private final String comment;

        AgentKey(SshAgent agent, byte[] publicKey, String comment) {
            super("publickey");
            this.agent = agent;
            this.publicKey = publicKey;
            this.comment = comment;
        }

        @Override
        protected SSHPacket buildReq() throws UserAuthException {
            return request(false);
        }

        private SSHPacket request(boolean signed) throws UserAuthException {
            SSHPacket packet = super.buildReq().putBoolean(signed);
            return packet.putString(algorithm()).putString(publicKey);
        }

        private String algorithm() throws UserAuthException {
            try {
                String type = new Buffer.PlainBuffer(publicKey).readString();
                return type.equals("ssh-rsa") ? "rsa-sha2-512" : type;
            } catch (Buffer.BufferException e) {
                throw new UserAuthException("the agent's key \"" + comment + "\" cannot be read", e);
            }
        }

        @Override
        public void handle(Message message, SSHPacket packet) throws UserAuthException, TransportException {
            if (message != Message.USERAUTH_60) {
                super.handle(message, packet);
                return;
            }
            SSHPacket request = request(true);
            byte[] toSign = new Buffer.PlainBuffer()
                    .putString(params.getTransport().getSessionID())
                    .putBuffer(request)
                    .getCompactData();
            try {
                int flags = algorithm().equals("rsa-sha2-512") ? RSA_SHA2_512 : 0;
                request.putString(agent.sign(publicKey, toSign, flags));
            } catch (IOException e) {
                throw new UserAuthException("the agent did not sign with its key \"" + comment + "\"", e);
            }
            params.getTransport().write(request);
        }
    }
}
