package dev.hil.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against a real ssh server in this process. */
@Timeout(60)
class SshShellTest {
    private final Path folder;
    private final LocalSshServer server;
    private final SshShell shell;

    SshShellTest(@TempDir Path folder) throws IOException {
        this.folder = folder;
        this.server = new LocalSshServer(folder);
        this.shell = new SshShell(server.target(), false);
    }

    @AfterEach
    void end() throws IOException {
        shell.close();
        server.close();
    }

    @Test
    void exitCodeAndBothOutputsAreTold() {
        ExecResult result = shell.exec(Command.script("echo out; echo err >&2; exit 7"));

        assertThat(result.exitCode()).isEqualTo(7);
        assertThat(result.stdout()).isEqualTo("out\n");
        assertThat(result.stderr()).isEqualTo("err\n");
        assertThat(result.machine()).isEqualTo("board");
    }

    @Test
    void argumentsAndEnvironmentArriveAsTheyWere() {
        ExecResult result = shell.exec(Command.script("printf '%s|' \"$1\" \"$2\" \"$X\"", "a 'b' $(id)", "\n")
                .environment(Map.of("X", "y; z")));

        assertThat(result.stdout()).isEqualTo("a 'b' $(id)|\n|y; z|");
    }

    @Test
    void rootsRightsComeFromSudoWhereTheDefinitionSaysSo() throws IOException {
        // A stand-in, first in the server's path, that says what it was asked for.
        Path sudo = Files.writeString(
                Files.createDirectory(folder.resolve("bin")).resolve("sudo"), "#!/bin/sh\necho \"sudo $*\"\n");
        assertThat(sudo.toFile().setExecutable(true)).isTrue();
        Command command = Command.of("echo", "x").root();

        try (SshShell withSudo = new SshShell(server.target(), true)) {
            assertThat(withSudo.exec(command).text()).isEqualTo("sudo -n -- echo x");
            assertThat(withSudo.exec("echo", "x").text()).isEqualTo("x");
        }
        assertThat(shell.exec(command).text()).isEqualTo("x");
    }

    @Test
    void outputBeyondTheLimitIsCountedAndDropped() {
        ExecResult result = shell.exec(
                Command.script("head -c 3000000 /dev/zero | tr '\\0' x").maxOutput(1000));

        assertThat(result.stdout()).isEqualTo("x".repeat(1000));
        assertThat(result.droppedBytes()).isEqualTo(2_999_000);
    }

    @Test
    void endlessOutputIsEndedByTheTimeLimitWithWhatWasSaid() {
        CommandException thrown = catchThrowableOfType(
                CommandException.class,
                () -> shell.exec(
                        Command.of("yes").timeout(Duration.ofMillis(500)).maxOutput(1000)));

        assertThat(thrown.isTimeout()).isTrue();
        assertThat(thrown).hasMessageStartingWith("board: `yes` was still running after its time limit of 500 ms");
        assertThat(thrown.result().stdout()).startsWith("y\ny\n").hasSize(1000);
        await("end of the command on the machine")
                .atMost(Duration.ofSeconds(10))
                .until(() -> server.running() == 0);
        assertThat(shell.exec("echo", "still usable").text()).isEqualTo("still usable");
    }

    @Test
    void muchInputArrivesWhole() {
        byte[] input = new byte[5_000_000];
        new Random(1).nextBytes(input);

        ExecResult result = shell.exec(Command.of("sha256sum"), new ByteArrayInputStream(input));

        assertThat(result.text()).startsWith(Sha256.of(input));
    }

    /** sshj's close() drops what does not fit into the peer's window at that moment. */
    @ParameterizedTest
    @ValueSource(ints = {70_000, 140_000, 150_000, 160_000})
    void inputArrivesWholeWhereTheMachineIsSlowToReadIt(int size) {
        byte[] input = new byte[size];
        new Random(size).nextBytes(input);

        ExecResult result = shell.exec(Command.script("sleep 0.2; sha256sum"), new ByteArrayInputStream(input));

        assertThat(result.text()).startsWith(Sha256.of(input));
    }

    @Test
    void muchOutputArrivesWhole() {
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        byte[] input = new byte[2_000_000];
        new Random(2).nextBytes(input);

        assertThat(shell.run(Command.of("cat"), new ByteArrayInputStream(input), output)
                        .ok())
                .isTrue();

        assertThat(Sha256.of(output.toByteArray())).isEqualTo(Sha256.of(input));
    }

    /** The command has ended long before its output has been taken. */
    @Test
    void outputArrivesWholeWhereItIsTakenSlowly() {
        CountDownLatch never = new CountDownLatch(1);
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        OutputStream slow = new OutputStream() {
            @Override
            public void write(int b) {
                output.write(b);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                output.write(bytes, offset, length);
                try {
                    if (output.size() < 20_000) {
                        assertThat(never.await(2500, TimeUnit.MILLISECONDS)).isFalse();
                    }
                } catch (InterruptedException e) {
                    throw new IOException("cut off", e);
                }
            }
        };

        ExecResult result =
                shell.run(Command.of("head", "-c", "400000", "/dev/zero"), InputStream.nullInputStream(), slow);

        assertThat(output.size()).isEqualTo(400_000);
        assertThat(result.cutOff()).isFalse();
    }

    @Test
    void commandsOneAfterTheOtherShareOneConnection() {
        for (int i = 0; i < 10; i++) {
            assertThat(shell.exec("echo", String.valueOf(i)).text()).isEqualTo(String.valueOf(i));
        }
        assertThat(server.sessions()).isEqualTo(1);
    }

    /** Each has a connection for itself while it runs; those are kept and used again. */
    @Test
    void commandsAtTheSameTimeShareNoConnection() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(6);
        try {
            List<Future<String>> answers = new ArrayList<>();
            for (int i = 0; i < 30; i++) {
                String number = String.valueOf(i);
                answers.add(threads.submit(() -> shell.exec("echo", number).text()));
            }
            for (int i = 0; i < 30; i++) {
                assertThat(answers.get(i).get()).isEqualTo(String.valueOf(i));
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(server.sessions()).isBetween(2, 6);
    }

    @Test
    void aConnectionThatTheMachineDroppedIsMadeAgain() {
        assertThat(shell.exec("echo", "one").text()).isEqualTo("one");
        assertThat(shell.isConnected()).isTrue();

        server.dropConnections();
        await().atMost(Duration.ofSeconds(5)).until(() -> !shell.isConnected());

        assertThat(shell.exec("echo", "two").text()).isEqualTo("two");
    }

    @Test
    void aConnectionLostWhileACommandRunsIsSaidToBe() {
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try {
            Future<?> command = thread.submit(() -> shell.exec("tail", "-f", "/dev/null"));
            await().atMost(Duration.ofSeconds(10)).until(() -> server.running() == 1);

            server.dropConnections();

            assertThatExceptionOfType(java.util.concurrent.ExecutionException.class)
                    .isThrownBy(() -> command.get(10, TimeUnit.SECONDS))
                    .withCauseInstanceOf(LinkException.class)
                    .havingCause()
                    .withMessageContaining("ssh board (tester@127.0.0.1:" + server.port() + ")")
                    .withMessageContaining("the connection was lost while `tail -f /dev/null` ran");
        } finally {
            thread.shutdownNow();
        }
    }

    @Test
    void aStreamHandsOutputOnAndSaysHowItEnded() {
        ByteArrayOutputStream got = new ByteArrayOutputStream();

        Shell.Stream stream = shell.stream(Command.script("echo a; echo b; exit 3"), got::writeBytes);

        assertThat(stream.awaitEnd(Duration.ofSeconds(10))).isTrue();
        assertThat(stream.endReason()).isEqualTo("the command ended with exit code 3");
        assertThat(got.toString(StandardCharsets.UTF_8)).isEqualTo("a\nb\n");
    }

    @Test
    void aPortWhereNobodyListensIsRefused() throws IOException {
        try (TcpProxy proxy = new TcpProxy(server.port())) {
            LinkException thrown = failure(server.target(proxy.port()));

            assertThat(thrown.kind()).isEqualTo(LinkException.Kind.REFUSED);
            assertThat(thrown)
                    .hasMessageContaining("ssh board (tester@127.0.0.1:" + proxy.port() + ")")
                    .hasMessageContaining("no ssh server listens on that port: is sshd running, and is " + proxy.port()
                            + " its port?");
        }
    }

    @Test
    void aHostWhoseKeyIsUnknownIsRefusedShowingIt() throws IOException {
        Files.writeString(server.knownHosts(), "");

        LinkException thrown = failure(server.target());

        assertThat(thrown.kind()).isEqualTo(LinkException.Kind.HOST_KEY_UNKNOWN);
        assertThat(thrown)
                .hasMessageContaining("the host key is unknown: ecdsa-sha2-nistp256 " + fingerprint(server.hostKey()))
                .hasMessageContaining(
                        "\"[127.0.0.1]:" + server.port() + "\" stands in none of [" + server.knownHosts() + "]")
                .hasMessageContaining("accept it by `ssh board`");
    }

    @Test
    void aHostWhoseKeyHasChangedIsRefusedShowingWhereTheOldOneStands() throws IOException {
        Path other = LocalSshServer.makeKey(folder, "other_key");
        Files.writeString(server.knownHosts(), "[127.0.0.1]:" + server.port() + " " + LocalSshServer.publicKey(other));

        LinkException thrown = failure(server.target());

        assertThat(thrown.kind()).isEqualTo(LinkException.Kind.HOST_KEY_CHANGED);
        assertThat(thrown)
                .hasMessageContaining("the host key has CHANGED: the machine shows ecdsa-sha2-nistp256 "
                        + fingerprint(server.hostKey()))
                .hasMessageContaining("ssh-keygen -R '[127.0.0.1]:" + server.port() + "' -f " + server.knownHosts());
    }

    private static String fingerprint(Path key) {
        return new LocalShell()
                .exec("ssh-keygen", "-l", "-f", key + ".pub")
                .orThrow()
                .text()
                .split(" ", -1)[1];
    }

    /** Also where another line, or another file, knows the key. */
    @Test
    void aRevokedHostKeyIsRefusedWhateverOtherLinesSay() throws IOException {
        String key = LocalSshServer.publicKey(server.hostKey());
        String name = "[127.0.0.1]:" + server.port();
        Path other = Files.writeString(folder.resolve("other known"), "# nothing\n\n@revoked  * " + key + "\n");
        SshTarget target = server.target();
        SshTarget both = new SshTarget(
                target.alias(),
                target.host(),
                target.port(),
                target.user(),
                target.identities(),
                target.agent(),
                List.of(server.knownHosts(), other),
                target.hostKeyAlias(),
                target.jump());

        assertThat(failure(both).kind()).isEqualTo(LinkException.Kind.HOST_KEY_REVOKED);
        assertThat(failure(both))
                .hasMessageContaining("the host key is REVOKED: the machine shows ecdsa-sha2-nistp256 "
                        + fingerprint(server.hostKey()))
                .hasMessageContaining("@revoked of " + other);

        Files.writeString(server.knownHosts(), name + " " + key + "@revoked " + name + " " + key);
        assertThat(failure(target).kind()).isEqualTo(LinkException.Kind.HOST_KEY_REVOKED);

        Files.writeString(server.knownHosts(), name + " " + key + "@revoked elsewhere " + key);
        assertThat(answer(target)).isEqualTo("hello");
    }

    @Test
    void aLineForACertificateAuthorityIsNoKeyOfTheHostAndSaidNotToBe() throws IOException {
        Files.writeString(server.knownHosts(), "@cert-authority * " + LocalSshServer.publicKey(server.hostKey()));

        LinkException thrown = failure(server.target());

        assertThat(thrown.kind()).isEqualTo(LinkException.Kind.HOST_KEY_UNKNOWN);
        assertThat(thrown).hasMessageContaining("in a line @cert-authority, and hil checks no certificates");
    }

    @Test
    void withoutAnyKnownHostsFileNothingIsKnown() {
        SshTarget target = server.target();
        SshTarget unknowing = new SshTarget(
                target.alias(),
                target.host(),
                target.port(),
                target.user(),
                target.identities(),
                target.agent(),
                List.of(),
                target.hostKeyAlias(),
                target.jump());

        LinkException thrown = failure(unknowing);

        assertThat(thrown.kind()).isEqualTo(LinkException.Kind.HOST_KEY_UNKNOWN);
        assertThat(thrown).hasMessageContaining("there is no known_hosts file that can be read");
    }

    /** The key of another host, or lines that are none, let nobody in. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "garbage",
                "* ssh-rsa",
                "* 1024 abc def",
                "* 1024 3",
                "* ecdsa-sha2-nistp256 AAAA",
                "\u0000\u0000",
                "|1|a|b ssh-ed25519 AAAA"
            })
    void linesThatAreNoneLetNobodyIn(String line) throws IOException {
        Files.writeString(server.knownHosts(), line + "\n");

        assertThat(failure(server.target()).kind()).isEqualTo(LinkException.Kind.HOST_KEY_UNKNOWN);
    }

    @Test
    void aKeyThatTheMachineDoesNotTakeIsNamed() {
        Path other = LocalSshServer.makeKey(folder, "other_key");
        SshTarget target = with(server.target(), List.of(other), Optional.empty(), Optional.empty());

        LinkException thrown = failure(target);

        assertThat(thrown.kind()).isEqualTo(LinkException.Kind.AUTHENTICATION);
        assertThat(thrown)
                .hasMessageContaining("accepts none of the keys [" + other + "] for user tester")
                .hasMessageContaining("ssh-copy-id board");
    }

    @Test
    void withoutAnyKeyTheWayToOneIsTold() {
        LinkException thrown = failure(with(server.target(), List.of(), Optional.empty(), Optional.empty()));

        assertThat(thrown.kind()).isEqualTo(LinkException.Kind.AUTHENTICATION);
        assertThat(thrown)
                .hasMessageContaining("there is no key to log in with")
                .hasMessageContaining("ssh-keygen");
    }

    @Test
    void theHostKeyAliasIsTheNameThatIsLookedUp() throws IOException {
        SshTarget target =
                with(server.target(), List.of(server.userKey()), Optional.empty(), Optional.of("virtual-board"));
        assertThat(failure(target)).hasMessageContaining("\"virtual-board\" stands in none of");

        Files.writeString(server.knownHosts(), "virtual-board " + LocalSshServer.publicKey(server.hostKey()));

        assertThat(answer(target)).isEqualTo("hello");
    }

    @Test
    void hashedNamesAreFound() throws IOException {
        new LocalShell()
                .exec("ssh-keygen", "-H", "-f", server.knownHosts().toString())
                .orThrow();
        assertThat(server.knownHosts()).content().startsWith("|1|").doesNotContain("127.0.0.1");

        assertThat(answer(server.target())).isEqualTo("hello");
    }

    @Test
    void aMachineBehindAnotherIsReachedThroughIt() {
        SshTarget through = new SshTarget(
                "inner",
                "127.0.0.1",
                server.port(),
                "tester",
                List.of(server.userKey()),
                Optional.empty(),
                List.of(server.knownHosts()),
                Optional.empty(),
                Optional.of(server.target()));

        try (SshShell inner = new SshShell(through, false)) {
            assertThat(inner.exec("echo", "hello").text()).isEqualTo("hello");
            assertThat(server.sessions()).isEqualTo(2);
        }
    }

    @Test
    void aMachineThatAcceptsAndSaysNothingIsNotWaitedForEndlessly() throws IOException {
        try (TcpProxy proxy = new TcpProxy(server.port());
                SshShell mute = new SshShell(server.target(proxy.port()), false, Duration.ofMillis(400))) {
            proxy.listen(true);

            assertThatExceptionOfType(LinkException.class)
                    .isThrownBy(() -> mute.exec("true"))
                    .withMessageContaining("no answer within 400 ms")
                    .matches(e -> e.kind() == LinkException.Kind.UNREACHABLE);
        }
    }

    /** A half-open link: nothing comes, and TCP alone would not notice for minutes. */
    @Test
    void aPeerThatFallsSilentIsNoticedWithinFiveSeconds() throws IOException {
        try (TcpProxy proxy = new TcpProxy(server.port());
                SshShell line = new SshShell(server.target(proxy.port()), false)) {
            proxy.listen(false);
            assertThat(line.exec("echo", "hello").text()).isEqualTo("hello");

            proxy.fallSilent();
            Deadline noticed = Deadline.in(Duration.ofSeconds(5));
            LinkException thrown = catchThrowableOfType(
                    LinkException.class, () -> line.exec(Command.of("true").timeout(Duration.ofSeconds(40))));

            assertThat(noticed.elapsed()).as("time until it was noticed").isLessThan(Duration.ofSeconds(5));
            assertThat(thrown.kind()).isEqualTo(LinkException.Kind.LOST);
            assertThat(line.isConnected()).isFalse();
        }
    }

    @Test
    void reconnectingWaitsForAMachineThatRefusesThenStaysMuteThenAnswers() throws Exception {
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try (TcpProxy proxy = new TcpProxy(server.port());
                SshShell line = new SshShell(server.target(proxy.port()), false)) {
            Future<String> answer = thread.submit(() -> line.reconnect(
                    Deadline.in(Duration.ofSeconds(30)),
                    () -> KnockPace.UNKNOWN,
                    machine -> Optional.of(machine.exec("echo", "hello").text())));
            proxy.listen(true);
            await().atMost(Duration.ofSeconds(10)).until(() -> proxy.accepted() >= 3);
            assertThat(answer.isDone()).isFalse();

            proxy.listen(false);

            assertThat(answer.get(10, TimeUnit.SECONDS)).isEqualTo("hello");
        } finally {
            thread.shutdownNow();
        }
    }

    @Test
    void reconnectingWaitsForWhatIsWaitedFor() {
        AtomicInteger asked = new AtomicInteger();

        Integer value = shell.reconnect(Deadline.in(Duration.ofSeconds(30)), () -> KnockPace.UNKNOWN, machine -> {
            machine.exec("true").orThrow();
            return Optional.of(asked.incrementAndGet()).filter(n -> n == 2);
        });

        assertThat(value).isEqualTo(2);
    }

    @Test
    void reconnectingGivesUpAtItsDeadlineSayingWhatTheLastAttemptMet() throws IOException {
        try (TcpProxy proxy = new TcpProxy(server.port());
                SshShell line = new SshShell(server.target(proxy.port()), false)) {
            assertThatExceptionOfType(LinkException.class)
                    .isThrownBy(() ->
                            line.reconnect(Deadline.in(Duration.ofMillis(300)), () -> KnockPace.UNKNOWN, Optional::of))
                    .withMessageContaining("gave up after 300 ms")
                    .withMessageContaining("refused");
        }
        assertThatExceptionOfType(LinkException.class)
                .isThrownBy(() -> shell.reconnect(
                        Deadline.in(Duration.ofMillis(700)), () -> KnockPace.UNKNOWN, machine -> Optional.empty()))
                .withMessageContaining("it answered, but was not what was waited for");
    }

    @Test
    void reconnectingDoesNotWaitWhereWaitingCannotHelp() throws IOException {
        Files.writeString(server.knownHosts(), "");
        Deadline deadline = Deadline.in(Duration.ofMinutes(5));

        assertThatExceptionOfType(LinkException.class)
                .isThrownBy(() -> shell.reconnect(deadline, () -> KnockPace.UNKNOWN, Optional::of))
                .matches(e -> e.kind() == LinkException.Kind.HOST_KEY_UNKNOWN);

        assertThat(deadline.elapsed()).isLessThan(Duration.ofSeconds(15));
    }

    private static SshTarget with(
            SshTarget target, List<Path> identities, Optional<Path> agent, Optional<String> hostKeyAlias) {
        return new SshTarget(
                target.alias(),
                target.host(),
                target.port(),
                target.user(),
                identities,
                agent,
                target.knownHosts(),
                hostKeyAlias,
                Optional.empty());
    }

    private static String answer(SshTarget target) {
        try (SshShell shell = new SshShell(target, false)) {
            return shell.exec("echo", "hello").text();
        }
    }

    private static LinkException failure(SshTarget target) {
        try (SshShell shell = new SshShell(target, false)) {
            LinkException thrown = catchThrowableOfType(LinkException.class, () -> shell.exec("true"));
            assertThat(thrown).as("failure to connect").isNotNull();
            return thrown;
        }
    }
}
