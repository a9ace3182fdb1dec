package dev.hil.link;

import java.io.ByteArrayOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.LongConsumer;
import java.util.function.Predicate;

/** Passes an output on and counts its lines of a certain kind as they come: objects that make builds, frames. */
public final class LineCounter extends FilterOutputStream {
    /** The beginning of a line tells what it is. */
    private static final int LONGEST = 512;

    private final Predicate<String> counts;
    private final LongConsumer counted;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private long count;

    /**
     * Begins with none.
     *
     * @param counts which lines are counted
     * @param counted told of each new count
     */
    public LineCounter(OutputStream out, Predicate<String> counts, LongConsumer counted) {
        super(out);
        this.counts = counts;
        this.counted = counted;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) throws IOException {
        out.write(bytes, offset, length);
        for (int i = offset; i < offset + length; i++) {
            if (bytes[i] != '\n' && bytes[i] != '\r') {
                if (line.size() < LONGEST) {
                    line.write(bytes[i]);
                }
            } else if (line.size() > 0) {
                if (counts.test(line.toString(StandardCharsets.UTF_8))) {
                    counted.accept(++count);
                }
                line.reset();
            }
        }
    }
}
