package dev.hil.virtual;

import dev.hil.link.Deadline;
import dev.hil.record.StopAt;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A process of its own that works on a board, and that a test can stop, kill, or let go on. */
final class ChildRun implements AutoCloseable {
    private static final String END = "\u0000end";

    private final Process process;
    private final BlockingQueue<String> unread = new LinkedBlockingQueue<>();
    private final List<String> output = new ArrayList<>();

    private ChildRun(Process process) {
        this.process = process;
        Thread reader = new Thread(this::read, "test-child-output");
        reader.setDaemon(true);
        reader.start();
    }

    /**
     * Starts it.
     *
     * @param stopAt where it stops; see {@link StopAt}
     * @param options further options of the JVM
     */
    static ChildRun start(
            PersistentBoard board, String stopAt, List<String> options, Class<?> main, String... arguments)
            throws IOException {
        List<String> argv = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xshare:auto",
                "-Dhil.locks=" + board.home().resolveSibling("locks"),
                "-Dhil.stop-at=" + stopAt));
        argv.addAll(options);
        argv.addAll(board.options());
        argv.add(main.getName());
        argv.addAll(List.of(arguments));
        return new ChildRun(new ProcessBuilder(argv).redirectErrorStream(true).start());
    }

    private void read() {
        try (BufferedReader reader = process.inputReader()) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                unread.add(line);
            }
        } catch (IOException e) {
            unread.add("its output could not be read: " + e);
        } finally {
            unread.add(END);
        }
    }

    /** Waits until it stands at its transition; empty where it ended before. */
    Optional<String> awaitStop(Duration limit) throws InterruptedException {
        Deadline deadline = Deadline.in(limit);
        while (true) {
            String line = next(deadline);
            if (line == null) {
                return Optional.empty();
            }
            if (line.startsWith(StopAt.STOPPED)) {
                return Optional.of(line.substring(StopAt.STOPPED.length()));
            }
        }
    }

    /** Waits until it goes through a transition, without stopping there. */
    boolean awaitTransition(String text, Duration limit) throws InterruptedException {
        Deadline deadline = Deadline.in(limit);
        for (String line = next(deadline); line != null; line = next(deadline)) {
            if (line.startsWith(StopAt.TOLD) && line.contains(text)) {
                return true;
            }
        }
        return false;
    }

    private @Nullable String next(Deadline deadline) throws InterruptedException {
        String line = unread.poll(deadline.remaining().toMillis(), TimeUnit.MILLISECONDS);
        if (line == null) {
            throw new AssertionError("the run did not come so far within %s; it said:%n%s"
                    .formatted(deadline.limit(), String.join("\n", output)));
        }
        if (line.equals(END)) {
            return null;
        }
        output.add(line);
        return line;
    }

    /** As the stop button of an IDE, or a CI job that is cancelled: SIGTERM. */
    void stop() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
            throw new AssertionError("it does not end when it is asked to");
        }
    }

    /** As {@code kill -9}. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor(10, TimeUnit.SECONDS);
    }

    long pid() {
        return process.pid();
    }

    void goOn() throws IOException {
        process.getOutputStream().write('\n');
        process.getOutputStream().flush();
    }

    /** Waits for its end. */
    int awaitExit(Duration limit) throws InterruptedException {
        Deadline deadline = Deadline.in(limit);
        while (next(deadline) != null) {
            // Until all it said has been read.
        }
        if (!process.waitFor(10, TimeUnit.SECONDS)) {
            throw new AssertionError("it closed its output but did not end");
        }
        return process.exitValue();
    }

    /** What it said so far. */
    String output() {
        return String.join("\n", output);
    }

    /** The transitions it went through so far. */
    List<String> transitions() {
        return output.stream()
                .filter(line -> line.startsWith(StopAt.TOLD))
                .map(line -> line.substring(StopAt.TOLD.length()))
                .toList();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
