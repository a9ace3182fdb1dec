package dev.hil.link;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A console on a serial port, a pseudo-terminal or a terminal server. One thread reads it, blocking, and does nothing
 * else.
 */
public final class SerialConsole implements Console {
    /** What becomes of a console whose line ends. */
    public enum Replug {
        /** It is opened again as soon as it can be, for as long as the console is open: an adapter may be put back. */
        AWAITED,
        /** That was its end. */
        NEVER
    }

    private static final Duration BETWEEN_TRIES = Duration.ofMillis(200);
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(10);

    private final LineAddress address;
    private final Replug replug;
    private final Recording recording;
    private final Thread reader;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final List<Gap> gaps = new CopyOnWriteArrayList<>();
    private volatile @Nullable Line line;
    private volatile String failure = "";
    private String otherReaders = "";

    private SerialConsole(LineAddress address, Replug replug, Line line, Path file, DiskRoom room) {
        this.address = address;
        this.replug = replug;
        this.line = line;
        this.recording = new Recording(file, room);
        this.reader = new Thread(this::read, "hil-console " + address.name());
        this.reader.setDaemon(true);
    }

    /**
     * Opens a line and records from the first byte.
     *
     * @param file where to record to; appended if it exists
     * @param room on the disk for what is recorded
     * @throws InfrastructureException where the line cannot be opened, with what to look at; or is read by somebody else
     */
    public static SerialConsole open(LineAddress address, Replug replug, Path file, DiskRoom room) {
        SerialConsole console = new SerialConsole(address, replug, address.open(), file, room);
        console.reader.start();
        return console;
    }

    private void read() {
        byte[] buffer = new byte[64 * 1024];
        try {
            Deadline look = Deadline.in(BETWEEN_LOOKS);
            while (closing.getCount() > 0) {
                Line open = line;
                if (open == null) {
                    if (!reopened()) {
                        continue;
                    }
                    look = Deadline.in(BETWEEN_LOOKS);
                    continue;
                }
                int count = receive(open, buffer);
                if (count > 0) {
                    recording.append(buffer, count);
                } else if (count < 0 && replug == Replug.NEVER) {
                    break;
                }
                if (look.isOver()) {
                    look = Deadline.in(BETWEEN_LOOKS);
                    lookForOthers(open);
                }
            }
        } catch (IOException e) {
            failure = "the recording failed: " + e;
        } finally {
            shut();
            recording.close();
        }
    }

    private int receive(Line open, byte[] buffer) throws IOException {
        try {
            return open.read(buffer);
        } catch (IOException e) {
            lost(String.valueOf(e.getMessage()));
            return -1;
        }
    }

    private void lost(String why) throws IOException {
        shut();
        failure = why;
        if (replug == Replug.AWAITED) {
            gap("the line was lost here: " + why);
        }
    }

    private void gap(String why) throws IOException {
        gaps.add(new Gap(recording.size(), why));
        recording.remark(why);
    }

    private boolean reopened() throws IOException {
        try {
            if (closing.await(BETWEEN_TRIES.toMillis(), TimeUnit.MILLISECONDS)) {
                return false;
            }
            line = address.open();
            failure = "";
            recording.remark("the line is back; what was sent meanwhile is missing");
            return true;
        } catch (InfrastructureException e) {
            // Not yet; a name that is asked for says since when and why.
            return false;
        } catch (InterruptedException e) {
            closing.countDown();
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void lookForOthers(Line open) throws IOException {
        String others = open.otherReaders();
        if (!others.equals(otherReaders)) {
            otherReaders = others;
            if (!others.isEmpty()) {
                gap("%s reads this line too, since at most %s: bytes may be missing from here on"
                        .formatted(others, Durations.text(BETWEEN_LOOKS)));
            }
        }
    }

    private void shut() {
        Line open = line;
        line = null;
        if (open != null) {
            open.close();
        }
    }

    @Override
    public String name() {
        String why = failure;
        if (why.isEmpty()) {
            return address.name();
        }
        boolean over = replug == Replug.NEVER || !reader.isAlive();
        return "%s (%s: %s)".formatted(address.name(), over ? "closed" : "lost, to be opened again", why);
    }

    @Override
    public Path recording() {
        return recording.file();
    }

    @Override
    public long position() {
        return recording.size();
    }

    @Override
    public String since(long position) {
        return recording.since(position);
    }

    @Override
    public String tail(int lines) {
        return recording.tail(lines);
    }

    @Override
    public boolean isOpen() {
        return line != null;
    }

    @Override
    public List<Gap> gaps() {
        return List.copyOf(gaps);
    }

    @Override
    public String await(Pattern pattern, long position, Duration limit) {
        return recording.await(() -> "console " + name(), pattern, position, limit);
    }

    @Override
    public void answer(Pattern prompt, String text, long position, Duration limit) {
        recording.awaitEnd(() -> "console " + name(), prompt, position, limit);
        Line open = line;
        try {
            if (open == null) {
                throw new IOException("the line is not open");
            }
            open.write(text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new InfrastructureException("cannot type on console %s: %s".formatted(name(), e.getMessage()), e);
        }
    }

    @Override
    public void close() {
        closing.countDown();
        try {
            // The reader leaves by itself within its read timeout, and closes the line after the last byte.
            reader.join(Line.READ_MILLIS * 20L);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
