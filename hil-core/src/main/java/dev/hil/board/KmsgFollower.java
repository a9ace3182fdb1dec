package dev.hil.board;

import dev.hil.klog.KnownIssues;
import dev.hil.link.Command;
import dev.hil.link.Deadline;
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
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One boot being followed, over as many connections as it takes. */
final class KmsgFollower implements KmsgLines.Listener {
    private static final Duration LONGEST_BOOT = Duration.ofDays(30);
    private static final int NOT_READABLE = 13;
    private static final int MOST_GAPS = 50;
    private static final Duration IDLE = Duration.ofMillis(300);

    private final Shell shell;
    private final Evidence evidence;
    private final Kmsg.Listener listener;
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
    private long seenMark = -1;
    private final Tries tries = new Tries();
    private long recordNanos = System.nanoTime();
    /** Guarded by the lock, as all of these are. */
    private final SignsOfLife life;

    /**
     * @param boot the boot that is to be followed
     * @param mark what the lines begin with that mark a point of the log
     * @param file the recording
     * @param over told of each time in which the board was not heard, when it is over
     */
    KmsgFollower(
            Boot boot,
            String mark,
            Path file,
            Shell shell,
            Evidence evidence,
            KnownIssues known,
            LogScan.Listener findings,
            Kmsg.Listener listener,
            Consumer<Outage> over) {
        this.boot = boot;
        this.recording = new Recording(file, evidence.room());
        this.scan = new LogScan(Channel.KMSG, boot.id(), file, known, findings);
        this.lines = new KmsgLines(mark, this);
        this.shell = shell;
        this.evidence = evidence;
        this.listener = listener;
        this.life = new SignsOfLife(boot, shell.name(), evidence, over);
    }

    Boot boot() {
        return boot;
    }

    Recording recording() {
        return recording;
    }

    /** Hands out the reports whose end was read. */
    void idle() {
        scan.idle();
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
            Shell.Stream started = shell.stream(Command.rootScript(Kmsg.FOLLOW), this::take);
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
            boolean another = tries.ended(System.nanoTime());
            if (ended || leaving) {
                return false;
            }
            if (!foreign) {
                life.lost();
            }
            if (why.endsWith("exit code " + NOT_READABLE) || !another) {
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
            tries.useful();
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
            life.heard();
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
            life.back(foreign ? Outage.End.OTHER_BOOT : Outage.End.SAME_BOOT);
            if (!foreign) {
                proven = true;
                tries.answered(System.nanoTime());
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
            return life.lastHeard();
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
            return life.outage();
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
            if (proven && stream != null) {
                life.notice(now);
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
            life.back(why);
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
