package dev.hil.link;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import net.schmizz.keepalive.KeepAliveRunner;
import net.schmizz.sshj.SSHClient;
import net.schmizz.sshj.userauth.UserAuthException;
import net.schmizz.sshj.userauth.keyprovider.KeyProvider;
import net.schmizz.sshj.userauth.method.AuthMethod;
import org.jspecify.annotations.Nullable;

/** Makes authenticated ssh connections on which a dead peer is noticed within 5 s. */
final class SshConnector {
    /** A handshake can hang after the key exchange for minutes; an emulated board needs 0.2 s, a busy one a few. */
    static final Duration HANDSHAKE = Duration.ofSeconds(10);

    private static final int KEEP_ALIVE_SECONDS = 1;
    private static final int KEEP_ALIVE_UNANSWERED = 3;

    private final SshTarget target;
    private final Duration limit;
    private volatile long answeredNanos;

    SshConnector(SshTarget target, Duration handshake) {
        this.target = target;
        this.limit = handshake;
    }

    /** One attempt. */
    SSHClient connect() {
        return target.jump().isPresent() ? throughJump(target.jump().get()) : over(SshKnock.once(target, limit));
    }

    /** Attempts until a server answers, then one handshake with it. */
    SSHClient connectUntil(Deadline deadline, Supplier<KnockPace> pace) {
        if (target.jump().isPresent()) {
            return throughJump(target.jump().get());
        }
        return over(SshKnock.until(target, deadline, pace));
    }

    /** When the server of the last connection first spoke, on the clock of {@link System#nanoTime}. */
    long answeredNanos() {
        return answeredNanos;
    }

    private SSHClient over(PrimedSocket socket) {
        answeredNanos = System.nanoTime();
        KnownHosts knownHosts = new KnownHosts(target);
        SSHClient client = newClient(knownHosts);
        client.setSocketFactory(socket.asFactory());
        return within(client, socket, knownHosts, () -> {
            client.connect(target.host(), target.port());
            authenticate(client);
        });
    }

    private SSHClient throughJump(SshTarget jump) {
        SSHClient outer = new SshConnector(jump, limit).connect();
        KnownHosts knownHosts = new KnownHosts(target);
        SSHClient client = newClient(knownHosts);
        // The outer connection lives as long as the inner one.
        client.getTransport().setDisconnectListener((reason, message) -> SshShell.closeQuietly(outer));
        return within(client, outer, knownHosts, () -> {
            client.connectVia(outer.newDirectConnection(target.host(), target.port()));
            authenticate(client);
        });
    }

    private SSHClient newClient(KnownHosts knownHosts) {
        SSHClient client = new SSHClient(SshAlgorithms.get());
        client.addHostKeyVerifier(knownHosts);
        client.setConnectTimeout((int) limit.toMillis());
        client.getTransport().setTimeoutMs((int) limit.toMillis());
        client.getConnection().setTimeoutMs((int) limit.toMillis());
        KeepAliveRunner keepAlive = (KeepAliveRunner) client.getConnection().getKeepAlive();
        keepAlive.setKeepAliveInterval(KEEP_ALIVE_SECONDS);
        keepAlive.setMaxAliveCount(KEEP_ALIVE_UNANSWERED);
        return client;
    }

    private void authenticate(SSHClient client) throws IOException {
        List<AuthMethod> methods = new ArrayList<>();
        target.agent().ifPresent(socket -> methods.addAll(SshAgent.methods(socket)));
        for (Path identity : target.identities()) {
            KeyProvider key = client.loadKeys(identity.toString());
            methods.add(new SignedPublicKey(key));
        }
        if (methods.isEmpty()) {
            throw new LinkException(
                    LinkException.Kind.AUTHENTICATION,
                    "%s: there is no key to log in with: no identity file exists and no ssh agent has a key. Make one"
                                    .formatted(target)
                            + " (ssh-keygen -t ed25519) and put it on the machine (ssh-copy-id " + target.alias()
                            + ")");
        }
        client.auth(target.user(), methods);
    }

    private interface Handshake {
        void run() throws IOException;
    }

    private SSHClient within(SSHClient client, Closeable carrier, KnownHosts knownHosts, Handshake handshake) {
        FutureTask<@Nullable Void> task = new FutureTask<>(() -> {
            handshake.run();
            return null;
        });
        Thread thread = new Thread(task, "hil-ssh-handshake");
        thread.setDaemon(true);
        thread.start();
        boolean done = false;
        try {
            task.get(limit.toMillis(), TimeUnit.MILLISECONDS);
            done = true;
            return client;
        } catch (ExecutionException e) {
            throw explain(e.getCause() == null ? e : e.getCause(), knownHosts);
        } catch (TimeoutException e) {
            throw new LinkException(
                    LinkException.Kind.UNREACHABLE,
                    "%s: the ssh handshake was not done within %s".formatted(target, Durations.text(limit)),
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InfrastructureException("interrupted while connecting to " + target, e);
        } finally {
            if (!done) {
                SshShell.closeQuietly(carrier);
                SshShell.closeQuietly(client);
            }
        }
    }

    private LinkException explain(Throwable cause, KnownHosts knownHosts) {
        if (cause instanceof LinkException already) {
            return already;
        }
        LinkException refusal = knownHosts.refusal();
        if (refusal != null) {
            return refusal;
        }
        if (cause instanceof UserAuthException) {
            return new LinkException(
                    LinkException.Kind.AUTHENTICATION,
                    "%s: the machine accepts none of the keys %s%s for user %s (%s). Put one there: ssh-copy-id %s"
                            .formatted(
                                    target,
                                    target.identities(),
                                    target.agent()
                                            .map(socket -> " and of the agent")
                                            .orElse(""),
                                    target.user(),
                                    words(cause),
                                    target.alias()),
                    cause);
        }
        return new LinkException(
                LinkException.Kind.UNREACHABLE,
                "%s: the ssh handshake failed: %s".formatted(target, words(cause)),
                cause);
    }

    /** Part of it may be what the server said. */
    static String words(Throwable cause) {
        return Recording.excerpt(String.valueOf(cause.getMessage()));
    }
}
