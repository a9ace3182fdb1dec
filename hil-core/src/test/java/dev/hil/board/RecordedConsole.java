package dev.hil.board;

import dev.hil.link.Console;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/** A recording that grows as a test says. */
final class RecordedConsole implements Console {
    private final Path file;
    private final List<Gap> gaps;

    RecordedConsole(Path file, List<Gap> gaps) {
        this.file = file;
        this.gaps = gaps;
    }

    @Override
    public String name() {
        return "line";
    }

    @Override
    public Path recording() {
        return file;
    }

    @Override
    public long position() {
        return file.toFile().length();
    }

    @Override
    public String since(long position) {
        throw new UnsupportedOperationException();
    }

    @Override
    public String tail(int lines) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean isOpen() {
        return true;
    }

    @Override
    public List<Gap> gaps() {
        return gaps;
    }

    @Override
    public String await(Pattern pattern, long position, Duration limit) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void answer(Pattern prompt, String text, long position, Duration limit) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {
        // Nothing is open.
    }
}
