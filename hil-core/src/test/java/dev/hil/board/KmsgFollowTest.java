package dev.hil.board;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KmsgFollowTest {
    @TempDir
    Path unreadable;

    /** A folder can be tested for but not read: cat fails at once, each time. */
    @Test
    void aLogThatCannotBeReadDoesNotKeepTheBoardBusy() throws IOException, InterruptedException {
        Path opened = unreadable.resolve("opened");
        String script = "root=; cat() { echo x >> '%s'; return 1; }; as_root() { \"$@\"; }; ".formatted(opened)
                + Kmsg.FOLLOW.replace("/dev/kmsg", "'" + unreadable + "'");
        Process shell = new ProcessBuilder("sh", "-c", script)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            await().atMost(Duration.ofSeconds(20))
                    .until(() ->
                            Files.exists(opened) && Files.readAllLines(opened).size() >= 2 * Kmsg.AT_ONCE);
            long begun = System.nanoTime();
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> Files.readAllLines(opened).size() >= 4 * Kmsg.AT_ONCE);

            // Two pauses of a second lie between.
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThan(Duration.ofMillis(900));
        } finally {
            shell.descendants().forEach(ProcessHandle::destroyForcibly);
            shell.destroyForcibly();
            assertThat(shell.waitFor(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    /** A folder can be tested for but not read: as with a log that is overwritten faster than it is read. */
    @Test
    void nothingIsLeftRunningOnTheBoardWhereTheShellWasKilled() throws IOException, InterruptedException {
        String script = "root=; as_root() { \"$@\"; }; " + Kmsg.FOLLOW.replace("/dev/kmsg", "'" + unreadable + "'");
        Process shell = new ProcessBuilder("sh", "-c", script)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        List<ProcessHandle> started = new ArrayList<>();
        try {
            await().atMost(Duration.ofSeconds(10))
                    .until(() -> shell.children().findAny().isPresent());
            shell.descendants().forEach(started::add);
            shell.destroyForcibly();
            assertThat(shell.waitFor(10, TimeUnit.SECONDS)).isTrue();

            await().atMost(Duration.ofSeconds(10))
                    .untilAsserted(() -> assertThat(started)
                            .filteredOn(ProcessHandle::isAlive)
                            .isEmpty());
        } finally {
            shell.destroyForcibly();
            started.forEach(ProcessHandle::destroyForcibly);
        }
    }
}
