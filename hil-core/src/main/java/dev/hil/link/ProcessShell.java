package dev.hil.link;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What local and remote shells share: pumping the three streams of a running command, and its time limit. */
abstract class ProcessShell implements Shell {
    /**
     * After its process has ended, output may still be under way, and is waited for as long as it comes. A grandchild
     * that holds the pipe must not block: after this long without a byte the output is cut off, and the result says so.
     */
    private static final Duration DRAIN = Duration.ofSeconds(2);

    private static final ExecutorService PUMPS = Executors.newCachedThreadPool(runnable -> {
        Thread thread = new Thread(runnable, "hil-stream");
        thread.setDaemon(true);
        return thread;
    });

    /** A started command, local or remote. */
    interface Running {
        InputStream stdout() throws IOException;

        InputStream stderr() throws IOException;

        OutputStream stdin() throws IOException;

        /** Waits for the end; false if it was not reached in time. */
        boolean join(Duration limit) throws IOException;

        /** The exit code; empty where there is none. */
        OptionalInt exitCode();

        void kill();

        /** Ends a command that would not end, and trusts nothing that it may have clogged. */
        default void abandon() {
            kill();
        }
    }

    abstract Running start(Command command);

    /** The link died while a command ran: the exception that says so for this kind of machine. */
    abstract InfrastructureException lost(Command command, Exception cause);

    @Override
    public ExecResult run(Command command, InputStream stdin, OutputStream stdout) {
        long start = System.nanoTime();
        OutputCapture errors = new OutputCapture(command.maxOutput());
        Running running = start(command);
        OutputGate out = new OutputGate(stdout);
        OutputGate err = new OutputGate(errors);
        try {
            InputStream from = running.stdout();
            InputStream errorsFrom = running.stderr();
            OutputStream in = running.stdin();
            Future<?> outPump = PUMPS.submit(() -> pump(from, out, running));
            Future<?> errPump = PUMPS.submit(() -> pump(errorsFrom, err, running));
            // Not waited for: a command that does not read its input to the end is none the worse for it.
            PUMPS.execute(() -> feed(stdin, in));
            Deadline end = Deadline.in(command.timeout());
            boolean ended;
            do {
                ended = running.join(end.atMost(command.timeout()));
            } while (!ended && !end.isOver());
            if (!ended) {
                // Taken first: a shell says "Terminated" of a child that is ended here, which explains nothing.
                ExecResult partial = result(command, OptionalInt.empty(), stdout, errors, false, start);
                running.abandon();
                throw CommandException.timedOut(name(), command, partial);
            }
            Deadline limit = Deadline.in(command.timeout().minusNanos(System.nanoTime() - start));
            boolean outWhole = drain(outPump, out, limit);
            boolean errWhole = drain(errPump, err, limit);
            if (!outWhole && !(stdout instanceof OutputCapture)) {
                throw new InfrastructureException(
                        "%s: `%s` has ended, but its output could not be read to its end within %s"
                                .formatted(name(), command.forMessage(), Durations.text(command.timeout())));
            }
            return result(command, running.exitCode(), stdout, errors, !(outWhole && errWhole), start);
        } catch (SinkException e) {
            throw new InfrastructureException(
                    "%s: the output of `%s` could not be kept: %s"
                            .formatted(name(), command.forMessage(), e.getMessage()),
                    e);
        } catch (IOException e) {
            // Its connection may take a while to find out that it is dead, and would fail the next command too.
            running.abandon();
            throw lost(command, e);
        }
    }

    /** Who takes the output refused it; the command has been ended. */
    private static final class SinkException extends IOException {
        private static final long serialVersionUID = 1L;

        SinkException(IOException cause) {
            super(cause.getMessage(), cause);
        }
    }

    /** Waits for the last of an output; false where it was cut off. */
    private static boolean drain(Future<?> pump, OutputGate gate, Deadline limit) throws IOException {
        while (true) {
            long before = gate.passed();
            try {
                pump.get(DRAIN.toMillis(), TimeUnit.MILLISECONDS);
                return true;
            } catch (TimeoutException e) {
                if ((gate.passed() == before && !gate.isBusy()) || limit.isOver()) {
                    // First the pump, which may hang in a write, and with it the gate.
                    pump.cancel(true);
                    gate.shut();
                    return false;
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted while reading a command's output", e);
            } catch (ExecutionException e) {
                throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
            }
        }
    }

    private ExecResult result(
            Command command,
            OptionalInt exit,
            OutputStream stdout,
            OutputCapture errors,
            boolean cutOff,
            long startNanos) {
        OutputCapture out = stdout instanceof OutputCapture capture ? capture : new OutputCapture(0);
        return new ExecResult(
                name(),
                command.forMessage(),
                exit.orElse(-1),
                out.text(),
                errors.text(),
                out.dropped() + errors.dropped(),
                cutOff,
                Duration.ofNanos(System.nanoTime() - startNanos));
    }

    private static long pump(InputStream from, OutputStream to, Running running) throws IOException {
        byte[] buffer = new byte[16 * 1024];
        long total = 0;
        for (int n = from.read(buffer); n >= 0; n = from.read(buffer)) {
            try {
                to.write(buffer, 0, n);
            } catch (IOException e) {
                // A command whose output nobody takes would wait for its time limit.
                running.kill();
                throw new SinkException(e);
            }
            total += n;
        }
        return total;
    }

    private static void feed(InputStream from, OutputStream to) {
        try (to) {
            from.transferTo(to);
            // sshj's close() does not wait for the peer's window and drops what does not fit into it; flush() waits.
            to.flush();
        } catch (IOException e) {
            // The command closed its input or ended; its exit code tells whether that was right.
            return;
        }
    }

    @Override
    public Stream stream(Command command, Consumer<byte[]> sink) {
        Running running = start(command);
        Background background = new Background(running);
        PUMPS.execute(() -> background.read(sink));
        return background;
    }

    private static final class Background implements Stream {
        private final Running running;
        private final CountDownLatch done = new CountDownLatch(1);
        private volatile @Nullable String end;

        Background(Running running) {
            this.running = running;
        }

        private void read(Consumer<byte[]> sink) {
            try {
                InputStream out = running.stdout();
                byte[] buffer = new byte[16 * 1024];
                for (int n = out.read(buffer); n >= 0; n = out.read(buffer)) {
                    sink.accept(Arrays.copyOf(buffer, n));
                }
                OptionalInt exit = running.join(DRAIN) ? running.exitCode() : OptionalInt.empty();
                finish(exit.isPresent() ? "the command ended with exit code " + exit.getAsInt() : "the link ended");
            } catch (IOException e) {
                finish("the link ended: " + e.getMessage());
            } catch (RuntimeException e) {
                finish("its reader failed: " + e);
                throw e;
            } finally {
                done.countDown();
            }
        }

        @Override
        public boolean awaitEnd(Duration limit) {
            try {
                return done.await(limit.toMillis(), TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }

        private synchronized void finish(String why) {
            if (end == null) {
                end = why;
            }
        }

        @Override
        public boolean isOpen() {
            return end == null;
        }

        @Override
        public String endReason() {
            String why = end;
            return why == null ? "" : why;
        }

        @Override
        public void close() {
            finish("closed");
            running.kill();
        }
    }
}
