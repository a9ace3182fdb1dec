package dev.hil.record;

import dev.hil.link.Deadline;
import dev.hil.link.Durations;
import dev.hil.link.InfrastructureException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The right to use something that only one run may use at a time: a board, a kernel tree. It is a lock of the operating
 * system, so it ends with the process that holds it, however that ends; it is never stolen.
 */
public final class Lease implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(200);

    /**
     * The leases of this process, with the name of each holder. POSIX gives a process's lock away when it closes any
     * descriptor of the file, so a file that stands here is not opened a second time.
     */
    private static final Map<Path, String> HELD = new ConcurrentHashMap<>();

    private final Path key;
    private final FileChannel channel;
    private final FileLock lock;

    private Lease(Path key, FileChannel channel, FileLock lock) {
        this.key = key;
        this.channel = channel;
        this.lock = lock;
    }

    /**
     * Takes the lease, waiting for its holder if there is one.
     *
     * @param what what it is for, for messages, such as {@code board ampere}
     * @param purpose what the holder is doing, shown to those who wait
     * @param wait how long to wait; zero to give up at once
     * @throws LeaseHeldException naming the holder, when it was not to be had in time
     */
    public static Lease take(Path file, String what, String purpose, Duration wait) {
        Deadline deadline = Deadline.in(wait);
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            while (true) {
                Lease lease = attempt(file, purpose);
                if (lease != null) {
                    return lease;
                }
                if (deadline.isOver() || Thread.currentThread().isInterrupted()) {
                    throw new LeaseHeldException(
                            "%s is in use by %s; waited %s. Wait longer by -Dhil.wait=10m, or end that run. (%s)"
                                    .formatted(
                                            what,
                                            holder(file).orElse("a process that left no name"),
                                            Durations.text(deadline.elapsed()),
                                            file));
                }
                LockSupport.parkNanos(deadline.atMost(POLL).toNanos());
            }
        } catch (IOException e) {
            throw new InfrastructureException("cannot take the lease of %s (%s): %s".formatted(what, file, e), e);
        }
    }

    private static @Nullable Lease attempt(Path file, String purpose) throws IOException {
        Path key = key(file);
        String holder = "%s, pid %d, since %s: %s"
                .formatted(
                        System.getProperty("user.name"),
                        ProcessHandle.current().pid(),
                        Instant.now(),
                        purpose.replace('\n', ' '));
        if (HELD.putIfAbsent(key, holder) != null) {
            return null;
        }
        Lease lease = null;
        try {
            lease = lock(key, file, holder);
            return lease;
        } finally {
            if (lease == null) {
                HELD.remove(key);
            }
        }
    }

    private static @Nullable Lease lock(Path key, Path file, String holder) throws IOException {
        FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        boolean kept = false;
        try {
            FileLock lock = channel.tryLock();
            if (lock == null) {
                return null;
            }
            channel.truncate(0);
            channel.write(ByteBuffer.wrap((holder + System.lineSeparator()).getBytes(StandardCharsets.UTF_8)), 0);
            channel.force(false);
            kept = true;
            return new Lease(key, channel, lock);
        } finally {
            if (!kept) {
                channel.close();
            }
        }
    }

    /** The file, whatever way leads to it. */
    private static Path key(Path file) throws IOException {
        Path absolute = file.toAbsolutePath();
        Path folder = absolute.getParent();
        return folder == null ? absolute : folder.toRealPath().resolve(absolute.getFileName());
    }

    /** {@code -Dhil.wait}, such as {@code 10m} or {@code 30s}; not waiting if it is not set. */
    public static Duration waitFromProperties() {
        String text = System.getProperty("hil.wait", "0s").strip();
        try {
            Duration wait = Duration.parse("PT" + text);
            if (!wait.isNegative()) {
                return wait;
            }
        } catch (DateTimeParseException e) {
            throw noDuration(text, e);
        }
        throw noDuration(text, null);
    }

    private static InfrastructureException noDuration(String text, @Nullable Throwable cause) {
        return new InfrastructureException(
                "-Dhil.wait=%s is no duration: write for instance 30s, 10m or 1h".formatted(text), cause);
    }

    /** Who holds the lease kept in a file, as far as they wrote it down. */
    public static Optional<String> holder(Path file) {
        try {
            String own = HELD.get(key(file));
            String text = own != null
                    ? own
                    : Files.readString(file, StandardCharsets.UTF_8).strip();
            return text.isEmpty() ? Optional.empty() : Optional.of(text);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    @Override
    public void close() {
        try {
            // The name goes before the lock does, or the next holder's would be wiped.
            channel.truncate(0);
            lock.release();
            channel.close();
        } catch (IOException e) {
            throw new InfrastructureException("cannot give a lease back: " + e, e);
        } finally {
            HELD.remove(key);
        }
    }
}
