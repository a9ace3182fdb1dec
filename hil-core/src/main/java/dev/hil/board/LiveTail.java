package dev.hil.board;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How the live log of a boot ended: by its stamps, which in microseconds are a boot's own, another channel's record of
 * the same boot is known.
 *
 * @param stamps of the last lines, as console and dmesg show them
 */
record LiveTail(List<String> stamps) {
    private static final int TAIL_LINES = 40;
    private static final int TAIL_BYTES = 64 * 1024;
    private static final int LEAST_MATCHES = 3;
    private static final Pattern RECORD = Pattern.compile("(?m)^\\d+,\\d+,(\\d{1,16}),[^;\\n]*;(.*)$");

    /** Of a recording in the form of /dev/kmsg. */
    static LiveTail of(Optional<Path> live) {
        List<String> stamps = new ArrayList<>();
        Matcher matcher = RECORD.matcher(live.map(log -> end(log, TAIL_BYTES)).orElse(""));
        while (matcher.find()) {
            long micros = Long.parseLong(matcher.group(1));
            if (micros > 0 && !Canary.isIn(matcher.group(2))) {
                stamps.add("[%5d.%06d]".formatted(micros / 1_000_000, micros % 1_000_000));
            }
        }
        return new LiveTail(List.copyOf(stamps.subList(Math.max(0, stamps.size() - TAIL_LINES), stamps.size())));
    }

    /** Whether what was captured holds lines of this log. */
    boolean isIn(String text) {
        return !stamps.isEmpty()
                && stamps.stream().filter(text::contains).count() >= Math.min(LEAST_MATCHES, stamps.size());
    }

    private static String end(Path log, int most) {
        try (RandomAccessFile in = new RandomAccessFile(log.toFile(), "r")) {
            long from = Math.max(0, in.length() - most);
            byte[] bytes = new byte[(int) (in.length() - from)];
            in.seek(from);
            in.readFully(bytes);
            return new String(bytes, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read back " + log, e);
        }
    }
}
