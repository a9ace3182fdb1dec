package dev.hil.junit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The boards that scenarios run on: one at a time, shared by those that follow each other and want the same of it. */
final class ScenarioBoards implements AutoCloseable {
    /** What a user would have seen, a file a scenario: for people. */
    private static final Path MESSAGES = Path.of("target", "sabotage");

    private final Path folder;
    private final Path home;
    private String definition = "";
    private PlanRun.@Nullable Session open;

    /**
     * @param folder where definitions are written to
     * @param home where the evidence is kept
     */
    ScenarioBoards(Path folder, Path home) {
        this.folder = folder;
        this.home = home;
    }

    /** Runs a class on a board with this definition. */
    PlanRun.Outcome run(String wanted, Class<?> scenario) throws IOException {
        if (!wanted.equals(definition)) {
            close();
        }
        PlanRun.Session session = open;
        if (session == null) {
            session = PlanRun.onTheEmulatedBoard(folder, wanted, home).open();
            open = session;
            definition = wanted;
        }
        PlanRun.Outcome outcome = session.execute(scenario);
        StringBuilder seen = new StringBuilder();
        outcome.failed().forEach((test, thrown) -> seen.append("=== %s%n%s%n%n".formatted(test, thrown.getMessage())));
        Files.writeString(Files.createDirectories(MESSAGES).resolve(scenario.getSimpleName() + ".txt"), seen);
        return outcome;
    }

    /** Nobody else gets the board that is open. */
    @Override
    public void close() {
        PlanRun.Session session = open;
        open = null;
        if (session != null) {
            session.close();
        }
    }
}
