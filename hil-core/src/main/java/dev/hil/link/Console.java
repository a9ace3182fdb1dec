package dev.hil.link;

import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Pattern;

/**
 * A board's serial console. From the moment it is opened to the moment it is closed, every byte is recorded to a file,
 * whatever a test reads and whenever. Nothing is ever typed here without knowing who listens: a key stops a boot
 * loader.
 */
public interface Console extends AutoCloseable {
    /** Where it is, for messages, such as {@code /dev/ttyUSB0 at 1500000 baud}. */
    String name();

    /** The recording, raw. */
    Path recording();

    /** How many bytes have been recorded; a mark for {@link #since} and {@link #await}. */
    long position();

    /** What was recorded after a mark, at most the last megabyte of it. */
    String since(long position);

    /** The last lines, cleaned of carriage returns and other control characters. */
    String tail(int lines);

    /** Whether bytes may still come: an adapter that was pulled out is closed. */
    boolean isOpen();

    /**
     * Waits until the text after a mark holds a match.
     *
     * @return the matched text
     * @throws InfrastructureException at the deadline, or when the line is closed, with the last lines
     */
    String await(Pattern pattern, long position, Duration limit);

    @Override
    void close();
}
