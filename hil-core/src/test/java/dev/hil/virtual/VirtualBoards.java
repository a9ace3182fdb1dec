package dev.hil.virtual;

import dev.hil.board.BoardDefinition;
import dev.hil.board.BoardDefinitions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Definitions of the emulated board with something changed. */
public final class VirtualBoards {
    private VirtualBoards() {}

    /** The project's own definition, with lines added to one of its tables or at its end. */
    static BoardDefinition with(Path folder, String table, String lines) throws IOException {
        String text = text();
        String header = "[" + table + "]\n";
        String changed = text.contains(header)
                ? text.replace(header, header + lines + "\n")
                : text + "\n" + header + lines + "\n";
        Files.writeString(folder.resolve("virtual.toml"), changed);
        return new BoardDefinitions(folder).get("virtual");
    }

    /** The text of the project's own definition, good for a file in any folder. */
    public static String text() throws IOException {
        BoardDefinitions project = BoardDefinitions.find();
        String text = Files.readString(project.folder().resolve("virtual.toml"));
        String series = project.folder().resolve("../series").normalize().toString();
        String recipe =
                project.folder().resolve("../virtual-board/prepare").normalize().toString();
        return text.replace("\"../series", "\"" + series) + "\n[virtual]\nrecipe = \"" + recipe + "\"\n";
    }
}
