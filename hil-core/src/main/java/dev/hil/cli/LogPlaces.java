package dev.hil.cli;

import java.util.ArrayList;
import java.util.List;

/** Finds the file and its own line for a line of a log that was read from several files. */
final class LogPlaces {

    private record Start(String file, long line) {}

    private final List<Start> starts = new ArrayList<>();

    /** From this line of the log on, counted from 1, lines come from the file. */
    void file(String name, long firstLine) {
        starts.add(new Start(name, firstLine));
    }

    String file(long line) {
        return start(line).file();
    }

    /** The line's number in its own file. */
    long line(long line) {
        return line - start(line).line() + 1;
    }

    private Start start(long line) {
        Start found = starts.get(0);
        for (Start start : starts) {
            if (start.line() <= line) {
                found = start;
            }
        }
        return found;
    }
}
