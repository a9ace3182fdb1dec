package dev.hil.board;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
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
