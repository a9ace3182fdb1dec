package dev.hil.link;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * This host. A command's output ends when its process does: what a child that it left running writes later is not part
 * of it (the JDK takes what is in the pipe by then, and closes it).
 */
public final class LocalShell extends ProcessShell {
    private static final Duration GRACE = Duration.ofSeconds(1);

    private final @Nullable Path directory;

    public LocalShell() {
        this(null);
    }

    /** @param directory where commands run; null for the directory of this process */
    public LocalShell(@Nullable Path directory) {
        this.directory = directory;
    }

    @Override
    public String name() {
        return "this host";
    }

    @Override
    Running start(Command command) {
        List<String> argv = command.vector(!"root".equals(System.getProperty("user.name")));
        ProcessBuilder builder = new ProcessBuilder(argv);
        builder.environment().putAll(command.environment());
        if (directory != null) {
            builder.directory(directory.toFile());
        }
        try {
            return new LocalProcess(builder.start());
        } catch (IOException e) {
            throw new InfrastructureException(
                    "cannot run `%s` on this host: %s. Is %s installed?"
                            .formatted(command.forMessage(), e.getMessage(), argv.get(0)),
                    e);
        }
    }

    @Override
    InfrastructureException lost(Command command, Exception cause) {
        return new InfrastructureException(
                "`%s` on this host: its output could not be read: %s".formatted(command.forMessage(), cause), cause);
    }

    record LocalProcess(Process process) implements Running {
        @Override
        public InputStream stdout() {
            return process.getInputStream();
        }

        @Override
        public InputStream stderr() {
            return process.getErrorStream();
        }

        @Override
        public OutputStream stdin() {
            return process.getOutputStream();
        }

        @Override
        public boolean join(Duration limit) throws IOException {
            try {
                return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted", e);
            }
        }

        @Override
        public OptionalInt exitCode() {
            return process.isAlive() ? OptionalInt.empty() : OptionalInt.of(process.exitValue());
        }

        @Override
        public void kill() {
            // Children first: make and its compilers must not go on when the build has been given up.
            List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
            all.add(process.toHandle());
            all.forEach(ProcessHandle::destroy);
            // Who does not go when asked is made to go; and nobody waits for that.
            all.forEach(one -> one.onExit()
                    .orTimeout(GRACE.toMillis(), TimeUnit.MILLISECONDS)
                    .exceptionally(late -> {
                        one.destroyForcibly();
                        return one;
                    }));
        }
    }
}
