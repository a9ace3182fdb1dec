package dev.hil.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a {@link SshShell} does with a real ssh server, whichever it is, and with what may befall it. */
@Timeout(180)
abstract class SshContainerContract {
    /** A dead peer is noticed within 5 s; a busy machine may take longer to say so. */
    private static final Duration SECONDS = Duration.ofSeconds(15);

    private final String image;
    private final Path folder;
    private SshServerContainer server;
    private SshShell shell;

    @SuppressWarnings("NullAway.Init")
    SshContainerContract(String image, Path folder) {
        this.image = image;
        this.folder = folder;
    }

    @BeforeEach
    void begin() throws IOException {
        server = new SshServerContainer(image, folder);
        shell = server.shell(server.published());
    }

    @AfterEach
    void end() {
        if (shell != null) {
            shell.close();
        }
        if (server != null) {
            server.close();
        }
    }

    @Test
    void exitCodeOutputsAndArgumentsAreTold() {
        ExecResult result = shell.exec(Command.script("echo \"$1\"; echo err >&2; exit 7", "a 'b' $(id)"));

        assertThat(result.exitCode()).isEqualTo(7);
        assertThat(result.stdout()).isEqualTo("a 'b' $(id)\n");
        assertThat(result.stderr()).isEqualTo("err\n");
    }

    @Test
    void filesGoThereAndBackWhole() throws IOException {
        Path file = Files.write(folder.resolve("sent"), random(5_000_003));
        Path back = folder.resolve("back");

        shell.exec("mkdir", "/root/in").orThrow();
        shell.push(file, "/root/in/a file");
        String sum = shell.pull("/root/in/a file", back, 10_000_000);

        assertThat(back).hasSameBinaryContentAs(file);
        assertThat(sum).isEqualTo(Sha256.of(Files.readAllBytes(file)));
        assertThat(shell.exec("ls", "-A", "/root/in").text()).isEqualTo("a file");
    }

    @Test
    void muchOutputArrivesWhole() {
        byte[] input = random(20_000_000);
        ByteArrayOutputStream output = new ByteArrayOutputStream();

        shell.run(Command.of("cat").timeout(Duration.ofMinutes(2)), new ByteArrayInputStream(input), output)
                .orThrow();

        assertThat(Sha256.of(output.toByteArray())).isEqualTo(Sha256.of(input));
    }

    @Test
    void commandsAtTheSameTimeGetEachItsOwnAnswer() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<String>> answers = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                String number = String.valueOf(i);
                answers.add(
                        threads.submit(() -> shell.exec(Command.script("usleep 1000 2>/dev/null; echo \"$1\"", number))
                                .text()));
            }
            for (int i = 0; i < 40; i++) {
                assertThat(answers.get(i).get(60, TimeUnit.SECONDS)).isEqualTo(String.valueOf(i));
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void aCommandThatDoesNotEndIsEndedAtItsLimitThereToo() {
        CommandException thrown = catchThrowableOfType(
                CommandException.class,
                () -> shell.exec(Command.of("yes", "on and on").timeout(Duration.ofSeconds(1))));

        assertThat(thrown.isTimeout()).isTrue();
        assertThat(thrown.result().stdout()).startsWith("on and on\non and on\n");
        await("yes has ended on the server")
                .atMost(SECONDS)
                .until(
                        () -> shell.exec(Command.script("cat /proc/[0-9]*/cmdline | tr '\\0' ' '"))
                                .text(),
                        commands -> !commands.contains("on and on"));
    }

    @Test
    void aHostOfWhichNobodyHasHeardIsNotSpokenTo() {
        try (SshShell stranger = new SshShell(server.unknown(), false)) {
            assertThat(lost(stranger).kind()).isEqualTo(LinkException.Kind.HOST_KEY_UNKNOWN);
        }
    }

    @Test
    void aHostWithAnotherKeyThanTheKnownOneIsNotSpokenTo() {
        Path other = LocalSshServer.makeKey(folder, "another", "-t", "ed25519");

        try (SshShell deceived = new SshShell(server.published(folder.resolve("user_key"), other), false)) {
            assertThat(lost(deceived).kind()).isEqualTo(LinkException.Kind.HOST_KEY_CHANGED);
        }
    }

    @Test
    void aKeyThatTheServerDoesNotAcceptIsNamed() {
        Path other = LocalSshServer.makeKey(folder, "another", "-t", "ed25519");

        try (SshShell outsider = new SshShell(server.published(other, server.hostKey()), false)) {
            LinkException refused = lost(outsider);
            assertThat(refused.kind()).isEqualTo(LinkException.Kind.AUTHENTICATION);
            assertThat(refused).hasMessageContaining(other.toString());
        }
    }

    @Test
    void aMomentOfSilenceIsNoOutage() throws Exception {
        String connection = connection();
        CompletableFuture<String> answer = CompletableFuture.supplyAsync(() ->
                shell.exec(Command.script("echo begun; sleep 3; echo done")).text());

        server.pause();
        assertThat(lost(server.published(), Duration.ofSeconds(1))).isEqualTo(LinkException.Kind.UNREACHABLE);
        server.unpause();

        assertThat(answer.get(60, TimeUnit.SECONDS)).isEqualTo("begun\ndone");
        assertThat(connection()).isEqualTo(connection);
    }

    /** The connection that carries the next command, as the server sees it. */
    private String connection() {
        return shell.exec(Command.script("echo \"$SSH_CONNECTION\"")).text();
    }

    @Test
    void aPeerThatAnswersNoMoreIsNoticedAndNotLostForGood() throws Exception {
        AtomicInteger live = new AtomicInteger();
        Shell.Stream stream = shell.stream(
                Command.script("while :; do echo tick; sleep 1; done"), bytes -> live.addAndGet(bytes.length));
        await("output of the command in the background").atMost(SECONDS).until(() -> live.get() > 0);
        CompletableFuture<LinkException> running = CompletableFuture.supplyAsync(() -> lost(shell));
        await("the command runs").atMost(SECONDS).until(() -> sleeping() == 1);

        server.pause();
        long from = System.nanoTime();

        assertThat(running.get(60, TimeUnit.SECONDS).kind()).isEqualTo(LinkException.Kind.LOST);
        await("the end of the stream").atMost(SECONDS).until(() -> !stream.isOpen());
        assertThat(Duration.ofNanos(System.nanoTime() - from)).isLessThan(SECONDS);
        assertThat(stream.endReason()).startsWith("the link ended");
        // The engine's proxy takes the connection; nobody speaks on it.
        assertThat(lost(shell).kind()).isEqualTo(LinkException.Kind.UNREACHABLE);

        server.unpause();

        assertThat(shell.exec("echo", "healed").text()).isEqualTo("healed");
    }

    @Test
    void waitingForAPeerThatIsSilentEndsWhenItSpeaksAgain() throws Exception {
        server.pause();
        AtomicInteger asked = new AtomicInteger();
        CompletableFuture<String> back = CompletableFuture.supplyAsync(() ->
                shell.reconnect(Deadline.in(Duration.ofSeconds(60)), () -> KnockPace.UNKNOWN, there -> {
                    asked.incrementAndGet();
                    return Optional.of(there.exec("echo", "here").text());
                }));
        assertThat(lost(server.published(), Duration.ofSeconds(2))).isEqualTo(LinkException.Kind.UNREACHABLE);
        assertThat(back).isNotDone();

        server.unpause();

        assertThat(back.get(60, TimeUnit.SECONDS)).isEqualTo("here");
        assertThat(asked).hasValue(1);
    }

    @Test
    void aServerThatIsKilledIsNamedWithinSecondsAndFoundAgain() throws Exception {
        CompletableFuture<LinkException> running = CompletableFuture.supplyAsync(() -> lost(shell));
        await("the command runs").atMost(SECONDS).until(() -> sleeping() == 1);

        server.kill();
        long from = System.nanoTime();

        LinkException lost = running.get(60, TimeUnit.SECONDS);
        assertThat(Duration.ofNanos(System.nanoTime() - from)).isLessThan(SECONDS);
        assertThat(lost.kind()).isEqualTo(LinkException.Kind.LOST);
        assertThat(lost).hasMessageStartingWith("ssh board (root@127.0.0.1:").hasMessageContaining("`sleep 600`");
        assertThat(lost(shell).kind()).isIn(LinkException.Kind.REFUSED, LinkException.Kind.UNREACHABLE);

        server.startAgain();

        assertThat(shell.<String>reconnect(
                        Deadline.in(Duration.ofSeconds(60)),
                        () -> KnockPace.UNKNOWN,
                        there -> Optional.of(there.exec("echo", "again").text())))
                .isEqualTo("again");
    }

    @Test
    void aPulledCableIsNoticedAndPluggedInAgain() throws Exception {
        SshTarget direct = server.direct();
        try (SshShell wired = server.shell(direct)) {
            CompletableFuture<LinkException> running = CompletableFuture.supplyAsync(() -> lost(wired));
            await("the command runs").atMost(SECONDS).until(() -> sleeping() == 1);

            server.pullTheCable();
            long from = System.nanoTime();

            assertThat(running.get(60, TimeUnit.SECONDS).kind()).isEqualTo(LinkException.Kind.LOST);
            assertThat(Duration.ofNanos(System.nanoTime() - from)).isLessThan(SECONDS);
            assertThat(lost(wired).kind()).isEqualTo(LinkException.Kind.UNREACHABLE);

            server.plugTheCableIn();

            assertThat(server.direct().host())
                    .as("address after the cable was out")
                    .isEqualTo(direct.host());
            assertThatNoException()
                    .isThrownBy(() -> wired.reconnect(
                            Deadline.in(Duration.ofSeconds(60)),
                            () -> KnockPace.UNKNOWN,
                            there -> Optional.of(there.name())));
            assertThat(wired.exec("echo", "wired").text()).isEqualTo("wired");
        }
    }

    /** How many commands of {@link #lost} run on the server. */
    private long sleeping() {
        return shell.exec(Command.script("for c in /proc/[0-9]*/cmdline; do tr '\\0' ' ' <$c; echo; done 2>/dev/null"))
                .stdout()
                .lines()
                .filter(line -> line.equals("sleep 600 "))
                .count();
    }

    /** How a new connection fails that is given so much time. */
    private static LinkException.Kind lost(SshTarget target, Duration limit) {
        try (SshShell other = new SshShell(target, false, limit)) {
            return lost(other).kind();
        }
    }

    /** The error of a command that would run for long. */
    private static LinkException lost(SshShell shell) {
        LinkException thrown = catchThrowableOfType(
                LinkException.class, () -> shell.exec(Command.of("sleep", "600").timeout(Duration.ofMinutes(2))));
        assertThat(thrown).as("the error of a command on a server that is gone").isNotNull();
        return thrown;
    }

    private static byte[] random(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }
}
