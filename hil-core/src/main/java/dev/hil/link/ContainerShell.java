package dev.hil.link;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A container on this host, for programs of pinned versions. It sees the folders that it is given under their own paths,
 * its commands run as the user of this process, and it has no network. It is started when first needed and ends with
 * {@link #close}, or with this process, whichever way that ends: its own program reads a pipe from here to its end.
 */
public final class ContainerShell extends ProcessShell implements AutoCloseable {
    private static final Duration START = Duration.ofMinutes(1);
    private static final Duration ANSWER = Duration.ofSeconds(20);
    private static final Duration A_MOMENT = Duration.ofSeconds(2);

    /** What the container runs itself. The shell stays, and buries what its children leave behind. */
    private static final String LIFE = "echo up && cat >/dev/null";

    /** In the environment of all that a command starts. */
    private static final String MARK = "HIL_COMMAND";

    /** Ending docker's own process ends nothing in the container. First asked to go, since make then removes half a file. */
    private static final String END = """
            marked() {
                for process in /proc/[0-9]*; do
                    { tr '\\0' '\\n' <"$process/environ" | grep -qx "$1"; } 2>/dev/null && echo "${process#/proc/}"
                done
            }
            for signal in TERM TERM TERM TERM TERM KILL KILL KILL; do
                all=$(marked "$1")
                [ -n "$all" ] || exit 0
                kill -s $signal $all 2>/dev/null
                sleep 0.2
            done
            exit 1
            """;

    /** Of this process's variables, those that say where folders are. */
    private static final List<String> HANDED_ON = List.of("HOME", "TMPDIR", "CCACHE_DIR");

    private final String program;
    private final Map<String, String> settings;
    private final String image;
    private final List<Path> folders;
    private final Consumer<String> started;
    private @Nullable Container container;

    /** @param id of the container, as the engine knows it */
    private record Container(String id, Process life) {}

    /**
     * A container that is not started yet.
     *
     * @param image its name for the engine, which must have it
     * @param folders what it sees of this host, each under its own path
     * @param started told the id of the image, in full, when the container has been started
     */
    public ContainerShell(String image, List<Path> folders, Consumer<String> started) {
        this("docker", Map.of(), image, folders, started);
    }

    /**
     * A container by another program than docker.
     *
     * @param settings variables for that program
     */
    ContainerShell(
            String program, Map<String, String> settings, String image, List<Path> folders, Consumer<String> started) {
        this.program = program;
        this.settings = Map.copyOf(settings);
        this.image = image;
        this.folders = List.copyOf(folders);
        this.started = started;
    }

    @Override
    public String name() {
        return "a container of " + image + " on this host";
    }

    @Override
    Running start(Command command) {
        Container running = container();
        String mark = UUID.randomUUID().toString();
        List<String> argv = new ArrayList<>(List.of("exec", "--interactive", "--env", MARK + "=" + mark));
        command.environment().forEach((name, value) -> argv.addAll(List.of("--env", name + "=" + value)));
        argv.add(running.id());
        argv.addAll(command.vector(!"root".equals(System.getProperty("user.name"))));
        return new Executed(new LocalShell.LocalProcess(client(argv)), running, mark);
    }

    private synchronized Container container() {
        Container running = container;
        if (running == null) {
            running = run();
            container = running;
        }
        return running;
    }

    private Container run() {
        String name = "hil-" + UUID.randomUUID();
        List<String> argv = new ArrayList<>(List.of("run", "--rm", "--interactive", "--pull", "never", "--name", name));
        // Of one name, since kernels write it into themselves.
        argv.addAll(List.of("--network", "none", "--hostname", "hil", "--workdir", "/", "--user", user()));
        folders.forEach(folder -> argv.addAll(List.of("--mount", mount(folder))));
        HANDED_ON.forEach(variable -> {
            if (System.getenv(variable) != null) {
                argv.addAll(List.of("--env", variable));
            }
        });
        argv.addAll(List.of(image, "sh", "-c", LIFE));
        Process life = client(argv);
        CompletableFuture<String> errors = CompletableFuture.supplyAsync(() -> text(life.getErrorStream()));
        CompletableFuture<String> first = CompletableFuture.supplyAsync(() -> firstLine(life.getInputStream()));
        String said = first.completeOnTimeout("", START.toMillis(), TimeUnit.MILLISECONDS)
                .join();
        if (!said.equals("up")) {
            boolean ended = !life.isAlive() || !first.isDone();
            life.destroy();
            String why = errors.completeOnTimeout("", A_MOMENT.toMillis(), TimeUnit.MILLISECONDS)
                    .join()
                    .strip();
            throw notStarted(
                    why.isEmpty() && ended ? "it was not up within " + Durations.text(START) : Recording.excerpt(why));
        }
        started.accept(ask("inspect", "--format", "{{.Image}}", name));
        return new Container(name, life);
    }

    private static String mount(Path folder) {
        // A field of comma-separated values: quoted, it may hold a comma itself.
        String path = folder.toString().replace("\"", "\"\"");
        return "type=bind,\"src=%s\",\"dst=%s\"".formatted(path, path);
    }

    /** Whose rights this process has, by number. */
    private static String user() {
        try {
            Path self = Path.of("/proc/self");
            return Files.getAttribute(self, "unix:uid") + ":" + Files.getAttribute(self, "unix:gid");
        } catch (IOException e) {
            throw new InfrastructureException("cannot tell the user of this process from /proc/self: " + e, e);
        }
    }

    private String ask(String... argv) {
        List<String> whole = new ArrayList<>(List.of(program));
        whole.addAll(List.of(argv));
        return new LocalShell()
                .exec(Command.of(whole).timeout(ANSWER).environment(settings))
                .text();
    }

    private Process client(List<String> argv) {
        List<String> whole = new ArrayList<>(List.of(program));
        whole.addAll(argv);
        ProcessBuilder builder = new ProcessBuilder(whole);
        builder.environment().putAll(settings);
        try {
            return builder.start();
        } catch (IOException e) {
            throw notStarted("this host cannot run the program %s (%s). On Debian it is in the package docker.io"
                    .formatted(program, e.getMessage()));
        }
    }

    private InfrastructureException notStarted(String why) {
        String todo;
        if (why.contains("Cannot connect to the Docker daemon") || why.contains("permission denied")) {
            todo = ". Start an engine that this user may use, or set DOCKER_HOST to one; as root,"
                    + " `eval \"$(fixtures/containers/engine start)\"` gives one on Debian";
        } else if (why.contains("No such image") || why.contains("Unable to find image")) {
            todo = ". hil fetches no image itself: `docker pull %s`, or, for the one of this project, `%s`"
                    .formatted(image, "fixtures/containers/images --install toolchain");
        } else if (why.contains("bind source path does not exist")) {
            todo =
                    ". The container sees the folders of the tree, the objects and what the definition names: make that one";
        } else {
            todo = "";
        }
        return new InfrastructureException(
                "a container of %s could not be started on this host: %s%s".formatted(image, why, todo));
    }

    private static String text(InputStream from) {
        try (from) {
            return new String(from.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "";
        }
    }

    private static String firstLine(InputStream from) {
        try {
            String line = new BufferedReader(new InputStreamReader(from, StandardCharsets.UTF_8)).readLine();
            return line == null ? "" : line;
        } catch (IOException e) {
            return "";
        }
    }

    @Override
    InfrastructureException lost(Command command, Exception cause) {
        return new InfrastructureException(
                "%s ended while `%s` ran in it: %s".formatted(name(), command.forMessage(), cause.getMessage()), cause);
    }

    /** Ends the container and all that runs in it; the next command starts another. */
    @Override
    public synchronized void close() {
        Container running = container;
        container = null;
        if (running == null) {
            return;
        }
        try {
            running.life().getOutputStream().close();
            if (!running.life().waitFor(A_MOMENT.toMillis(), TimeUnit.MILLISECONDS)) {
                ask("kill", running.id());
            }
        } catch (IOException e) {
            // The pipe is gone, and with it the container.
            return;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A command in the container: what docker's client shows of it. */
    private final class Executed implements Running {
        private final LocalShell.LocalProcess client;
        private final Container in;
        private final String mark;

        Executed(LocalShell.LocalProcess client, Container in, String mark) {
            this.client = client;
            this.in = in;
            this.mark = mark;
        }

        @Override
        public InputStream stdout() {
            return client.stdout();
        }

        @Override
        public InputStream stderr() {
            return client.stderr();
        }

        @Override
        public OutputStream stdin() {
            return client.stdin();
        }

        @Override
        public boolean join(Duration limit) throws IOException {
            if (!client.join(limit)) {
                return false;
            }
            if (client.exitCode().orElse(0) != 0 && hasEnded()) {
                forget(in);
                throw new IOException("somebody or something has ended it");
            }
            return true;
        }

        /** A signal that ends a command may be the one that ends all; the engine tells of that a little later. */
        private boolean hasEnded() throws IOException {
            boolean signalled = client.exitCode().orElse(0) > 128;
            try {
                return in.life().waitFor(signalled ? A_MOMENT.toMillis() : 0, TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted", e);
            }
        }

        @Override
        public OptionalInt exitCode() {
            return client.exitCode();
        }

        @Override
        public void kill() {
            try {
                ask("exec", in.id(), "sh", "-c", END, "sh", MARK + "=" + mark);
            } catch (InfrastructureException e) {
                // An engine that does not answer cannot end it; the end of the container will.
                return;
            } finally {
                client.kill();
            }
        }
    }

    private synchronized void forget(Container ended) {
        if (ended.equals(container)) {
            container = null;
        }
    }
}
