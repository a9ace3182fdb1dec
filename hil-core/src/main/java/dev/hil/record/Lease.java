package dev.hil.record;

import dev.hil.link.Deadline;
import dev.hil.link.Durations;
import dev.hil.link.InfrastructureException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The right to use something that only one run may use at a time: a board, a kernel tree. It is a lock of the operating
 * system, so it ends with the process that holds it, however that ends; it is never stolen. The file tells who holds it:
 * user and host, process, since when, and what it is doing now.
 */
public final class Lease implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(200);
    /** Who has just taken a lease writes its name a moment later. */
    private static final Duration NAMING = Duration.ofSeconds(2);

    private static final Pattern PID = Pattern.compile(", pid (\\d{1,18}),");
    private static final int LONGEST_NAME = 2000;

    /**
     * The leases of this process, with the name of each holder. POSIX gives a process's lock away when it closes any
     * descriptor of the file, so a file that stands here is not opened a second time.
     */
    private static final Map<Path, String> HELD = new ConcurrentHashMap<>();

    private final Path key;
    private final FileChannel channel;
    private final FileLock lock;
    private final String since;
    private final Optional<String> cutOff;

    private Lease(Path key, FileChannel channel, FileLock lock, String since, Optional<String> cutOff) {
        this.key = key;
        this.channel = channel;
        this.lock = lock;
        this.since = since;
        this.cutOff = cutOff;
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
            Sharing.folderOf(file);
            while (true) {
                Lease lease = attempt(file, purpose);
                if (lease != null) {
                    return lease;
                }
                if (deadline.isOver() || Thread.currentThread().isInterrupted()) {
                    Duration waited = deadline.elapsed();
                    throw new LeaseHeldException(
                            "%s is in use by %s; waited %s. Wait longer by -Dhil.wait=10m, or end that run. (%s)"
                                    .formatted(
                                            what,
                                            living(file).orElse("a process that left no name"),
                                            Durations.text(waited),
                                            file));
                }
                LockSupport.parkNanos(deadline.atMost(POLL).toNanos());
            }
        } catch (AccessDeniedException e) {
            throw new InfrastructureException(
                    ("cannot take the lease of %s: this user may not write %s%s. Users who share a board share a home that"
                                    + " their group may write (chgrp GROUP HOME; chmod g+rwxs HOME; -Dhil.home=HOME)")
                            .formatted(
                                    what,
                                    e.getFile(),
                                    holder(file)
                                            .map(name -> ", held last by " + name)
                                            .orElse("")),
                    e);
        } catch (IOException e) {
            throw new InfrastructureException("cannot take the lease of %s (%s): %s".formatted(what, file, e), e);
        }
    }

    private static @Nullable Lease attempt(Path file, String purpose) throws IOException {
        Path key = key(file);
        String since = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
        if (HELD.putIfAbsent(key, name(since, purpose)) != null) {
            return null;
        }
        Lease lease = null;
        try {
            lease = lock(key, file, since);
            if (lease != null) {
                lease.doing(purpose);
            }
            return lease;
        } finally {
            if (lease == null) {
                HELD.remove(key);
            }
        }
    }

    private static @Nullable Lease lock(Path key, Path file, String since) throws IOException {
        FileChannel channel = open(file);
        boolean kept = false;
        try {
            FileLock lock = channel.tryLock();
            if (lock == null) {
                return null;
            }
            ByteBuffer left = ByteBuffer.allocate(LONGEST_NAME);
            channel.read(left, 0);
            kept = true;
            return new Lease(key, channel, lock, since, firstLine(left.flip()));
        } finally {
            if (!kept) {
                channel.close();
            }
        }
    }

    /** In a folder like /run/lock the kernel lets nobody create over another's file, though they may write it. */
    private static FileChannel open(Path file) throws IOException {
        while (true) {
            try {
                return FileChannel.open(
                        file, Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS));
            } catch (NoSuchFileException e) {
                create(file);
            }
        }
    }

    private static void create(Path file) throws IOException {
        try {
            Files.createFile(file);
            Sharing.open(file);
        } catch (FileAlreadyExistsException e) {
            // Somebody else was faster, and it will do as well.
            return;
        }
    }

    private static String name(String since, String purpose) {
        return "%s@%s, pid %d, since %s: %s"
                .formatted(
                        System.getProperty("user.name"),
                        Host.NAME,
                        ProcessHandle.current().pid(),
                        since,
                        purpose.replace('\n', ' '));
    }

    /** Asked once: a lab host without a name server must not wait for one at each step. */
    private static final class Host {
        static final String NAME = find();

        private static String find() {
            try {
                return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
            } catch (IOException e) {
                try {
                    return InetAddress.getLocalHost().getHostName();
                } catch (UnknownHostException unnamed) {
                    return "a host without a name";
                }
            }
        }
    }

    /** Tells those who wait what the holder is doing now, such as a step. */
    public void doing(String purpose) {
        String name = name(since, purpose);
        HELD.put(key, name);
        write(name);
    }

    private void write(String name) {
        try {
            byte[] line = (name + "\n").getBytes(StandardCharsets.UTF_8);
            // Written over the old line before it is cut: whoever reads meanwhile finds a name.
            channel.write(ByteBuffer.wrap(line), 0);
            channel.truncate(line.length);
            channel.force(false);
        } catch (IOException e) {
            throw new InfrastructureException("cannot write who holds a lease to %s: %s".formatted(key, e), e);
        }
    }

    /** Who held it before and did not give it back: that run was cut off. */
    public Optional<String> cutOff() {
        return cutOff;
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

    /** Who holds the lease kept in a file, or held it last and was cut off, as far as they wrote it down. */
    public static Optional<String> holder(Path file) {
        try {
            String own = HELD.get(key(file));
            return own != null ? Optional.of(own) : firstLine(ByteBuffer.wrap(Files.readAllBytes(file)));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static Optional<String> firstLine(ByteBuffer bytes) {
        String text = StandardCharsets.UTF_8.decode(bytes).toString();
        return Optional.of(text.split("\n", 2)[0].strip()).filter(line -> !line.isEmpty());
    }

    /** The holder, not taken for one that died before it: the new one may not have written its name yet. */
    private static Optional<String> living(Path file) {
        Deadline deadline = Deadline.in(NAMING);
        while (true) {
            Optional<String> name = holder(file);
            if (name.map(Lease::isAlive).orElse(false) || deadline.isOver()) {
                return name;
            }
            LockSupport.parkNanos(deadline.atMost(Duration.ofMillis(10)).toNanos());
        }
    }

    private static boolean isAlive(String name) {
        Matcher matcher = PID.matcher(name);
        return !matcher.find()
                || ProcessHandle.of(Long.parseLong(matcher.group(1)))
                        .map(ProcessHandle::isAlive)
                        .orElse(false);
    }

    /** Gives it back but leaves the name, for the next holder to see that something was not put in order. */
    public void leave() {
        release(false);
    }

    /** Gives it back as it was found: with the name of the holder before, if that was cut off. */
    public void refuse() {
        cutOff.ifPresent(this::write);
        release(cutOff.isEmpty());
    }

    @Override
    public void close() {
        release(true);
    }

    private void release(boolean wipe) {
        try {
            if (wipe) {
                // The name goes before the lock does, or the next holder's would be wiped.
                channel.truncate(0);
            }
            lock.release();
            channel.close();
        } catch (IOException e) {
            throw new InfrastructureException("cannot give a lease back: " + e, e);
        } finally {
            HELD.remove(key);
        }
    }
}
