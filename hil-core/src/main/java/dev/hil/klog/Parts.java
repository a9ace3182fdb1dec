package dev.hil.klog;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Puts the parts of a stored record (pstore) into the order in which the kernel spoke. What does not fit into one record
 * of the backend is stored in several, the newest text first (kmsg_dump_get_buffer): Part1 is the end of the log. A file
 * that has Part1 before Part2 is held back, part by part, until the record is over.
 */
final class Parts {

    private static final Pattern HEADER = Pattern.compile("^(\\w+#\\d{1,9}) Part(\\d{1,6})\\r?$");
    private static final int MAX_HEADER = 64;
    /** A record of more is taken as it comes; backends hold some tens of kilobytes. */
    private static final int MAX_BYTES = 4 << 20;

    private static final int MAX_LINES = 50_000;

    private final List<List<Replay.Line>> parts = new ArrayList<>();
    private String record = "";
    private int lines;
    private int bytes;

    private record Header(String record, int part) {}

    /** Whether a record is being held back. */
    boolean active() {
        return !parts.isEmpty();
    }

    /**
     * Takes a line of a record whose parts may come in the wrong order.
     *
     * @return false if the line is none of such a record; what was held back is then due before it
     */
    boolean take(byte[] line, int from, int to, long number, long offset) {
        Header header = header(line, from, to);
        if (header != null) {
            boolean next = active() && header.record().equals(record) && header.part() == parts.size() + 1;
            if (!next && (active() || header.part() != 1)) {
                return false;
            }
            record = header.record();
            parts.add(new ArrayList<>());
        } else if (!active() || lines >= MAX_LINES || bytes >= MAX_BYTES) {
            return false;
        }
        parts.get(parts.size() - 1).add(new Replay.Line(Arrays.copyOfRange(line, from, to), number, offset));
        lines++;
        bytes += to - from;
        return true;
    }

    /** What was held back, oldest first. */
    List<Replay.Line> release() {
        List<Replay.Line> ordered = new ArrayList<>(lines);
        for (int part = parts.size() - 1; part >= 0; part--) {
            ordered.addAll(parts.get(part));
        }
        parts.clear();
        lines = 0;
        bytes = 0;
        return ordered;
    }

    private static @Nullable Header header(byte[] line, int from, int to) {
        if (to - from > MAX_HEADER || to == from || line[from] < 'A' || line[from] > 'Z') {
            return null;
        }
        String text = new String(line, from, to - from, java.nio.charset.StandardCharsets.ISO_8859_1);
        Matcher matcher = HEADER.matcher(text);
        return matcher.find() ? new Header(matcher.group(1), Integer.parseInt(matcher.group(2))) : null;
    }
}
