package dev.hil.link;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import net.schmizz.sshj.SSHClient;
import net.schmizz.sshj.connection.ConnectionException;
import net.schmizz.sshj.connection.channel.direct.Session;
import net.schmizz.sshj.connection.channel.direct.Signal;
import net.schmizz.sshj.transport.TransportException;
import org.jspecify.annotations.Nullable;

/**
 * A machine over ssh. A connection is kept open for all commands; it is made when first needed, and made again when it
 * has died. What runs at the same time gets connections of its own. A peer that stops answering is noticed within 5 s.
 */
public final class SshShell extends ProcessShell implements AutoCloseable {
    private static final Duration A_MOMENT = Duration.ofMillis(300);

    private final SshTarget target;
    private final boolean sudo;
    private final SshConnector connector;
    private final Duration handshake;
    /**
     * Held while a command runs. A server may lose its way where channels of one connection come and go at the same time:
     * dropbear 2022.83 then ends the connection ("Unknown channel 0"), or never answers a request.
     */
    private final ReentrantLock busy = new ReentrantLock();

    private @Nullable SshShell further;
    private @Nullable SSHClient client;
    /** Connections that carry what was begun on them, and nothing new. */
    private final List<SSHClient> retired = new ArrayList<>();

    /** @param sudo whether commands that need root's rights go through {@code sudo -n} */
    public SshShell(SshTarget target, boolean sudo) {
        this(target, sudo, SshConnector.HANDSHAKE);
    }

    /** @param handshake the most time for making a connection */
    SshShell(SshTarget target, boolean sudo, Duration handshake) {
        this.target = target;
        this.sudo = sudo;
        this.handshake = handshake;
        this.connector = new SshConnector(target, handshake);
    }

    @Override
    public String name() {
        return target.alias();
    }

    public SshTarget target() {
        return target;
    }

    /** How long ago the server of the last connection first spoke. */
    public Duration sinceAnswered() {
        return Duration.ofNanos(System.nanoTime() - connector.answeredNanos());
    }

    /** Whether a connection stands, as far as is known: at most 5 s old. */
    public synchronized boolean isConnected() {
        return client != null && client.isConnected() && client.getTransport().isRunning();
    }

    /**
     * Drops the connection that is there and waits until the machine answers <em>and</em> {@code ready} accepts it.
     * Made for reboots: attempts are short and overlap, and one that the dying system still answers is not the end.
     *
     * @param pace how often to try, asked again and again
     * @param ready asked after each login, given this shell; empty means not yet
     * @return what {@code ready} gave
     * @throws LinkException at the deadline, or at once where waiting cannot help, such as with a changed host key
     */
    public <T> T reconnect(Deadline deadline, Supplier<KnockPace> pace, Function<Shell, Optional<T>> ready) {
        LinkException last = null;
        boolean answered = false;
        while (!deadline.isOver()) {
            close();
            try {
                SSHClient fresh = connector.connectUntil(deadline, pace);
                synchronized (this) {
                    client = fresh;
                }
                Optional<T> value = ready.apply(this);
                if (value.isPresent()) {
                    return value.get();
                }
                answered = true;
                // The old system still answers: the end of its connection is the sign to try again.
                awaitEnd(fresh, deadline.atMost(Duration.ofMillis(500)));
            } catch (LinkException e) {
                if (!e.kind().mayPass()) {
                    throw e;
                }
                last = e;
                pause(deadline);
            } catch (CommandException e) {
                last = new LinkException(LinkException.Kind.LOST, e.getMessage() == null ? "" : e.getMessage(), e);
            }
        }
        String detail = last == null ? "it did not answer" : last.getMessage();
        if (answered) {
            String other = "it answered, but was not what was waited for";
            detail = last == null ? other : other + "; then: " + detail;
        }
        throw new LinkException(
                LinkException.Kind.UNREACHABLE,
                "%s: gave up after %s: %s".formatted(target, Durations.text(deadline.limit()), detail),
                last);
    }

    /** A server that answers and then refuses would otherwise be asked thousands of times. */
    private void pause(Deadline deadline) {
        LockSupport.parkNanos(deadline.atMost(Duration.ofMillis(100)).toNanos());
        if (Thread.currentThread().isInterrupted()) {
            throw new InfrastructureException("interrupted while waiting for " + target);
        }
    }

    private static void awaitEnd(SSHClient client, Duration limit) {
        try {
            client.getTransport().join((int) limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TransportException e) {
            // Both its end and the end of the wait arrive here; either way the next attempt follows.
            return;
        }
    }

    @Override
    public ExecResult run(Command command, InputStream stdin, OutputStream stdout) {
        if (!isMine(command)) {
            return further().run(command, stdin, stdout);
        }
        try {
            return super.run(command, stdin, stdout);
        } finally {
            busy.unlock();
        }
    }

    @Override
    public Stream stream(Command command, Consumer<byte[]> sink) {
        if (!isMine(command)) {
            return further().stream(command, sink);
        }
        try {
            return super.stream(command, sink);
        } finally {
            busy.unlock();
        }
    }

    /** Whether the connection is free for a command; then it is held. A short one is waited for. */
    private boolean isMine(Command command) {
        try {
            return busy.tryLock(A_MOMENT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InfrastructureException(
                    "interrupted before `%s` was sent to %s".formatted(command.forMessage(), target), e);
        }
    }

    /** Another connection to the same machine, for what runs at the same time. */
    private synchronized SshShell further() {
        SshShell next = further;
        if (next == null) {
            next = new SshShell(target, sudo, handshake);
            further = next;
        }
        return next;
    }

    @Override
    Running start(Command command) {
        String line = line(command);
        SSHClient connected = client();
        try {
            Session session = connected.startSession();
            return new SshCommand(session, session.exec(line), () -> retire(connected));
        } catch (ConnectionException | TransportException e) {
            close();
            throw lost(command, e);
        }
    }

    private synchronized SSHClient client() {
        SSHClient current = client;
        if (current != null && isConnected()) {
            return current;
        }
        if (current != null) {
            closeQuietly(current);
        }
        SSHClient fresh = connector.connect();
        client = fresh;
        return fresh;
    }

    private String line(Command command) {
        List<String> argv = new ArrayList<>(command.vector(sudo));
        if (!command.environment().isEmpty()) {
            List<String> variables = new ArrayList<>(List.of("env"));
            for (Map.Entry<String, String> variable : command.environment().entrySet()) {
                variables.add(variable.getKey() + "=" + variable.getValue());
            }
            argv.addAll(argv.get(0).equals("sudo") ? 3 : 0, variables);
        }
        return ShellQuote.join(argv);
    }

    @Override
    InfrastructureException lost(Command command, Exception cause) {
        return new LinkException(
                LinkException.Kind.LOST,
                "%s: the connection was lost while `%s` ran: %s"
                        .formatted(target, command.forMessage(), SshConnector.words(cause)),
                cause);
    }

    /** Ends the connection; the next command makes a new one. */
    @Override
    public synchronized void close() {
        SSHClient old = client;
        client = null;
        if (old != null) {
            closeQuietly(old);
        }
        retired.forEach(SshShell::closeQuietly);
        retired.clear();
        if (further != null) {
            further.close();
        }
    }

    /**
     * A connection on which a command had to be ended while it was still sending may answer no new one for a while; the
     * live kernel log on it goes on.
     */
    private synchronized void retire(SSHClient clogged) {
        if (client == clogged) {
            client = null;
            retired.add(clogged);
        }
    }

    /** sshj says goodbye to a peer that may be gone, and waits up to 30 s for it: not on the caller's thread. */
    static void closeQuietly(Closeable closeable) {
        Thread closer = new Thread(
                () -> {
                    try {
                        closeable.close();
                    } catch (IOException e) {
                        // It is to be gone, and it is.
                        return;
                    }
                },
                "hil-ssh-close");
        closer.setDaemon(true);
        closer.start();
    }

    private static final class SshCommand implements Running {
        private final Session session;
        private final Session.Command command;
        private final Runnable retire;

        SshCommand(Session session, Session.Command command, Runnable retire) {
            this.session = session;
            this.command = command;
            this.retire = retire;
        }

        @Override
        public void abandon() {
            retire.run();
            kill();
        }

        @Override
        public InputStream stdout() {
            return command.getInputStream();
        }

        @Override
        public InputStream stderr() {
            return command.getErrorStream();
        }

        @Override
        public OutputStream stdin() {
            return command.getOutputStream();
        }

        @Override
        public boolean join(Duration limit) throws IOException {
            try {
                command.join(limit.toMillis(), TimeUnit.MILLISECONDS);
                return true;
            } catch (ConnectionException e) {
                if (e.getCause() instanceof TimeoutException) {
                    return false;
                }
                throw e;
            }
        }

        @Override
        public OptionalInt exitCode() {
            Integer status = command.getExitStatus();
            return status == null ? OptionalInt.empty() : OptionalInt.of(status);
        }

        @Override
        public void kill() {
            try {
                command.signal(Signal.KILL);
            } catch (TransportException e) {
                // The link is gone, and with it what could be signalled through it.
                return;
            } finally {
                closeQuietly(session);
            }
        }
    }
}
