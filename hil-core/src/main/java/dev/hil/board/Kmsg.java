package dev.hil.board;

import dev.hil.klog.KnownIssues;
import dev.hil.link.Command;
import dev.hil.link.Deadline;
import dev.hil.link.Durations;
import dev.hil.link.InfrastructureException;
import dev.hil.link.Recording;
import dev.hil.link.Shell;
import dev.hil.record.Evidence;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The live kernel log, /dev/kmsg followed over ssh, a recording for each boot. It begins with the oldest line that the
 * kernel still has, so a boot's log is whole even though the follower joins it late; after a lost link it goes on behind
 * the last line it has. Lines that the kernel overwrote before they were read are counted, and said.
 */
public final class Kmsg {
    private static final Duration LONGEST_BOOT = Duration.ofDays(30);
    /** Longer than the board's sign of life, shorter than ssh's own. */
    private static final Duration SILENT = Duration.ofSeconds(3);
    /**
     * Names the boot, follows its log, and gives a sign of life (an empty line) each second. Where the kernel overwrites
     * a line before it was read, cat ends with an error and begins anew. All of it ends with the link, also where the
     * shell was killed and could end nothing itself.
     */
    static final String FOLLOW = "read -r b < /proc/sys/kernel/random/boot_id; printf 'hil-boot %s\\n' \"$b\";"
            + " as_root test -r /dev/kmsg || { echo 'hil: /dev/kmsg cannot be read' >&2; exit 13; };"
            + " (p=; trap '[ -z \"$p\" ] || as_root kill $p 2>/dev/null; exit' TERM;"
            + " while kill -0 $$ 2>/dev/null; do $root cat /dev/kmsg 2>/dev/null & p=$!; wait $p && exit; done) &"
            + " c=$!; trap 'kill $c 2>/dev/null' EXIT; trap 'exit 1' HUP INT PIPE TERM;"
            + " while kill -0 $c 2>/dev/null; do sleep 1; echo || exit 1; done; wait $c";

    private static final int NOT_READABLE = 13;
    /** So often in a row without a single line is no accident. */
    private static final int MOST_FAILURES = 8;

    private static final int MOST_GAPS = 50;
    private static final Duration IDLE = Duration.ofMillis(300);

    /** Hears what becomes of the following of a boot, on threads of its own. */
    interface Listener {
        /** The log can be read: whatever must be asked at a boot's beginning can be asked now. */
        void following(Boot boot);

        /** The stream ended, and nobody had asked for it; or what answers is another boot. */
        void lost(Boot boot, String why);
    }

    private final Shell shell;
    private final Evidence evidence;
    private final LogScan.Listener findings;
    private final Supplier<KnownIssues> known;
    private final Listener listener;
    private final List<Path> recordings = new ArrayList<>();
    private final List<Outage> outages = new CopyOnWriteArrayList<>();
    private @Nullable Following current;

    Kmsg(Shell shell, Evidence evidence, Supplier<KnownIssues> known, LogScan.Listener findings, Listener listener) {
        this.shell = shell;
        this.evidence = evidence;
        this.known = known;
        this.findings = findings;
        this.listener = listener;
    }

    /** Follows a boot that has just been reached. */
    synchronized void follow(Boot boot, String mark) {
        stop(Outage.End.OTHER_BOOT);
        Path file = evidence.file("kmsg-%02d-%s.log".formatted(recordings.size() + 1, boot.shortId()));
        recordings.add(file);
        Following following = new Following(boot, mark, file);
        current = following;
        following.begin();
    }

    /** Takes the same boot's log up again after its link was lost. */
    synchronized void resume(Boot boot) {
        Following following = current;
        if (following != null && following.boot.id().equals(boot.id()) && !following.isFollowing()) {
            following.begin();
        }
    }

    /** A reset was ordered: that the current boot will not be heard any more is no news. */
    synchronized void leaving() {
        Following following = current;
        if (following != null) {
            following.leaving();
        }
    }

    /** Ends the recording of the current boot, once what is under way has been written. */
    synchronized void stop() {
        stop(Outage.End.OPEN);
    }

    private void stop(Outage.End why) {
        Following old = current;
        current = null;
        if (old != null) {
            old.end(why);
        }
    }

    private synchronized @Nullable Following current() {
        return current;
    }

    private Following required() {
        Following following = current();
        if (following == null) {
            throw new IllegalStateException("the kernel log of " + shell.name() + " is not being followed yet");
        }
        return following;
    }

    /** Whether the kernel log of the current boot is being followed. */
    public boolean isFollowing() {
        Following following = current();
        return following != null && following.isFollowing();
    }

    /** The recordings, one a boot, oldest first. */
    public synchronized List<Path> recordings() {
        return List.copyOf(recordings);
    }

    /** The log of the current boot in the form of /dev/kmsg, at most its last megabyte. */
    public String text() {
        return required().recording.since(0);
    }

    /** Bytes recorded of the current boot: a mark for {@link #await}. */
    public long position() {
        return required().recording.size();
    }

    /**
     * Waits until the log of the current boot holds a match after a mark.
     *
     * @throws InfrastructureException at the deadline, with the last lines
     */
    public String await(Pattern pattern, long position, Duration limit) {
        return required().recording.await("kernel log of " + shell.name(), pattern, position, limit);
    }

    /** When the current boot was last heard, be it only a sign of life; empty before the first time. */
    @Nullable Instant lastHeard() {
        Following following = current();
        return following == null ? null : following.lastHeard();
    }

    /** What of the current boot's log is missing, a sentence each; empty where it is whole so far. */
    List<String> gaps() {
        Following following = current();
        return following == null ? List.of("the kernel's log is not being followed") : following.gaps();
    }

    /** The times in which a board was not heard, oldest first; the last may still be going on. */
    synchronized List<Outage> outages() {
        List<Outage> all = new ArrayList<>(outages);
        Following following = current;
        if (following != null) {
            following.outage().ifPresent(all::add);
        }
        return List.copyOf(all);
    }

    /** Not under this object's lock: called under that of a follower, which is the inner one. */
    private void ended(Outage outage) {
        outages.add(outage);
        evidence.event("link", outage.toString());
    }

    /**
     * Waits for a mark that was written to the log.
     *
     * @return whether it came through, and so everything printed before it
     */
    boolean awaitMark(long number, Deadline deadline) {
        Following following = current();
        return following != null && following.awaitMark(number, deadline);
    }

    /** Waits until the current boot's log is being read, so that what is asked for is not asked too early. */
    boolean awaitFollowing(Deadline deadline) {
        Following following = current();
        return following != null && following.awaitFollowing(deadline);
    }

    /** Hands out the reports whose end was read. */
    void idle() {
        Following following = current();
        if (following != null) {
            following.scan.idle();
        }
    }

    /** Called now and then: hands out finished reports, and says when the board has fallen silent. */
    void tick() {
        Following following = current();
        if (following != null) {
            following.tick();
        }
    }

    /** One boot being followed, over as many connections as it takes. */
    private final class Following implements KmsgLines.Listener {
        private final Boot boot;
        private final Recording recording;
        private final LogScan scan;
        private final KmsgLines lines;
        private final List<String> gaps = new ArrayList<>();
        private final ReentrantLock lock = new ReentrantLock();
        private final Condition changed = lock.newCondition();
        private Shell.@Nullable Stream stream;
        /** Nothing more is wanted of it. */
        private boolean ended;
        /** A reset was ordered: that the link ends is no news. */
        private boolean leaving;
        /** What answers now has said that it is this boot. */
        private boolean proven;
        /** What answers now is another boot. */
        private boolean foreign;

        private boolean announced;
        private boolean silenceSaid;
        private long seenMark = -1;
        private int failures;
        private long recordNanos = System.nanoTime();
        private long heardNanos = System.nanoTime();
        private @Nullable Instant heard;
        private @Nullable Outage away;
        private long awayNanos;

        Following(Boot boot, String mark, Path file) {
            this.boot = boot;
            this.recording = new Recording(file, evidence.room());
            this.scan = new LogScan(Channel.KMSG, boot.id(), file, known.get(), findings);
            this.lines = new KmsgLines(mark, this);
        }

        /** Asking the board for it takes a moment that whoever waits for the boot need not wait for. */
        void begin() {
            Thread thread = new Thread(this::run, "hil-kmsg " + boot.shortId());
            thread.setDaemon(true);
            thread.start();
        }

        private void run() {
            String why;
            try {
                lines.begin();
                Shell.Stream started = shell.stream(Command.rootScript(FOLLOW), this::take);
                if (!adopt(started)) {
                    started.close();
                    return;
                }
                started.awaitEnd(LONGEST_BOOT);
                why = started.endReason();
            } catch (InfrastructureException e) {
                why = String.valueOf(e.getMessage());
            }
            if (leave(why)) {
                listener.lost(boot, why);
            }
        }

        private boolean adopt(Shell.Stream started) {
            lock.lock();
            try {
                if (!ended) {
                    stream = started;
                }
                return !ended;
            } finally {
                lock.unlock();
            }
        }

        /** Whether the end of the stream is news to somebody who can do something about it. */
        private boolean leave(String why) {
            lock.lock();
            try {
                stream = null;
                proven = false;
                changed.signalAll();
                if (ended || leaving) {
                    return false;
                }
                if (away == null && !foreign) {
                    away = new Outage(boot.id(), heard == null ? Instant.now() : heard, Duration.ZERO, Outage.End.OPEN);
                    awayNanos = heardNanos;
                }
                failures++;
                if (why.endsWith("exit code " + NOT_READABLE) || failures > MOST_FAILURES) {
                    gaps.add("the kernel's log can no longer be followed: " + why);
                    evidence.event("kmsg", gaps.get(gaps.size() - 1));
                    return false;
                }
                evidence.event("link", "the kernel's log of %s is cut off: %s".formatted(boot.shortId(), why));
                return true;
            } finally {
                lock.unlock();
            }
        }

        private void take(byte[] bytes) {
            hear();
            byte[] fresh = lines.accept(bytes);
            if (fresh.length == 0 || isForeign()) {
                return;
            }
            try {
                recording.append(fresh, fresh.length);
            } catch (IOException e) {
                throw new InfrastructureException("cannot record the kernel log to " + recording.file(), e);
            }
            scan.accept(fresh, fresh.length);
            lock.lock();
            try {
                failures = 0;
                recordNanos = System.nanoTime();
            } finally {
                lock.unlock();
            }
        }

        private boolean isForeign() {
            lock.lock();
            try {
                return foreign;
            } finally {
                lock.unlock();
            }
        }

        private void hear() {
            lock.lock();
            try {
                long now = System.nanoTime();
                if (silenceSaid && away == null) {
                    evidence.event(
                            "link",
                            "board %s is heard again after %.1f s".formatted(shell.name(), (now - heardNanos) / 1e9));
                }
                silenceSaid = false;
                heardNanos = now;
                heard = Instant.now();
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void boot(String id) {
            boolean first = false;
            Shell.Stream wrong = null;
            lock.lock();
            try {
                foreign = !id.equals(boot.id());
                Outage over = away;
                if (over != null) {
                    ended(new Outage(
                            boot.id(),
                            over.lastHeard(),
                            Duration.ofNanos(System.nanoTime() - awayNanos),
                            foreign ? Outage.End.OTHER_BOOT : Outage.End.SAME_BOOT));
                    away = null;
                }
                if (!foreign) {
                    proven = true;
                    first = !announced;
                    announced = true;
                }
                wrong = foreign ? stream : null;
                changed.signalAll();
            } finally {
                lock.unlock();
            }
            if (wrong != null) {
                wrong.close();
            }
            if (first) {
                listener.following(boot);
            }
        }

        @Override
        public void lost(long first, long count) {
            String text = first == 0
                    ? "the first %d messages of this boot were overwritten before they were read".formatted(count)
                    : "%d messages from number %d on were overwritten before they were read".formatted(count, first);
            lock.lock();
            try {
                if (gaps.size() < MOST_GAPS) {
                    gaps.add(text);
                }
            } finally {
                lock.unlock();
            }
            evidence.event("kmsg", "lost evidence: " + text);
        }

        @Override
        public void mark(long number) {
            lock.lock();
            try {
                seenMark = Math.max(seenMark, number);
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }

        boolean isFollowing() {
            lock.lock();
            try {
                Shell.Stream open = stream;
                return open != null && open.isOpen() && !foreign;
            } finally {
                lock.unlock();
            }
        }

        @Nullable Instant lastHeard() {
            lock.lock();
            try {
                return heard;
            } finally {
                lock.unlock();
            }
        }

        List<String> gaps() {
            lock.lock();
            try {
                List<String> all = new ArrayList<>(gaps);
                if (!proven) {
                    all.add("the kernel's log is not being read now");
                }
                return all;
            } finally {
                lock.unlock();
            }
        }

        Optional<Outage> outage() {
            lock.lock();
            try {
                Outage open = away;
                return open == null
                        ? Optional.empty()
                        : Optional.of(new Outage(
                                open.boot(),
                                open.lastHeard(),
                                Duration.ofNanos(System.nanoTime() - awayNanos),
                                Outage.End.OPEN));
            } finally {
                lock.unlock();
            }
        }

        void leaving() {
            lock.lock();
            try {
                leaving = true;
            } finally {
                lock.unlock();
            }
        }

        boolean awaitMark(long number, Deadline deadline) {
            return await(() -> seenMark >= number, deadline);
        }

        boolean awaitFollowing(Deadline deadline) {
            return await(() -> proven, deadline);
        }

        private boolean await(BooleanSupplier reached, Deadline deadline) {
            lock.lock();
            try {
                while (!reached.getAsBoolean()) {
                    if (ended || deadline.isOver()) {
                        return false;
                    }
                    long left = changed.awaitNanos(deadline.remaining().toNanos());
                    if (left <= 0 && !reached.getAsBoolean()) {
                        return false;
                    }
                }
                return true;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            } finally {
                lock.unlock();
            }
        }

        void tick() {
            boolean idle;
            lock.lock();
            try {
                long now = System.nanoTime();
                idle = now - recordNanos > IDLE.toNanos();
                if (!silenceSaid && proven && stream != null && now - heardNanos > SILENT.toNanos()) {
                    silenceSaid = true;
                    evidence.event(
                            "link",
                            "board %s has given no sign of life for %s"
                                    .formatted(shell.name(), Durations.text(SILENT)));
                }
            } finally {
                lock.unlock();
            }
            if (idle) {
                scan.idle();
            }
        }

        void end(Outage.End why) {
            Shell.Stream open;
            lock.lock();
            try {
                ended = true;
                open = stream;
                stream = null;
                Outage over = away;
                if (over != null) {
                    ended(new Outage(
                            over.boot(), over.lastHeard(), Duration.ofNanos(System.nanoTime() - awayNanos), why));
                    away = null;
                }
                changed.signalAll();
            } finally {
                lock.unlock();
            }
            if (open == null) {
                finish();
                return;
            }
            open.close();
            // Not on the caller's thread: the link of a board that was reset takes seconds to be known as dead.
            Thread closer = new Thread(
                    () -> {
                        if (open.awaitEnd(Duration.ofSeconds(10))) {
                            finish();
                        }
                    },
                    "hil-kmsg-end");
            closer.setDaemon(true);
            closer.start();
        }

        private void finish() {
            scan.finish();
            recording.close();
        }
    }
}
