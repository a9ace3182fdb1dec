package dev.hil.virtual;

import dev.hil.link.Command;
import dev.hil.link.Deadline;
import dev.hil.link.Durations;
import dev.hil.link.InfrastructureException;
import dev.hil.link.LocalShell;
import dev.hil.link.Shell;
import dev.hil.record.Evidence;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;

/** Runs the recipe, which makes the board or finds it made, and passes its progress on. */
final class Recipe {
    /** A cold build of two kernels on two busy cores, with room to spare. */
    private static final Duration LIMIT = Duration.ofMinutes(45);

    private Recipe() {}

    static PreparedBoard prepare(Path recipe, Evidence evidence) {
        if (!Files.isExecutable(recipe)) {
            throw new InfrastructureException(
                    "the recipe of the emulated board is not there: %s. Name it by [virtual] recipe in the definition."
                            .formatted(recipe));
        }
        Path answer = evidence.file("prepared-board");
        Lines lines = new Lines(evidence);
        Deadline deadline = Deadline.in(LIMIT);
        // What it says goes to the pipe as it comes; its answer, the folder, goes to a file.
        Command command =
                Command.script("\"$1\" 2>&1 >\"$2\" || echo \"exit code $?\"", recipe.toString(), answer.toString());
        try (Shell.Stream stream = new LocalShell().stream(command, lines::accept)) {
            if (!stream.awaitEnd(deadline.remaining())) {
                throw new InfrastructureException("%s was not done within %s; it said last:%n%s"
                        .formatted(recipe, Durations.text(LIMIT), lines.tail()));
            }
        }
        String folder = read(answer);
        if (folder.isEmpty()) {
            throw new InfrastructureException(
                    "the emulated board could not be prepared by %s:%n%s".formatted(recipe, lines.tail()));
        }
        evidence.event("prepare", "ready after %s: %s".formatted(Durations.text(deadline.elapsed()), folder));
        return PreparedBoard.read(Path.of(folder));
    }

    private static String read(Path answer) {
        try {
            return Files.readString(answer).strip();
        } catch (IOException e) {
            return "";
        }
    }

    private static final class Lines {
        private static final int KEPT = 30;
        private final Evidence evidence;
        private final ByteArrayOutputStream rest = new ByteArrayOutputStream();
        private final ArrayDeque<String> last = new ArrayDeque<>();

        Lines(Evidence evidence) {
            this.evidence = evidence;
        }

        synchronized void accept(byte[] bytes) {
            for (byte b : bytes) {
                if (b != '\n') {
                    rest.write(b);
                    continue;
                }
                String line = rest.toString(StandardCharsets.UTF_8);
                rest.reset();
                evidence.event("prepare", line);
                last.addLast(line);
                if (last.size() > KEPT) {
                    last.removeFirst();
                }
            }
        }

        synchronized String tail() {
            return String.join(System.lineSeparator(), List.copyOf(last));
        }
    }
}
