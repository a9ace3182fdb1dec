package dev.hil.virtual;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hil.board.BoardDefinitions;
import dev.hil.board.BoardSession;
import dev.hil.junit.HilTest;
import dev.hil.record.Evidence;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nothing of an emulated board outlives its run, however the run ends. */
@HilTest
class LeftoverIT {
    @TempDir
    private Path home;

    /** A run that opens the board and then does nothing more. */
    public static final class HangingRun {
        private HangingRun() {}

        public static void main(String[] args) throws InterruptedException {
            BoardSession session = BoardSession.open(
                    BoardDefinitions.find().get("virtual"), Evidence.start(Path.of(args[0]), "virtual", System.out));
            System.out.println("hanging with " + session.board().bootId());
            Thread.currentThread().join();
        }
    }

    @Test
    void aKilledRunTakesItsEmulatorWithIt() throws Exception {
        Process run = hangingRun();
        Properties note = note();
        ProcessIdentity emulator = identity(note, "pid", "start");
        assertThat(emulator.isAlive()).isTrue();

        run.destroyForcibly().waitFor(10, TimeUnit.SECONDS);

        Awaitility.await("the emulator ends").atMost(5, TimeUnit.SECONDS).until(() -> !emulator.isAlive());
        assertThat(new Leftovers(home).sweep()).hasSize(1);
        assertThat(Path.of(note.getProperty("work"))).doesNotExist();
        assertThat(home.resolve("virtual-running")).isEmptyDirectory();
    }

    @Test
    void anEmulatorThatSurvivedIsEndedByTheNextRunAndALivingOneIsNot() throws Exception {
        Process run = hangingRun();
        Properties note = note();
        ProcessIdentity emulator = identity(note, "pid", "start");
        assertThat(new Leftovers(home).sweep()).as("its run lives").isEmpty();
        assertThat(emulator.isAlive()).isTrue();

        // Its guard and the guard's helpers go first, so that nobody is left to end it.
        List<ProcessHandle> guards = run.descendants()
                .filter(process -> process.pid() != emulator.pid())
                .toList();
        guards.forEach(ProcessHandle::destroyForcibly);
        Awaitility.await("its guards end")
                .atMost(5, TimeUnit.SECONDS)
                .until(() -> guards.stream().noneMatch(ProcessHandle::isAlive));
        run.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
        assertThat(emulator.isAlive()).isTrue();

        assertThat(new Leftovers(home).sweep()).singleElement().asString().contains("pid " + emulator.pid());
        Awaitility.await("the emulator ends").atMost(5, TimeUnit.SECONDS).until(() -> !emulator.isAlive());
        assertThat(Path.of(note.getProperty("work"))).doesNotExist();
    }

    @Test
    void aProcessThatGotTheNumberLaterIsLeftAlone() throws Exception {
        Process innocent = new ProcessBuilder("sleep", "60").start();
        try {
            ProcessIdentity identity = ProcessIdentity.of(innocent.pid()).orElseThrow();
            Path folder = Files.createDirectories(home.resolve("virtual-running"));
            Files.writeString(
                    folder.resolve("stale"),
                    "pid=%d%nstart=%d%nowner.pid=1%nowner.start=999999999999%nwork=%s%n"
                            .formatted(identity.pid(), identity.startTicks() - 1, home),
                    StandardOpenOption.CREATE_NEW);

            new Leftovers(home).sweep();

            assertThat(innocent.isAlive()).isTrue();
            assertThat(home).exists();
        } finally {
            innocent.destroyForcibly();
        }
    }

    private Process hangingRun() throws IOException {
        Process run = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        HangingRun.class.getName(),
                        home.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        BufferedReader output = run.inputReader();
        String line = output.readLine();
        while (line != null && !line.startsWith("hanging")) {
            line = output.readLine();
        }
        assertThat(line).as("the run has its board").isNotNull();
        return run;
    }

    private Properties note() throws IOException {
        Properties values = new Properties();
        try (Stream<Path> notes = Files.list(home.resolve("virtual-running"))) {
            try (var in = Files.newBufferedReader(notes.findFirst().orElseThrow())) {
                values.load(in);
            }
        }
        return values;
    }

    private static ProcessIdentity identity(Properties values, String pid, String start) {
        return new ProcessIdentity(Long.parseLong(values.getProperty(pid)), Long.parseLong(values.getProperty(start)));
    }
}
