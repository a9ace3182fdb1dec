package dev.hil.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.hil.link.Recording;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * An evidence folder, as it is read for a report. Also a folder that a killed run left: what is missing is empty, what is
 * torn is left out and said. Nothing outside the folder is opened, whatever the files in it name.
 */
final class Folder {
    private static final JsonMapper MAPPER = new JsonMapper();
    private static final int MOST_LINES = 50_000;
    private static final int LONGEST_LINE = 4 << 20;
    private static final long LONGEST_JSON = 32L << 20;

    private final Path path;
    private final List<String> remarks = new ArrayList<>();

    Folder(Path path) {
        this.path = path;
    }

    Path path() {
        return path;
    }

    /** What could not be read. */
    List<String> remarks() {
        return remarks;
    }

    boolean has(String name) {
        return !name.isEmpty() && Files.isRegularFile(path.resolve(name));
    }

    /** A file with one JSON object; missing where there is none. */
    JsonNode json(String name) {
        Path file = path.resolve(name);
        try {
            if (!Files.isRegularFile(file)) {
                return MissingNode.getInstance();
            }
            if (Files.size(file) > LONGEST_JSON) {
                remarks.add("%s is too long to be shown here".formatted(name));
                return MissingNode.getInstance();
            }
            return MAPPER.readTree(file.toFile());
        } catch (IOException e) {
            remarks.add("%s cannot be read: %s".formatted(name, first(e)));
            return MissingNode.getInstance();
        }
    }

    /** A file with a JSON object a line. The last line of a run that was killed may be torn. */
    List<JsonNode> lines(String name) {
        List<JsonNode> lines = new ArrayList<>();
        if (!has(name)) {
            return lines;
        }
        int torn = 0;
        try (BufferedReader in = new BufferedReader(
                new InputStreamReader(Files.newInputStream(path.resolve(name)), StandardCharsets.UTF_8))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                if (lines.size() >= MOST_LINES) {
                    remarks.add("%s: only the first %d lines are shown here".formatted(name, MOST_LINES));
                    break;
                }
                try {
                    JsonNode node = line.length() > LONGEST_LINE ? null : MAPPER.readTree(line);
                    if (node != null && node.isObject()) {
                        lines.add(node);
                    } else {
                        torn++;
                    }
                } catch (JsonProcessingException e) {
                    torn++;
                }
            }
        } catch (IOException e) {
            remarks.add("%s cannot be read to its end: %s".formatted(name, first(e)));
        }
        if (torn > 0) {
            remarks.add("%s: %d lines are torn or too long".formatted(name, torn));
        }
        return lines;
    }

    /** A short text file, line by line; none where there is no such file. */
    List<String> text(String name) {
        try {
            if (!has(name) || Files.size(path.resolve(name)) > LONGEST_JSON) {
                return List.of();
            }
            return new String(Files.readAllBytes(path.resolve(name)), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        } catch (IOException e) {
            remarks.add("%s cannot be read: %s".formatted(name, first(e)));
            return List.of();
        }
    }

    /** On which line of a file a byte lies, from 1; -1 if there is no such byte. */
    long lineAt(String name, long offset) {
        if (!has(name) || offset < 0) {
            return -1;
        }
        long line = 1;
        long left = offset;
        byte[] buffer = new byte[1 << 16];
        try (RandomAccessFile in = new RandomAccessFile(path.resolve(name).toFile(), "r")) {
            if (offset > in.length()) {
                return -1;
            }
            while (left > 0) {
                int n = in.read(buffer, 0, (int) Math.min(buffer.length, left));
                if (n < 0) {
                    return -1;
                }
                for (int i = 0; i < n; i++) {
                    line += buffer[i] == '\n' ? 1 : 0;
                }
                left -= n;
            }
            return line;
        } catch (IOException e) {
            return -1;
        }
    }

    /** The last bytes of a recording, and where they begin. */
    static final class Tail {
        private final long offset;
        private final byte[] bytes;

        Tail(long offset, byte[] bytes) {
            this.offset = offset;
            this.bytes = bytes;
        }

        long offset() {
            return offset;
        }

        byte[] bytes() {
            return bytes;
        }
    }

    Tail tail(String name, int most) {
        if (!has(name)) {
            return new Tail(0, new byte[0]);
        }
        try (RandomAccessFile in = new RandomAccessFile(path.resolve(name).toFile(), "r")) {
            byte[] bytes = new byte[(int) Math.min(most, in.length())];
            long offset = in.length() - bytes.length;
            in.seek(offset);
            in.readFully(bytes);
            return new Tail(offset, bytes);
        } catch (IOException e) {
            remarks.add("%s cannot be read: %s".formatted(name, first(e)));
            return new Tail(0, new byte[0]);
        }
    }

    private static String first(IOException e) {
        return Recording.excerpt(String.valueOf(e.getMessage()));
    }

    static String text(JsonNode node, String key) {
        return node.path(key).asText("");
    }

    static long number(JsonNode node, String key) {
        return node.path(key).asLong(-1);
    }

    static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(item -> texts.add(item.asText("")));
        return texts;
    }
}
