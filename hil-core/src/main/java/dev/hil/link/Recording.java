package dev.hil.link;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The recorded bytes of a channel: appended by its one reader, read by others through marks. */
public final class Recording implements AutoCloseable {
    private static final int MOST_READ_BACK = 1 << 20;
    /** A serial line at 1.5 Mbaud fills it in two hours, a board that floods ssh in seconds. */
    private static final long MOST_RECORDED = 1L << 30;

    /** Colours and cursor moves (CSI), titles (OSC, DCS and the like, to their end), and the short ones. */
    private static final Pattern ESCAPES = Pattern.compile(
            "\u001b\\[[0-?]*[ -/]*[@-~]|\u001b[\\]PX^_][^\u0007\u001b\n]*(?:\u0007|\u001b\\\\)?|\u001b[ -/]*[0-Z\\\\`-~]");

    /** Control characters, and those that make a terminal show text in another order than it is in. */
    private static final Pattern CONTROLS =
            Pattern.compile("[\\p{Cntrl}\u0080-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff&&[^\n\t]]");

    private final Path file;
    private final FileChannel out;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition grown = lock.newCondition();
    private final long limit;
    private final DiskRoom room;
    private long size;
    private boolean closed;
    private volatile boolean full;

    /**
     * Opens a recording.
     *
     * @param file appended to if it exists
     * @param room on the disk for this recording and others
     */
    public Recording(Path file, DiskRoom room) {
        this(file, room, MOST_RECORDED);
    }

    /** @param limit bytes after which nothing more is written, but a line that says so */
    Recording(Path file, DiskRoom room, long limit) {
        this.file = file;
        this.room = room;
        this.limit = limit;
        try {
            this.out = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            this.size = out.size();
        } catch (IOException e) {
            throw new InfrastructureException("cannot record the console to %s: %s".formatted(file, e), e);
        }
    }

    public Path file() {
        return file;
    }

    /**
     * Adds bytes at the end, up to 1 GiB in all and as long as there is room; a last line says where a recording ends
     * before its channel did.
     */
    public void append(byte[] bytes, int length) throws IOException {
        if (full) {
            return;
        }
        boolean fits = size() + length <= limit;
        if (!fits || !room.take(length)) {
            full = true;
            String why = fits ? "the limit of all that is recorded" : "its limit of %d bytes".formatted(limit);
            byte[] last =
                    "\n[hil: the recording ends here, at %s]\n".formatted(why).getBytes(StandardCharsets.UTF_8);
            write(last, last.length);
            room.ended(file, why);
            return;
        }
        write(bytes, length);
    }

    /** Adds a line of hil's own, for those who read the recording. */
    void remark(String text) throws IOException {
        byte[] line = "\n[hil: %s]\n".formatted(clean(text)).getBytes(StandardCharsets.UTF_8);
        append(line, line.length);
    }

    /** Whether its limit was reached, and what came later was not recorded. */
    public boolean isFull() {
        return full;
    }

    private void write(byte[] bytes, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes, 0, length);
        while (buffer.hasRemaining()) {
            out.write(buffer);
        }
        lock.lock();
        try {
            size += length;
            grown.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Bytes recorded so far. */
    public long size() {
        lock.lock();
        try {
            return size;
        } finally {
            lock.unlock();
        }
    }

    /** What was recorded after a mark, at most the last megabyte of it. */
    public String since(long position) {
        long end = size();
        return read(Math.max(position, end - MOST_READ_BACK), end);
    }

    /** The last lines, cleaned for people. */
    public String tail(int lines) {
        long end = size();
        String text = clean(read(Math.max(0, end - 200L * lines - 4096), end)).stripTrailing();
        int from = text.length();
        for (int i = 0; i < lines && from > 0; i++) {
            from = text.lastIndexOf('\n', from - 1);
        }
        return text.substring(Math.max(0, from + 1));
    }

    private String read(long from, long to) {
        byte[] bytes = new byte[(int) Math.max(0, to - from)];
        try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
            in.seek(Math.max(0, from));
            in.readFully(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read back " + file, e);
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** The beginning of an answer, on one line, for a message to people. */
    public static String excerpt(String text) {
        String line =
                clean(text.substring(0, Math.min(text.length(), 500))).strip().replace("\n", "\\n");
        return line.length() <= 200 ? line : line.substring(0, 197) + "...";
    }

    /** For people: no carriage returns, escape sequences or other control characters. */
    public static String clean(String text) {
        return CONTROLS.matcher(ESCAPES.matcher(text).replaceAll("")).replaceAll("");
    }

    /** As {@link #await(Supplier, Pattern, long, Duration)}, for a channel whose name stays. */
    public String await(String name, Pattern pattern, long position, Duration limit) {
        return await(() -> name, pattern, position, limit);
    }

    /**
     * Waits until the text after a mark holds a match.
     *
     * @param name of the channel as it is at the deadline, for messages
     * @throws InfrastructureException at the deadline, or when the recording is closed, with the last lines
     */
    public String await(Supplier<String> name, Pattern pattern, long position, Duration limit) {
        Deadline deadline = Deadline.in(limit);
        while (true) {
            long seen = size();
            Matcher matcher = pattern.matcher(since(position));
            if (matcher.find()) {
                return matcher.group();
            }
            if (!awaitGrowth(seen, deadline)) {
                throw new InfrastructureException("%s: %s within %s: no match for \"%s\"; last lines:%n%s"
                        .formatted(
                                name.get(),
                                isClosed() ? "it was closed" : "not seen",
                                Durations.text(limit),
                                pattern,
                                tail(10)));
            }
        }
    }

    /**
     * Waits until the text after a mark ends with a match.
     *
     * @throws InfrastructureException at the deadline, or when the recording is closed, with the last lines
     */
    void awaitEnd(Supplier<String> name, Pattern pattern, long position, Duration limit) {
        Deadline deadline = Deadline.in(limit);
        while (true) {
            long seen = size();
            String text = since(position);
            if (pattern.matcher(text).results().anyMatch(match -> match.end() == text.length()) && size() == seen) {
                return;
            }
            if (!awaitGrowth(seen, deadline)) {
                throw new InfrastructureException(
                        "%s: nothing was typed, since what it said within %s does not end with \"%s\"; last lines:%n%s"
                                .formatted(name.get(), Durations.text(limit), pattern, tail(10)));
            }
        }
    }

    private boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    private boolean awaitGrowth(long seen, Deadline deadline) {
        lock.lock();
        try {
            while (size == seen) {
                if (closed || deadline.isOver()) {
                    return false;
                }
                grown.awaitNanos(deadline.remaining().toNanos());
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InfrastructureException("interrupted while waiting for the console", e);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            grown.signalAll();
            out.force(true);
            out.close();
        } catch (IOException e) {
            throw new InfrastructureException("the recording %s could not be completed: %s".formatted(file, e), e);
        } finally {
            lock.unlock();
        }
    }
}
