package dev.hil.record;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hil.link.InfrastructureException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two processes reach for one board at the same moment, a hundred times. */
class LeaseRaceTest {
    private static final int TIMES = 100;

    @TempDir
    private Path folder;

    /** Takes the lease at the word {@code take WAIT}, holds it until {@code give}, and says how that went. */
    static final class Contender {
        public static void main(String[] args) throws IOException {
            BufferedReader words = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            Lease held = null;
            for (String word = words.readLine(); word != null; word = words.readLine()) {
                if (word.startsWith("take ")) {
                    held = take(Path.of(args[0]), Duration.parse(word.substring(5)));
                } else if (held != null) {
                    held.close();
                    held = null;
                    System.out.println("given");
                }
            }
        }

        private static @Nullable Lease take(Path file, Duration wait) {
            try {
                Lease lease = Lease.take(file, "board x", "step 0001", wait);
                System.out.println("got");
                return lease;
            } catch (InfrastructureException e) {
                System.out.println(String.valueOf(e.getMessage()).replace('\n', ' '));
                return null;
            }
        }
    }

    private record Player(Process process, BufferedReader answers) implements AutoCloseable {
        static Player start(Path file) throws IOException {
            Process process = new ProcessBuilder(
                            ProcessHandle.current().info().command().orElse("java"),
                            "-XX:TieredStopAtLevel=1",
                            "-Xshare:auto",
                            "-cp",
                            System.getProperty("java.class.path"),
                            Contender.class.getName(),
                            file.toString())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            return new Player(process, process.inputReader());
        }

        void say(String word) throws IOException {
            process.outputWriter().write(word + "\n");
            process.outputWriter().flush();
        }

        String hear() throws IOException {
            return Objects.requireNonNull(answers.readLine(), "the process ended");
        }

        @Override
        public void close() {
            process.destroyForcibly();
        }
    }

    @Test
    void oneGetsItAndTheOtherLeavesWithTheHoldersName() throws IOException {
        Path file = folder.resolve("board/lease");
        try (Player one = Player.start(file);
                Player other = Player.start(file)) {
            for (int i = 0; i < TIMES; i++) {
                one.say("take PT0S");
                other.say("take PT0S");
                List<String> answers = List.of(one.hear(), other.hear());

                assertThat(answers).as("round %d", i).containsOnlyOnce("got");
                Player winner = answers.get(0).equals("got") ? one : other;
                assertThat(answers)
                        .as("round %d", i)
                        .anySatisfy(answer -> assertThat(answer)
                                .startsWith("board x is in use by " + System.getProperty("user.name") + "@")
                                .contains(", pid " + winner.process().pid() + ", since ", ": step 0001; waited"));
                winner.say("give");
                assertThat(winner.hear()).isEqualTo("given");
            }
        }
    }

    @Test
    void oneGetsItAndTheOtherWaits() throws IOException {
        Path file = folder.resolve("board/lease");
        try (Player one = Player.start(file);
                Player other = Player.start(file)) {
            for (int i = 0; i < TIMES / 5; i++) {
                Stream.of(one, other).forEach(player -> {
                    try {
                        player.say("take PT60S");
                    } catch (IOException e) {
                        throw new java.io.UncheckedIOException(e);
                    }
                });
                Player first = firstOf(one, other);
                assertThat(first.hear()).isEqualTo("got");
                Player second = first.equals(one) ? other : one;
                assertThat(second.answers().ready()).as("round %d", i).isFalse();

                first.say("give");
                assertThat(first.hear()).isEqualTo("given");
                assertThat(second.hear()).isEqualTo("got");
                second.say("give");
                assertThat(second.hear()).isEqualTo("given");
            }
        }
    }

    private static Player firstOf(Player one, Player other) throws IOException {
        long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (System.nanoTime() < end) {
            for (Player player : List.of(one, other)) {
                if (player.answers().ready()) {
                    return player;
                }
            }
            Thread.onSpinWait();
        }
        throw new AssertionError("neither got the lease within 30 s");
    }
}
