package dev.hil.board;

import dev.hil.klog.KnownIssues;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneId;

/** The known-issues file that a definition names. */
final class KnownIssuesFile {
    private KnownIssuesFile() {}

    /** @throws DefinitionException where it cannot be read or understood */
    static KnownIssues read(BoardDefinition definition) {
        if (definition.knownIssues().isEmpty()) {
            return KnownIssues.none();
        }
        Path file = definition.knownIssues().get();
        try {
            return KnownIssues.parse(
                    Files.readAllLines(file, StandardCharsets.UTF_8), LocalDate.now(ZoneId.systemDefault()));
        } catch (IOException | IllegalArgumentException e) {
            throw new DefinitionException("%s: known_issues = \"%s\" cannot be used: %s"
                    .formatted(definition.file(), file, e instanceof IOException ? e.toString() : e.getMessage()));
        }
    }
}
