package dev.hil.link;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Pattern;

/** Waits for three things, each for longer than a debugger's pause leaves it; see {@link DebuggerTest}. */
final class DebuggedProgram {
    private static final Duration LIMIT = Duration.ofSeconds(4);

    private DebuggedProgram() {}

    public static void main(String[] args) throws IOException {
        Path file = Files.createTempFile("hil-debugged", ".log");
        try (Recording recording = new Recording(file, DiskRoom.UNLIMITED)) {
            Thread board = new Thread(
                    () -> {
                        new LocalShell()
                                .exec(Command.of("sleep", "3").timeout(LIMIT))
                                .orThrow();
                        byte[] said = "login: ".getBytes(StandardCharsets.US_ASCII);
                        try {
                            recording.append(said, said.length);
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    },
                    "board");
            board.start();
            System.out.println("waiting");
            System.out.println("seen: " + recording.await("console", Pattern.compile("login:"), 0, LIMIT));
        } catch (InfrastructureException e) {
            System.out.println("failed: " + e.getMessage());
        } finally {
            Files.deleteIfExists(file);
        }
    }
}
