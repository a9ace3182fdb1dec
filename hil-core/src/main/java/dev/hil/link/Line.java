package dev.hil.link;

import java.io.IOException;

/** An open line to a board's console: bytes, and nothing known of what they mean. */
interface Line extends AutoCloseable {
    /** How long a read waits for a first byte; so long, too, until a console that is closed lets go of its line. */
    int READ_MILLIS = 100;

    /**
     * Waits for bytes, at most {@link #READ_MILLIS}.
     *
     * @return how many there were, 0 if none came
     * @throws IOException with the reason, in words for people, once the line has ended
     */
    int read(byte[] buffer) throws IOException;

    /** Sends all of it. */
    void write(byte[] bytes) throws IOException;

    /** Who else reads the same line, and so steals from it; empty if nobody does or that cannot be known. */
    default String otherReaders() {
        return "";
    }

    @Override
    void close();
}
