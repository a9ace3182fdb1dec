package dev.hil.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalShellTest {
    private final LocalShell shell = new LocalShell();

    @Test
    void exitCodeAndBothOutputsAreTold() {
        ExecResult result = shell.exec(Command.script("echo out; echo err >&2; exit 7"));

        assertThat(result.exitCode()).isEqualTo(7);
        assertThat(result.ok()).isFalse();
        assertThat(result.stdout()).isEqualTo("out\n");
        assertThat(result.stderr()).isEqualTo("err\n");
        assertThat(result.droppedBytes()).isZero();
        assertThat(result.machine()).isEqualTo("this host");
    }

    @Test
    void aFailureThatMattersIsToldWithCommandCodeAndWords() {
        assertThatExceptionOfType(CommandException.class)
                .isThrownBy(() -> shell.exec(Command.script("echo cannot do it >&2; exit 7"))
                        .orThrow())
                .withMessage(
                        "this host: `sh -c 'echo cannot do it >&2; exit 7' sh` ended with exit code 7: cannot do it");
        assertThatExceptionOfType(CommandException.class)
                .isThrownBy(() -> shell.exec("false").orThrow())
                .withMessage("this host: `false` ended with exit code 1 and said nothing");
    }

    @Test
    void textLosesItsLastLineEndOnly() {
        assertThat(shell.exec("printf", " a\\n\\n").text()).isEqualTo(" a");
    }

    @Test
    void outputBeyondTheLimitIsCountedAndDropped() {
        ExecResult result =
                shell.exec(Command.script("head -c 3000000 /dev/zero | tr '\\0' x; head -c 5000 /dev/zero >&2")
                        .maxOutput(1000));

        assertThat(result.stdout()).isEqualTo("x".repeat(1000));
        assertThat(result.stderr()).hasSize(1000);
        assertThat(result.droppedBytes()).isEqualTo(3_000_000 + 5_000 - 2_000);
        assertThat(result.exitCode()).isZero();
    }

    /** A pipe holds 64 KiB, which are there when the process has gone. */
    @Test
    void theLastOutputOfACommandThatHasEndedIsWhole() {
        for (int i = 0; i < 20; i++) {
            assertThat(shell.exec("head", "-c", "65000", "/dev/zero").stdout()).hasSize(65_000);
        }
    }

    @Test
    void whatAMachineSaidReachesNoTerminalAsItWas() {
        assertThatExceptionOfType(CommandException.class)
                .isThrownBy(() -> shell.exec(Command.script("printf 'a\\033]0;title\\007\\033[2Jb\\007' >&2; exit 1"))
                        .orThrow())
                .withMessageEndingWith("ended with exit code 1: ab");
    }

    @Test
    void endlessOutputIsEndedByTheTimeLimitWithWhatWasSaid() {
        CommandException thrown = catchThrowableOfType(
                CommandException.class,
                () -> shell.exec(Command.script("echo $$; yes; true")
                        .timeout(Duration.ofMillis(300))
                        .maxOutput(5000)));

        assertThat(thrown.isTimeout()).isTrue();
        assertThat(thrown)
                .hasMessageStartingWith(
                        "this host: `sh -c 'echo $$; yes; true' sh` was still running after its time limit of 300 ms and"
                                + " was ended")
                .hasMessageEndingWith("y");
        assertThat(thrown.result().exitCode()).isEqualTo(-1);
        assertThat(thrown.result().stdout()).contains("y\ny\n").hasSize(5000);
        assertThat(thrown.result().droppedBytes()).isPositive();
        assertEnded(pid(thrown.result()));
    }

    @Test
    void aCommandThatIgnoresThePoliteSignalIsEndedToo() {
        CommandException thrown = catchThrowableOfType(
                CommandException.class,
                () -> shell.exec(Command.script("trap '' TERM; echo $$; while :; do read -r x < /dev/zero; done")
                        .timeout(Duration.ofMillis(200))));

        assertEnded(pid(thrown.result()));
    }

    private static long pid(ExecResult result) {
        return Long.parseLong(result.stdout().lines().findFirst().orElseThrow());
    }

    private static void assertEnded(long pid) {
        await("end of process " + pid)
                .atMost(Duration.ofSeconds(10))
                .pollInterval(Duration.ofMillis(10))
                .until(() ->
                        ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isEmpty());
    }

    @Test
    void inputIsReadToItsEnd() {
        byte[] input = new byte[3_000_000];
        ByteArrayOutputStream output = new ByteArrayOutputStream();

        ExecResult result = shell.run(Command.of("cat"), new ByteArrayInputStream(input), output);

        assertThat(result.ok()).isTrue();
        assertThat(output.size()).isEqualTo(input.length);
        assertThat(result.stdout()).isEmpty();
    }

    @Test
    void withoutInputTheCommandSeesItsEnd() {
        assertThat(shell.exec("cat").stdout()).isEmpty();
    }

    @Test
    void inputThatIsNotReadIsNoFailure() {
        ExecResult result = shell.exec(Command.of("true"), new ByteArrayInputStream(new byte[3_000_000]));

        assertThat(result.ok()).isTrue();
    }

    @Test
    void bytesThatAreNoTextAreReplaced() {
        assertThat(shell.exec("printf", "a\\377b").stdout()).isEqualTo("a\ufffdb");
    }

    @Test
    void aProgramThatIsNotThereIsNamed() {
        assertThatExceptionOfType(InfrastructureException.class)
                .isThrownBy(() -> shell.exec("no-such-program-of-hil", "x"))
                .withMessageContaining("cannot run `no-such-program-of-hil x` on this host")
                .withMessageContaining("Is no-such-program-of-hil installed?");
    }

    @Test
    void theEnvironmentIsAddedTo() {
        ExecResult result = shell.exec(
                Command.script("echo \"$HIL_TEST\"; echo \"$PATH\"").environment(Map.of("HIL_TEST", "a 'b'")));

        assertThat(result.stdout().lines()).first().isEqualTo("a 'b'");
        assertThat(result.stdout().lines().skip(1).findFirst()).isNotEqualTo(Optional.of(""));
    }

    @Test
    void commandsRunInTheDirectoryGiven(@TempDir Path folder) throws Exception {
        assertThat(new LocalShell(folder).exec("pwd", "-P").text())
                .isEqualTo(folder.toRealPath().toString());
    }

    @Test
    void aStreamHandsOutputOnAndSaysHowItEnded() {
        ByteArrayOutputStream got = new ByteArrayOutputStream();

        try (Shell.Stream stream = shell.stream(Command.script("echo a; echo b; exit 3"), got::writeBytes)) {
            assertThat(stream.awaitEnd(Duration.ofSeconds(10))).isTrue();

            assertThat(stream.isOpen()).isFalse();
            assertThat(stream.endReason()).isEqualTo("the command ended with exit code 3");
        }
        assertThat(got.toString(StandardCharsets.UTF_8)).isEqualTo("a\nb\n");
    }

    @Test
    void closingAStreamEndsItsCommand() {
        ByteArrayOutputStream got = new ByteArrayOutputStream();
        Shell.Stream stream = shell.stream(Command.script("echo $$; exec tail -f /dev/null"), got::writeBytes);
        await().atMost(Duration.ofSeconds(10))
                .pollInterval(Duration.ofMillis(10))
                .until(() -> got.toString(StandardCharsets.UTF_8).endsWith("\n"));
        assertThat(stream.isOpen()).isTrue();
        assertThat(stream.endReason()).isEmpty();

        stream.close();

        assertEnded(Long.parseLong(got.toString(StandardCharsets.UTF_8).strip()));
        assertThat(stream.awaitEnd(Duration.ofSeconds(10))).isTrue();
        assertThat(stream.endReason()).isEqualTo("closed");
    }
}
