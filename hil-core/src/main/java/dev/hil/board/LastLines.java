package dev.hil.board;

import dev.hil.link.Recording;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/**
 * What a boot that ended had said last.
 *
 * @param where the channel, in a few words; empty where nothing is known
 * @param lines oldest first, without the lines that hil itself had written to the log
 */
public record LastLines(String where, List<String> lines) {
    /** Nothing is known. */
    public static final LastLines NONE = new LastLines("", List.of());

    private static final int MOST = 20;
    private static final int MOST_BYTES = 32 * 1024;

    public LastLines {
        lines = List.copyOf(lines);
    }

    /** The end of a text. */
    static LastLines of(String where, String text) {
        List<String> said = text.lines()
                .map(line -> Recording.clean(line).stripTrailing())
                .filter(line -> !line.isEmpty() && !Canary.isIn(line))
                .toList();
        return said.isEmpty() ? NONE : new LastLines(where, said.subList(Math.max(0, said.size() - MOST), said.size()));
    }

    /**
     * The end of a part of a recording.
     *
     * @param from where the part begins
     * @param to where it ends
     */
    static LastLines of(String where, Path recording, long from, long to) throws IOException {
        try (RandomAccessFile in = new RandomAccessFile(recording.toFile(), "r")) {
            long begin = Math.max(from, to - MOST_BYTES);
            byte[] bytes = new byte[(int) Math.max(0, Math.min(to, in.length()) - begin)];
            in.seek(begin);
            in.readFully(bytes);
            return of(where, new String(bytes, StandardCharsets.UTF_8));
        }
    }

    /** These, or others where nothing is known. */
    LastLines or(LastLines others) {
        return lines.isEmpty() ? others : this;
    }
}
