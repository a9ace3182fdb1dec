package dev.hil.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.hil.link.Deadline;
import dev.hil.link.InfrastructureException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LeaseTest {
    private final Path home;
    private final Path file;

    LeaseTest(@TempDir Path folder) {
        this.home = folder;
        this.file = folder.resolve("board").resolve("lease");
    }

    @AfterEach
    void forget() {
        System.clearProperty("hil.wait");
    }

    /** Another run on this host. */
    static final class Holder {
        public static void main(String[] arguments) throws IOException {
            try (Lease lease = Lease.take(Path.of(arguments[0]), "board x", "a bisect step", Duration.ZERO)) {
                System.out.println("holding " + (lease != null));
                // Until its input ends, or it is killed.
                System.in.transferTo(java.io.OutputStream.nullOutputStream());
            }
        }
    }

    private Process holder() throws IOException {
        return new ProcessBuilder(
                        ProcessHandle.current().info().command().orElse("java"),
                        "-XX:TieredStopAtLevel=1",
                        "-Xshare:auto",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Holder.class.getName(),
                        file.toString())
                .redirectErrorStream(true)
                .start();
    }

    private static String firstLine(Process process) throws IOException {
        BufferedReader reader = process.inputReader();
        return String.valueOf(reader.readLine());
    }

    @Test
    void theHolderIsNamedToOthersAndItsDeathFreesTheLease() throws Exception {
        Process other = holder();
        try {
            assertThat(firstLine(other)).isEqualTo("holding true");

            assertThatExceptionOfType(InfrastructureException.class)
                    .isThrownBy(() -> take("mine", Duration.ZERO))
                    .withMessageContaining("board x is in use by %s@", System.getProperty("user.name"))
                    .withMessageContaining(", pid %d, since ", other.pid())
                    .withMessageContaining("a bisect step")
                    .withMessageContaining("-Dhil.wait=")
                    .withMessageContaining(file.toString());

            other.destroyForcibly();
            assertThat(other.waitFor(10, TimeUnit.SECONDS)).isTrue();
            take("mine", Duration.ZERO).close();
        } finally {
            other.destroyForcibly();
        }
    }

    @Test
    void whoWaitsGetsTheLeaseWhenItIsGivenBack() throws Exception {
        Process other = holder();
        try {
            assertThat(firstLine(other)).isEqualTo("holding true");
            other.getOutputStream().close();

            take("mine", Duration.ofSeconds(20)).close();
        } finally {
            other.destroyForcibly();
        }
    }

    @Test
    void aLeaseOfThisProcessExcludesAnotherOne() {
        try (Lease mine = take("mine", Duration.ZERO)) {
            assertThat(mine).isNotNull();
            assertThatExceptionOfType(InfrastructureException.class)
                    .isThrownBy(() -> take("again", Duration.ZERO))
                    .withMessageContaining("pid " + ProcessHandle.current().pid())
                    .withMessageContaining("mine");
        }
    }

    /** POSIX drops a process's locks when it closes any descriptor of the file, so a look at the lease must not. */
    @Test
    void askingForALeaseThatThisProcessHoldsDoesNotGiveItAway() throws Exception {
        try (Lease mine = take("mine", Duration.ZERO)) {
            assertThat(mine).isNotNull();
            assertThatExceptionOfType(InfrastructureException.class).isThrownBy(() -> take("again", Duration.ZERO));
            assertThat(Lease.holder(file)).get().asString().contains("mine");

            Process other = holder();
            try {
                assertThat(firstLine(other)).contains("board x is in use by");
            } finally {
                other.destroyForcibly();
            }
        }
    }

    @Test
    void aLeaseThatWasGivenBackHasNoHolder() {
        take("mine", Duration.ZERO).close();

        assertThat(Lease.holder(file)).isEmpty();
        take("again", Duration.ZERO).close();
    }

    @Test
    void whatTheHolderDoesIsKeptUpToDate() {
        try (Lease mine = take("a rather long description of what it is doing", Duration.ZERO)) {
            mine.doing("step 0002");

            assertThat(Lease.holder(file)).get().asString().endsWith(": step 0002");
            assertThat(file).content().isEqualTo(Lease.holder(file).orElseThrow() + "\n");
        }
    }

    @Test
    void whoWasCutOffIsToldToTheNextHolder() throws Exception {
        Process other = holder();
        try {
            assertThat(firstLine(other)).isEqualTo("holding true");
        } finally {
            other.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
        }

        try (Lease mine = take("mine", Duration.ZERO)) {
            assertThat(mine.cutOff()).get().asString().contains("pid " + other.pid());
        }
        try (Lease next = take("mine", Duration.ZERO)) {
            assertThat(next.cutOff()).as("given back in order").isEmpty();
        }
    }

    /** As on a lab host that has {@code chmod g+ws} on its home. */
    @Test
    void whereTheGroupMayWriteItMayWriteTheNewFilesToo() throws IOException {
        Files.setAttribute(home, "unix:mode", 02775);

        take("mine", Duration.ZERO).close();

        assertThat((Integer) Files.getAttribute(file, "unix:mode") & 0777).isEqualTo(0664);
        assertThat((Integer) Files.getAttribute(home.resolve("board"), "unix:mode") & 07777)
                .isEqualTo(02775);
    }

    @Test
    void waitingEndsAtItsLimit() {
        try (Lease mine = take("mine", Duration.ZERO)) {
            assertThat(mine).isNotNull();
            Deadline deadline = Deadline.in(Duration.ofMillis(300));

            assertThatExceptionOfType(InfrastructureException.class)
                    .isThrownBy(() -> take("again", Duration.ofMillis(300)))
                    .withMessageContaining("waited 3");

            assertThat(deadline.elapsed()).isBetween(Duration.ofMillis(300), Duration.ofSeconds(5));
        }
    }

    @Test
    void aPlaceThatCannotBeWrittenIsNamed() throws IOException {
        Files.createDirectories(file);

        assertThatExceptionOfType(InfrastructureException.class)
                .isThrownBy(() -> take("mine", Duration.ZERO))
                .withMessageContaining("cannot take the lease of board x (" + file);
    }

    @ParameterizedTest
    @CsvSource({"30s,30", "10m,600", "1h,3600", "1m30s,90", "' 5s ',5"})
    void theWaitIsReadAsPeopleWriteIt(String text, long seconds) {
        System.setProperty("hil.wait", text);

        assertThat(Lease.waitFromProperties()).hasSeconds(seconds);
    }

    @Test
    void withoutTheWaitThereIsNone() {
        assertThat(Lease.waitFromProperties()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"soon", "10", "", "-5s", "1d"})
    void aWaitThatIsNoneIsRefused(String text) {
        System.setProperty("hil.wait", text);

        assertThatExceptionOfType(InfrastructureException.class)
                .isThrownBy(Lease::waitFromProperties)
                .withMessage("-Dhil.wait=%s is no duration: write for instance 30s, 10m or 1h", text);
    }

    private Lease take(String purpose, Duration wait) {
        return Lease.take(file, "board x", purpose, wait);
    }
}
