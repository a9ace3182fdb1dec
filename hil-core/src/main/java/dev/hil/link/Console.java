package dev.hil.link;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
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

    /** Whether bytes may come now: not while an adapter is pulled out, and not after the end. */
    boolean isOpen();

    /**
     * Where bytes may be missing from the recording, in order: the line was lost, or somebody else read it too. The
     * recording itself says so there, on a line of its own that begins with {@code [hil: }.
     */
    List<Gap> gaps();

    /**
     * Types, once it is known who listens: waits until what was recorded after a mark ends with a prompt, and nothing
     * follows it. A key that reaches a boot loader unasked stops the boot.
     *
     * @param prompt what the last recorded bytes must be, such as {@code => $}
     * @param text what to type, with its line end
     * @throws InfrastructureException at the deadline, with the last lines; nothing has been typed then
     */
    void answer(Pattern prompt, String text, long position, Duration limit);

    /**
     * Waits until the text after a mark holds a match.
     *
     * @return the matched text
     * @throws InfrastructureException at the deadline, or when the line is closed, with the last lines
     */
    String await(Pattern pattern, long position, Duration limit);

    @Override
    void close();

    /**
     * A place in a recording where bytes may be missing.
     *
     * @param position where, in bytes
     * @param why in words, such as that the adapter was pulled out
     */
    record Gap(long position, String why) {}
}
