package dev.hil.board;

import dev.hil.klog.Finding;
import dev.hil.klog.Kind;
import dev.hil.klog.KnownIssues;
import dev.hil.klog.Severity;
import dev.hil.link.Command;
import dev.hil.link.Console;
import dev.hil.link.Deadline;
import dev.hil.link.Durations;
import dev.hil.link.InfrastructureException;
import dev.hil.link.LinkException;
import dev.hil.link.Shell;
import dev.hil.record.Evidence;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
    /** A board that prints more reports is not looked at in more detail. */
    private static final int MOST_SIGHTINGS = 5000;

    private static final int MOST_AT_ONCE = 1 << 20;
    private static final int MARK_OVERLAP = 200;
    private static final Duration FACTS = Duration.ofSeconds(20);
    private static final Duration SERIAL_DRAIN = Duration.ofSeconds(5);
    private static final String IN_BETWEEN = "a boot in between";
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
    private final Object serialLock = new Object();
    private final @Nullable LogScan serial;
    private long serialRead;
    private String serialTail = "";
    private final AtomicLong marks = new AtomicLong();

    /** Guarded by this, as are all below. */
    private final List<Sighting> sightings = new ArrayList<>();

    private final Map<LogScan, Map<Long, Integer>> open = new HashMap<>();
    private final Map<Integer, Integer> serialBoots = new HashMap<>();
    private @Nullable Watched current;
    private int serialBoot;
    private final List<Reset> resets = new ArrayList<>();
    private long acknowledged;
    private int acknowledgedResets;
    private boolean overflow;
    private long serialMark = -1;
    private boolean serialCarries;
    private boolean closed;

    /** A boot, and what is known of it. */
    record Watched(Boot boot, Canary canary, CompletableFuture<BootFacts> facts, Instant arrived) {}

    BoardWatch(
            Shell shell, Evidence evidence, Optional<Console> console, Supplier<KnownIssues> known, LossListener loss) {
        this.shell = shell;
        this.evidence = evidence;
        this.console = console;
        this.loss = loss;
        Findings findings = new Findings();
        this.kmsg = new Kmsg(shell, evidence, known, findings, new Following());
        this.serial = console.map(line -> new LogScan(Channel.SERIAL, "", line.recording(), known.get(), findings))
                .orElse(null);
        this.ticks = clock.scheduleWithFixedDelay(this::tick, TICK.toMillis(), TICK.toMillis(), TimeUnit.MILLISECONDS);
    }

    Kmsg kmsg() {
        return kmsg;
    }

    /** A boot has been reached. */
    void arrived(Boot boot) {
        readSerial();
        Watched watched = new Watched(boot, Canary.random(), new CompletableFuture<>(), Instant.now());
        synchronized (this) {
            int now = serial == null ? 0 : serial.boot();
            for (int i = 0; i < sightings.size(); i++) {
                Sighting sighting = sightings.get(i);
                if (sighting.boot().isEmpty()) {
                    sightings.set(i, sighting.withBoot(bootOf(serialBoots.getOrDefault(i, -1), now, boot)));
                }
            }
            current = watched;
            serialBoot = now;
            serialCarries = false;
            serialMark = -1;
        }
        kmsg.follow(boot, watched.canary().mark());
    }

    /** Whose a report on the console was, by the number of the boot there; only the first and the last are known. */
    private String bootOf(int number, int now, Boot reached) {
        Watched before = current;
        if (number >= now) {
            return reached.id();
        }
        return before != null && number <= serialBoot ? before.boot().id() : IN_BETWEEN;
    }

    /** A reset was ordered, or the link is lost: what the console has said so far was said by the boot that was. */
    void leaving(boolean ordered) {
        readSerial();
        if (ordered) {
            kmsg.leaving();
        }
        synchronized (this) {
            Watched watched = current;
            int now = serial == null ? 0 : serial.boot();
            for (int i = 0; i < sightings.size() && watched != null; i++) {
                Sighting sighting = sightings.get(i);
                if (sighting.boot().isEmpty() && serialBoots.getOrDefault(i, -1) <= now) {
                    sightings.set(i, sighting.withBoot(watched.boot().id()));
                }
            }
        }
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
    public synchronized long mark() {
        return sightings.size();
    }

    /** Everything that was seen, in its order. A report that two channels have is seen twice. */
    public synchronized List<Sighting> sightings() {
        return List.copyOf(sightings);
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
            acknowledged = sightings.size();
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
        Deadline deadline = Deadline.in(limit);
        synchronized (this) {
            while (true) {
                for (int i = (int) mark; i < sightings.size(); i++) {
                    if (wanted.test(sightings.get(i))) {
                        return sightings.get(i);
                    }
                }
                if (deadline.isOver()) {
                    throw new InfrastructureException("%s not seen on %s within %s; seen: %s"
                            .formatted(
                                    what,
                                    shell.name(),
                                    Durations.text(limit),
                                    sightings.subList((int) Math.min(mark, sightings.size()), sightings.size())));
                }
                try {
                    wait(deadline.atMost(Duration.ofSeconds(1)).toMillis());
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new InfrastructureException("interrupted while waiting for " + what, e);
                }
            }
        }
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
        boolean serialBehind = !awaitSerialMark(number, Deadline.in(deadline.atMost(SERIAL_DRAIN)));
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

    private boolean awaitSerialMark(long number, Deadline deadline) {
        if (serial == null) {
            return true;
        }
        readSerial();
        synchronized (this) {
            while (serialCarries && serialMark < number) {
                if (deadline.isOver()) {
                    return false;
                }
                try {
                    wait(deadline.atMost(TICK).toMillis());
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return false;
                }
            }
            return true;
        }
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
        synchronized (this) {
            // A console that shows warnings, and was read all the time, has what the other channel lost.
            boolean covered = serialCarries && console.map(Console::isOpen).orElse(false);
            if (covered) {
                gaps.clear();
            }
            if (overflow) {
                gaps.add("there were more than %d reports; the rest was not looked at".formatted(MOST_SIGHTINGS));
            }
        }
        return gaps;
    }

    /** Whether the console has shown this boot's canary, and so shows what is printed as a warning. */
    synchronized boolean consoleCarries() {
        return serialCarries;
    }

    private void tick() {
        try {
            kmsg.tick();
            if (readSerial() == 0 && serial != null) {
                serial.idle();
            }
        } catch (RuntimeException e) {
            // An exception that leaves a scheduled task ends it for good, and with it the watch: say so, and go on.
            evidence.event("watch", "stumbled: " + e);
        }
    }

    /** Takes what the console has recorded since the last time; returns how many bytes that was. */
    private long readSerial() {
        LogScan scan = serial;
        if (scan == null) {
            return 0;
        }
        synchronized (serialLock) {
            long total = 0;
            long end = console.map(Console::position).orElse(0L);
            try (RandomAccessFile in = new RandomAccessFile(scan.log().toFile(), "r")) {
                while (serialRead < end) {
                    byte[] bytes = new byte[(int) Math.min(MOST_AT_ONCE, end - serialRead)];
                    in.seek(serialRead);
                    in.readFully(bytes);
                    scan.accept(bytes, bytes.length);
                    lookForMarks(bytes);
                    serialRead += bytes.length;
                    total += bytes.length;
                }
            } catch (IOException e) {
                throw new InfrastructureException("cannot read back the console's recording " + scan.log(), e);
            }
            return total;
        }
    }

    private void lookForMarks(byte[] bytes) {
        Watched watched = current();
        if (watched == null) {
            return;
        }
        String text = serialTail + new String(bytes, StandardCharsets.ISO_8859_1);
        boolean carries = text.contains(watched.canary().text());
        long newest = -1;
        String mark = watched.canary().mark();
        for (int at = text.indexOf(mark); at >= 0; at = text.indexOf(mark, at + 1)) {
            int from = at + mark.length();
            int to = from;
            while (to < text.length() && to - from < 18 && Character.digit(text.charAt(to), 10) >= 0) {
                to++;
            }
            // A number at the very end may not be whole yet.
            if (to > from && to < text.length()) {
                newest = Math.max(newest, Long.parseLong(text.substring(from, to)));
            }
        }
        serialTail = text.substring(Math.max(0, text.length() - MARK_OVERLAP));
        synchronized (this) {
            serialCarries |= carries;
            serialMark = Math.max(serialMark, newest);
            notifyAll();
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
                readSerial();
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
            // Not on the thread that reads the log.
            Thread thread = new Thread(() -> readFacts(watched), "hil-canary");
            thread.setDaemon(true);
            thread.start();
        }

        @Override
        public void lost(Boot boot, String why) {
            loss.lost(boot, why);
        }
    }

    /** A server that is just starting, or busy, may turn a connection away. */
    private void readFacts(Watched watched) {
        Deadline deadline = Deadline.in(FACTS);
        while (true) {
            try {
                BootFacts facts = BootFacts.readAndMark(shell, watched.canary());
                if (!facts.bootId().equals(watched.boot().id())) {
                    throw new InfrastructureException("the board is in boot %s already".formatted(facts.bootId()));
                }
                watched.facts().complete(facts);
                evidence.event(
                        "canary",
                        "%s in boot %s: kmsg %s, pmsg %s"
                                .formatted(
                                        watched.canary().text(),
                                        watched.boot().shortId(),
                                        facts.kmsgWritten() ? "written" : "NOT written",
                                        facts.pmsgWritten() ? "written" : "not written"));
                return;
            } catch (LinkException e) {
                if (deadline.isOver()
                        || isClosed()
                        || !isCurrent(watched.boot())
                        || !e.kind().mayPass()) {
                    giveUp(watched, e);
                    return;
                }
                evidence.event("canary", "could not be written yet: " + e.getMessage());
            } catch (InfrastructureException e) {
                giveUp(watched, e);
                return;
            }
        }
    }

    private boolean isCurrent(Boot boot) {
        Watched watched = current();
        return watched != null && watched.boot().id().equals(boot.id());
    }

    private void giveUp(Watched watched, InfrastructureException cause) {
        watched.facts().completeExceptionally(cause);
        evidence.event("canary", "could not be written: " + cause.getMessage());
    }

    /** What the scans find; called on their threads. */
    private final class Findings implements LogScan.Listener {
        @Override
        public void begun(LogScan scan, int boot, long line, Kind kind, String headline, long offset) {
            String stamp = LogScan.stampAt(scan.log(), offset);
            synchronized (BoardWatch.this) {
                if (sightings.size() >= MOST_SIGHTINGS) {
                    overflow = true;
                    return;
                }
                open.computeIfAbsent(scan, key -> new LinkedHashMap<>()).put(line, sightings.size());
                serialBoots.put(sightings.size(), boot);
                sightings.add(new Sighting(
                        scan.channel(), scan.bootId(), Instant.now(), stamp, kind, headline, null, scan.log(), offset));
                BoardWatch.this.notifyAll();
            }
            if (kind.severity() != Severity.INFO) {
                evidence.event("kernel", "%s: %s".formatted(scan.channel(), headline));
            }
        }

        @Override
        public void found(LogScan scan, Finding finding) {
            Sighting whole;
            synchronized (BoardWatch.this) {
                Map<Long, Integer> begun = open.getOrDefault(scan, new HashMap<>());
                Integer index = begun.remove(finding.firstLine());
                if (index == null && !begun.isEmpty() && !overflow) {
                    // Its first line turned out to stand before the one that made it known.
                    index = begun.remove(begun.keySet().iterator().next());
                }
                if (index == null) {
                    return;
                }
                whole = sightings.get(index).withFinding(finding);
                sightings.set(index, whole);
                BoardWatch.this.notifyAll();
            }
            evidence.json("findings.jsonl", Json.of(whole, finding));
            evidence.event("finding", whole.toString());
        }

        @Override
        public void bootEnded(LogScan scan, dev.hil.klog.Boot boot) {
            evidence.event(
                    "log",
                    "%s: a boot's log ends in line %d, %s%s"
                            .formatted(
                                    scan.channel(),
                                    boot.lastLine(),
                                    boot.end(),
                                    boot.endWords().isEmpty() ? "" : ": " + boot.endWords()));
        }
    }

    /** The form of {@code findings.jsonl}. */
    private static final class Json {
        private Json() {}

        static Map<String, Object> of(Sighting sighting, Finding finding) {
            Map<String, Object> values = new LinkedHashMap<>();
            values.put("channel", sighting.channel().name());
            values.put("boot", sighting.boot());
            values.put("at", sighting.at().toString());
            values.put("stamp", sighting.stamp());
            values.put("kind", finding.kind().id());
            values.put("category", finding.category().id());
            values.put("severity", finding.severity().id());
            values.put("title", finding.title());
            values.put("fingerprint", finding.fingerprint());
            values.put("fingerprintFine", finding.fingerprintFine());
            values.put("complete", finding.complete());
            values.put("expected", finding.expected() == null ? "" : finding.expected());
            values.put("known", finding.known() == null ? "" : finding.known().reason());
            values.put("locks", finding.locks());
            values.put("log", String.valueOf(sighting.log().getFileName()));
            values.put("startOffset", finding.startOffset());
            values.put("endOffset", finding.endOffset());
            values.put("lines", finding.lines());
            return values;
        }
    }

    /** The recording of the console, where there is one. */
    Optional<Path> consoleLog() {
        return console.map(Console::recording);
    }
}
