package dev.hil.link;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * Waits until an ssh server <em>speaks</em>. Port forwards of QEMU and containers accept a connection before anyone
 * listens behind them, so an open port proves nothing; and one attempt made too early sits in TCP's back-off for
 * seconds. So: many short attempts that overlap, as often as the {@link KnockPace} allows, and the first connection with
 * an identification line wins and is used.
 */
final class SshKnock {
    /** The first attempts are short, later ones longer: a slow machine must get the time to say its first word. */
    private static final Duration SHORTEST = Duration.ofMillis(200);

    private static final Duration LONGEST = Duration.ofSeconds(3);
    private static final int MOST_AT_ONCE = 3;
    /** A server hangs up before its first word while it starts, or where too many are at its door (sshd's MaxStartups). */
    private static final int HUNG_UP = 5;

    private static final Duration PAUSE = Duration.ofMillis(200);
    private static final Duration TICK = Duration.ofMillis(10);

    private final SshTarget target;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final BlockingQueue<PrimedSocket> answered = new LinkedBlockingQueue<>();
    private final Supplier<KnockPace> pace;
    private boolean over;
    private volatile boolean behindForward;
    private final AtomicInteger underWay = new AtomicInteger();
    private volatile Duration patience = SHORTEST;
    /** The machine's network is up and refuses: the next connection that it takes is the server's. */
    private volatile boolean refusing;

    private long lastAttempt = System.nanoTime();
    private volatile String lastFailure = "no attempt has ended yet";

    private SshKnock(SshTarget target, Supplier<KnockPace> pace) {
        this.target = target;
        this.pace = pace;
    }

    /** One attempt of at most {@code limit}; with a server that hangs up before its first word, a few. */
    static PrimedSocket once(SshTarget target, Duration limit) {
        SshKnock knock = new SshKnock(target, () -> KnockPace.UNKNOWN);
        Deadline deadline = Deadline.in(limit);
        for (int tries = 1; ; tries++) {
            try {
                return knock.attempt(deadline.atMost(limit));
            } catch (HungUpException e) {
                LockSupport.parkNanos(deadline.atMost(PAUSE).toNanos());
                if (tries == HUNG_UP
                        || deadline.isOver()
                        || Thread.currentThread().isInterrupted()) {
                    throw knock.failure(e, limit);
                }
            } catch (IOException e) {
                throw knock.failure(e, limit);
            }
        }
    }

    /** Taken and closed without a word. */
    private static final class HungUpException extends IOException {
        private static final long serialVersionUID = 1L;

        HungUpException() {
            super("the connection was closed before the server said anything");
        }
    }

    /**
     * Attempts until one is answered.
     *
     * @throws LinkException after the deadline, saying how the last attempt ended
     */
    static PrimedSocket until(SshTarget target, Deadline deadline, Supplier<KnockPace> pace) {
        SshKnock knock = new SshKnock(target, pace);
        ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(SshKnock::daemon);
        ExecutorService attempts = Executors.newCachedThreadPool(SshKnock::daemon);
        Future<?> ticks =
                clock.scheduleAtFixedRate(() -> knock.tick(attempts), 0, TICK.toMillis(), TimeUnit.MILLISECONDS);
        try {
            PrimedSocket winner;
            do {
                winner = knock.answered.poll(deadline.remaining().toMillis(), TimeUnit.MILLISECONDS);
            } while (winner == null && !deadline.isOver());
            if (winner == null) {
                throw new LinkException(
                        LinkException.Kind.UNREACHABLE,
                        "%s: no ssh server answered within %s; the last attempt: %s"
                                .formatted(target, Durations.text(deadline.limit()), knock.lastFailure));
            }
            knock.open.remove(winner);
            return winner;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InfrastructureException("interrupted while waiting for " + target, e);
        } finally {
            ticks.cancel(true);
            clock.shutdownNow();
            attempts.shutdownNow();
            knock.closeAll();
        }
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "hil-ssh-knock");
        thread.setDaemon(true);
        return thread;
    }

    private void tick(ExecutorService attempts) {
        long now = System.nanoTime();
        boolean due = now - lastAttempt >= paceNow().interval(behindForward).toNanos();
        if (due && underWay.get() < (refusing ? 1 : MOST_AT_ONCE)) {
            lastAttempt = now;
            underWay.incrementAndGet();
            attempts.execute(this::tryOnce);
        }
    }

    /** A pace that cannot be told must not end the attempts: an exception would stop the clock, and silently. */
    private KnockPace paceNow() {
        try {
            return pace.get();
        } catch (RuntimeException e) {
            lastFailure = "the pace could not be told: " + e;
            return KnockPace.UNKNOWN;
        }
    }

    private void tryOnce() {
        // A server that has taken the connection is not hurried, and gets no second one to serve beside it.
        Duration limit = refusing ? LONGEST : patience;
        try {
            offer(attempt(limit));
        } catch (SocketTimeoutException e) {
            refusing = false;
            lastFailure = words(e, limit);
            Duration longer = limit.multipliedBy(5).dividedBy(4);
            patience = longer.compareTo(LONGEST) < 0 ? longer : LONGEST;
        } catch (IOException e) {
            refusing = true;
            lastFailure = words(e, limit);
        } finally {
            underWay.decrementAndGet();
        }
    }

    /** Either before the others are closed, or not at all: what has been handed out is no longer closed here. */
    private synchronized void offer(PrimedSocket socket) throws IOException {
        if (over) {
            socket.close();
            return;
        }
        open.add(socket);
        answered.add(socket);
    }

    private PrimedSocket attempt(Duration limit) throws IOException {
        Deadline deadline = Deadline.in(limit);
        Socket socket = new Socket();
        open.add(socket);
        boolean kept = false;
        try {
            // Without it each small ssh packet waits for the acknowledgement of the one before: 67 instead of 20 ms.
            socket.setTcpNoDelay(true);
            socket.connect(
                    new InetSocketAddress(InetAddress.getByName(target.host()), target.port()), millis(deadline));
            socket.setSoTimeout(millis(deadline));
            byte[] first = firstBytes(socket);
            if (first.length < 4) {
                behindForward = true;
                throw new HungUpException();
            }
            socket.setSoTimeout(0);
            kept = true;
            return new PrimedSocket(socket, first);
        } finally {
            open.remove(socket);
            if (!kept) {
                socket.close();
            }
        }
    }

    private byte[] firstBytes(Socket socket) throws IOException {
        try {
            return socket.getInputStream().readNBytes(4);
        } catch (SocketTimeoutException e) {
            // Connected and mute: somebody accepts in the machine's place.
            behindForward = true;
            throw e;
        }
    }

    private static int millis(Deadline deadline) {
        return (int) deadline.atMost(Duration.ofMinutes(1)).toMillis();
    }

    private synchronized void closeAll() {
        over = true;
        for (Socket socket : open) {
            try {
                socket.close();
            } catch (IOException e) {
                lastFailure = e.toString();
            }
        }
    }

    private LinkException failure(IOException e, Duration limit) {
        String message = "%s: %s".formatted(target, words(e, limit));
        if (e instanceof ConnectException) {
            return new LinkException(
                    LinkException.Kind.REFUSED,
                    message + ". The machine is there but no ssh server listens on that port: is sshd running, and is "
                            + target.port() + " its port?",
                    e);
        }
        return new LinkException(LinkException.Kind.UNREACHABLE, message, e);
    }

    private String words(IOException e, Duration limit) {
        if (e instanceof SocketTimeoutException) {
            return "no answer within " + Durations.text(limit);
        }
        if (e instanceof UnknownHostException) {
            return "no such host: " + target.host();
        }
        String message = e.getMessage();
        return message == null ? e.toString() : message;
    }
}
