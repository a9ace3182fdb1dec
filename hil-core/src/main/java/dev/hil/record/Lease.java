package dev.hil.record;

import dev.hil.link.Deadline;
import dev.hil.link.Durations;
import dev.hil.link.InfrastructureException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The right to use something that only one run may use at a time: a board, a kernel tree. It is a lock of the operating
 * system, so it ends with the process that holds it, however that ends; it is never stolen.
 */
public final class Lease implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(200);

    private final FileChannel channel;
    private final FileLock lock;

    private Lease(FileChannel channel, FileLock lock) {
        this.channel = channel;
        this.lock = lock;
    }

    /**
     * Takes the lease, waiting for its holder if there is one.
     *
     * @param what what it is for, for messages, such as {@code board ampere}
     * @param purpose what the holder is doing, shown to those who wait
     * @param wait how long to wait; zero to give up at once
     * @throws InfrastructureException naming the holder, when it was not to be had in time
     */
    public static Lease take(Path file, String what, String purpose, Duration wait) {
        Deadline deadline = Deadline.in(wait);
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            FileChannel channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            while (true) {
                FileLock lock = tryLock(channel);
                if (lock != null) {
                    writeHolder(channel, purpose);
                    return new Lease(channel, lock);
                }
                if (deadline.isOver() || Thread.currentThread().isInterrupted()) {
                    String holder = holder(file).orElse("a process that left no name");
                    channel.close();
                    throw new InfrastructureException(
                            "%s is in use by %s; waited %s. Wait longer by -Dhil.wait=10m, or end that run. (%s)"
                                    .formatted(what, holder, Durations.text(deadline.elapsed()), file));
                }
                LockSupport.parkNanos(deadline.atMost(POLL).toNanos());
            }
        } catch (IOException e) {
            throw new InfrastructureException("cannot take the lease of %s (%s): %s".formatted(what, file, e), e);
        }
    }

    /** {@code -Dhil.wait}, such as {@code 10m} or {@code 30s}; not waiting if it is not set. */
    public static Duration waitFromProperties() {
        String text = System.getProperty("hil.wait", "0s").strip();
        try {
            return Duration.parse("PT" + text);
        } catch (DateTimeParseException e) {
            throw new InfrastructureException(
                    "-Dhil.wait=%s is no duration: write for instance 30s, 10m or 1h".formatted(text), e);
        }
    }

    /** Who holds the lease kept in a file, as far as they wrote it down. */
    public static Optional<String> holder(Path file) {
        try {
            String text = Files.readString(file, StandardCharsets.UTF_8).strip();
            return text.isEmpty() ? Optional.empty() : Optional.of(text);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            // Held by another thread of this very process.
            return null;
        }
    }

    private static void writeHolder(FileChannel channel, String purpose) throws IOException {
        String text = "%s, pid %d, since %s: %s%n"
                .formatted(
                        System.getProperty("user.name"),
                        ProcessHandle.current().pid(),
                        Instant.now(),
                        purpose.replace('\n', ' '));
        channel.truncate(0);
        channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), 0);
        channel.force(false);
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
        }
    }
}
