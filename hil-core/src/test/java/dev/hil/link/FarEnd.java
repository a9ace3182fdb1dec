package dev.hil.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The board's end of a line: a pseudo-terminal that python3 holds. What it is given on its input the line carries, what
 * comes over the line it prints. Pulled out and put back it has another name, as a USB adapter may; a link stays.
 */
final class FarEnd implements AutoCloseable {
    private static final String HOLDER = """
            import os, select, sys, termios, time, tty
            near, far = os.openpty()
            tty.setraw(near); tty.setraw(far)
            sys.stdout.buffer.write(os.ttyname(far).encode() + b"\\n"); sys.stdout.buffer.flush()
            os.close(far)
            ends = [0, near]
            while True:
                for end in select.select(ends, [], [])[0]:
                    try: data = os.read(end, 65536)
                    except OSError:
                        time.sleep(0.02)
                        continue
                    if end == near: os.write(1, data)
                    elif not data: sys.exit()
                    while end == 0 and data: data = data[os.write(near, data):]
            """;

    private final Path link;
    private final ByteArrayOutputStream heard = new ByteArrayOutputStream();
    private @Nullable Process holder;

    FarEnd(Path folder) {
        this.link = folder.resolve("ttyBoard");
        plugIn();
    }

    Path device() {
        return link;
    }

    void plugIn() {
        try {
            Process process = new ProcessBuilder("python3", "-c", HOLDER).start();
            holder = process;
            InputStream out = process.getInputStream();
            StringBuilder name = new StringBuilder();
            for (int c = out.read(); c != '\n'; c = out.read()) {
                assertThat(c).as("what python3 prints").isNotNegative();
                name.append((char) c);
            }
            Path fresh = link.resolveSibling("ttyBoard.new");
            Files.createSymbolicLink(fresh, Path.of(name.toString()));
            Files.move(fresh, link, StandardCopyOption.ATOMIC_MOVE);
            Thread listener = new Thread(() -> listen(out), "far end");
            listener.setDaemon(true);
            listener.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void listen(InputStream out) {
        byte[] buffer = new byte[4096];
        try {
            for (int count = out.read(buffer); count >= 0; count = out.read(buffer)) {
                synchronized (heard) {
                    heard.write(buffer, 0, count);
                }
            }
        } catch (IOException e) {
            // It was pulled out.
        }
    }

    void unplug() {
        try {
            Files.deleteIfExists(link);
            Process process = holder;
            if (process != null) {
                process.destroyForcibly();
                assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    void say(byte[] bytes) {
        Process process = holder;
        if (process == null) {
            throw new IllegalStateException("it is not plugged in");
        }
        try {
            process.getOutputStream().write(bytes);
            process.getOutputStream().flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void say(String text) {
        say(text.getBytes(StandardCharsets.UTF_8));
    }

    void awaitHeard(String text) {
        await("typed over the line").atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            synchronized (heard) {
                assertThat(heard.toString(StandardCharsets.UTF_8)).contains(text);
            }
        });
    }

    String heard() {
        synchronized (heard) {
            return heard.toString(StandardCharsets.UTF_8);
        }
    }

    @Override
    public void close() {
        unplug();
    }
}
