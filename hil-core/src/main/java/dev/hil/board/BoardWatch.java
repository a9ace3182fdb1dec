package dev.hil.board;

import dev.hil.klog.KnownIssues;
import dev.hil.link.Command;
import dev.hil.link.Console;
import dev.hil.link.Deadline;
import dev.hil.link.Durations;
import dev.hil.link.InfrastructureException;
import dev.hil.link.Shell;
import dev.hil.record.Evidence;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Watches a board for as long as its session lasts. The live kernel log and the serial console, where there is one, go
 * through a scanner of their own as they arrive: a report of the kernel is known when its headline is printed, also if
 * the board wedges right after. What was seen is in {@code findings.jsonl} of the evidence folder too.
 *
 * <p>How to use it: take a {@link #mark} before what is to be watched; then either {@link #await} something, or
 * {@link #drain} the log, which proves that nothing is in flight, and ask for the {@link #unexpected} since the mark.
 */
public final class BoardWatch {
    private static final Duration TICK = Duration.ofMillis(100);

    private static final Duration SERIAL_DRAIN = Duration.ofSeconds(5);
    private static final String WRITE_MARK = "printf '<4>%s\\n' \"$1\" | as_root tee /dev/kmsg >/dev/null";

    /** Told when the link to a boot is lost, on a thread of its own. */
    interface LossListener {
        void lost(Boot boot, String why);
    }

    private final Shell shell;
    private final Evidence evidence;
    private final Optional<Console> console;
    private final Kmsg kmsg;
    private final LossListener loss;
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(runnable -> {
        Thread thread = new Thread(runnable, "hil-watch");
        thread.setDaemon(true);
        return thread;
    });
    private final ScheduledFuture<?> ticks;
    private final SightingBook book;
    private final @Nullable SerialWatch serial;
    private final FactsReader reader;
    private final AtomicLong marks = new AtomicLong();

    /** Guarded by this, as are all below. */
    private @Nullable Watched current;

    private final List<Reset> resets = new ArrayList<>();
    private long acknowledged;
    private int acknowledgedResets;
    private boolean closed;

    /** A boot, and what is known of it. */
    record Watched(Boot boot, Canary canary, CompletableFuture<BootFacts> facts, Instant arrived) {}

    BoardWatch(
            Shell shell, Evidence evidence, Optional<Console> console, Supplier<KnownIssues> known, LossListener loss) {
        this.shell = shell;
        this.evidence = evidence;
        this.console = console;
        this.loss = loss;
        this.book = new SightingBook(evidence);
        this.reader = new FactsReader(shell, evidence, this::isWatched);
        this.kmsg = new Kmsg(shell, evidence, known, book, new Following());
        this.serial =
                console.map(line -> new SerialWatch(line, known.get(), book)).orElse(null);
        this.ticks = clock.scheduleWithFixedDelay(this::tick, TICK.toMillis(), TICK.toMillis(), TimeUnit.MILLISECONDS);
    }

    Kmsg kmsg() {
        return kmsg;
    }

    /** A boot has been reached. */
    void arrived(Boot boot) {
        Watched watched = new Watched(boot, Canary.random(), new CompletableFuture<>(), Instant.now());
        if (serial != null) {
            serial.read();
        }
        synchronized (this) {
            book.arrived(serialBoot(), boot);
            current = watched;
            if (serial != null) {
                serial.arrived(watched.canary());
            }
        }
        kmsg.follow(boot, watched.canary().mark());
    }

    /** A reset was ordered, or the link is lost: what the console has said so far was said by the boot that was. */
    void leaving(boolean ordered) {
        if (serial != null) {
            serial.read();
        }
        if (ordered) {
            kmsg.leaving();
        }
        if (serial != null) {
            serial.leaving();
        }
        book.leaving(serialBoot());
    }

    private int serialBoot() {
        return serial == null ? 0 : serial.boot();
    }

    synchronized @Nullable Watched current() {
        return current;
    }

    /** What was read of the current boot when it began; waits for it where that is still under way. */
    Optional<BootFacts> facts(Duration limit) {
        Watched watched = current();
        return watched == null ? Optional.empty() : facts(watched, limit);
    }

    static Optional<BootFacts> facts(Watched watched, Duration limit) {
        try {
            return Optional.of(watched.facts().get(limit.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        } catch (ExecutionException | TimeoutException e) {
            return Optional.empty();
        }
    }

    /** How much has been seen so far: what is asked for by this mark later is what came after. */
    public long mark() {
        return book.size();
    }

    /** Everything that was seen, in its order. A report that two channels have is seen twice. */
    public List<Sighting> sightings() {
        return book.all();
    }

    /** What was seen of one boot. */
    public List<Sighting> sightings(Boot boot) {
        Watched watched = current();
        boolean isCurrent = watched != null && watched.boot().id().equals(boot.id());
        // What the console says now is said by the boot that runs now.
        return sightings().stream()
                .filter(sighting -> sighting.boot().equals(boot.id())
                        || (isCurrent && sighting.boot().isEmpty()))
                .toList();
    }

    /**
     * The reports since a mark that somebody has to look at, each once: no known issues, nothing that a test provoked by
     * means of the kernel's own (sysrq-c, lkdtm, KUnit), no mere remarks, nothing that was {@link #acknowledge}d.
     */
    public List<Sighting> unexpected(long mark) {
        return Sightings.unexpected(sightings(), Math.max(mark, acknowledged()));
    }

    /** The resets that nobody had ordered, since the session began, oldest first. */
    public synchronized List<Reset> resets() {
        return List.copyOf(resets);
    }

    /** Waits until so many resets were seen that nobody had ordered; false where that did not come to pass in time. */
    synchronized boolean awaitResets(long number, Duration limit) {
        Deadline deadline = Deadline.in(limit);
        while (resets.size() < number) {
            if (deadline.isOver()) {
                return false;
            }
            try {
                wait(deadline.atMost(Duration.ofSeconds(1)).toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
        return true;
    }

    synchronized void unordered(Reset reset) {
        resets.add(reset);
        notifyAll();
    }

    /**
     * What was seen so far was provoked on purpose: it is in the evidence, but is not held against the test that calls
     * this, nor against later ones. What lockdep has reported stays reported: see {@link Board#lockdep()}.
     *
     * @param why for the evidence
     */
    public void acknowledge(String why) {
        synchronized (this) {
            acknowledged = book.size();
            acknowledgedResets = resets.size();
        }
        evidence.event("acknowledged", why);
    }

    /** How many of the {@link #resets} were acknowledged. */
    public synchronized int acknowledgedResets() {
        return acknowledgedResets;
    }

    private synchronized long acknowledged() {
        return acknowledged;
    }

    /**
     * Waits for a sighting.
     *
     * @param mark only what came after it counts
     * @throws InfrastructureException at the deadline, naming what was seen instead
     */
    public Sighting await(String what, Predicate<Sighting> wanted, long mark, Duration limit) {
        return book.await("%s not seen on %s".formatted(what, shell.name()), wanted, mark, limit);
    }

    /** The times in which the board was not heard over ssh, oldest first; one may still be going on. */
    public List<Outage> outages() {
        return kmsg.outages();
    }

    /** When the board was last heard over ssh, be it only a sign of life, which there is each second. */
    public Optional<Instant> lastHeard() {
        return Optional.ofNullable(kmsg.lastHeard());
    }

    /**
     * Proves that nothing is in flight: writes a mark to the board's kernel log and waits until it comes through, over
     * ssh and, where the console has shown such marks in this boot, there too.
     */
    public Drain drain(Duration limit) {
        Deadline deadline = Deadline.in(limit);
        Watched watched = current();
        if (watched == null || !kmsg.awaitFollowing(deadline)) {
            return new Drain(false, "the kernel's log is not being read", deadline.elapsed());
        }
        long number = marks.incrementAndGet();
        try {
            // The canary first: without it the next reset could not be explained.
            facts(watched, deadline.remaining());
            shell.exec(Command.rootScript(WRITE_MARK, watched.canary().mark() + number)
                            .timeout(deadline.atMost(Command.DEFAULT_TIMEOUT)))
                    .orThrow();
        } catch (InfrastructureException e) {
            return new Drain(
                    false, "no mark could be written to the kernel's log: " + e.getMessage(), deadline.elapsed());
        }
        if (!kmsg.awaitMark(number, deadline)) {
            return new Drain(
                    false,
                    "the mark written to the kernel's log did not come through within %s (is kernel.printk_devkmsg off?)"
                            .formatted(Durations.text(limit)),
                    deadline.elapsed());
        }
        boolean serialBehind = serial != null && !serial.awaitMark(number, Deadline.in(deadline.atMost(SERIAL_DRAIN)));
        kmsg.idle();
        if (serial != null) {
            serial.idle();
        }
        return serialBehind
                ? new Drain(
                        false,
                        "the console, which shows the kernel's warnings, did not show the last mark within "
                                + Durations.text(SERIAL_DRAIN),
                        deadline.elapsed())
                : new Drain(true, "a mark written to the kernel's log came through", deadline.elapsed());
    }

    /** Whether a text was seen in the log of the current boot. */
    boolean hasLine(String text) {
        List<Path> logs = kmsg.recordings();
        if (logs.isEmpty()) {
            return false;
        }
        try (Stream<String> lines = Files.lines(logs.get(logs.size() - 1), StandardCharsets.ISO_8859_1)) {
            return lines.anyMatch(line -> line.contains(text));
        } catch (IOException | UncheckedIOException e) {
            throw new InfrastructureException("cannot read back " + logs.get(logs.size() - 1), e);
        }
    }

    /** What of the current boot's log may have been missed; empty where nothing was. */
    List<String> unseen() {
        List<String> gaps = new ArrayList<>(kmsg.gaps());
        // A console that shows warnings, and was read all the time, has what the other channel lost.
        if (serial != null && serial.carries() && serial.isWhole()) {
            gaps.clear();
        }
        book.overflow().ifPresent(gaps::add);
        return gaps;
    }

    /** Whether the console has shown this boot's canary, and so shows what is printed as a warning. */
    boolean consoleCarries() {
        return serial != null && serial.carries();
    }

    private void tick() {
        try {
            kmsg.tick();
            if (serial != null && serial.read() == 0) {
                serial.idle();
            }
        } catch (RuntimeException e) {
            // An exception that leaves a scheduled task ends it for good, and with it the watch: say so, and go on.
            evidence.event("watch", "stumbled: " + e);
        }
    }

    /** Ends the watch; what was still open is handed out as it is. */
    void close() {
        synchronized (this) {
            closed = true;
        }
        ticks.cancel(false);
        clock.shutdown();
        kmsg.stop();
        if (serial != null) {
            try {
                serial.read();
            } catch (InfrastructureException e) {
                evidence.event("watch", String.valueOf(e.getMessage()));
            }
            serial.finish();
        }
    }

    synchronized boolean isClosed() {
        return closed;
    }

    private final class Following implements Kmsg.Listener {
        @Override
        public void following(Boot boot) {
            Watched watched = current();
            if (watched == null || !watched.boot().id().equals(boot.id())) {
                return;
            }
            reader.begin(watched);
        }

        @Override
        public void lost(Boot boot, String why) {
            loss.lost(boot, why);
        }
    }

    private boolean isWatched(Boot boot) {
        Watched watched = current();
        return !isClosed() && watched != null && watched.boot().id().equals(boot.id());
    }

    /** The recording of the console, where there is one. */
    Optional<Path> consoleLog() {
        return console.map(Console::recording);
    }
}
