package dev.hil.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Files that hold one log together: one file as a rule, but pstore's EFI and ERST backends store each part of a record in
 * a file of its own ({@code dmesg-efi_pstore-170000000002001}).
 *
 * @param names as the command line has them, the oldest part first
 */
record LogFiles(List<String> names) {

    private static final Pattern HEADER = Pattern.compile("^(\\w+#\\d{1,9}) Part(\\d{1,6})\\r?\\n");
    /** Part and count make up the last five digits of an EFI variable's name, the rest is the time of the event. */
    private static final Pattern EVENT = Pattern.compile("^(.*?\\d{9,})\\d{5}$");

    private static final int HEADER_BYTES = 64;

    LogFiles {
        names = List.copyOf(names);
    }

    /** Puts the parts of each record together, at the place of the first that is named; all else stays as it is. */
    static List<LogFiles> of(List<String> names) {
        Map<String, Map<Integer, String>> records = new LinkedHashMap<>();
        for (String name : names) {
            Matcher header = header(name);
            Map<Integer, String> parts = records.computeIfAbsent(
                    header == null ? "file " + records.size() : record(name, header.group(1)),
                    key -> new TreeMap<>(Comparator.reverseOrder()));
            int part = header == null ? 1 : Integer.parseInt(header.group(2));
            if (parts.putIfAbsent(part, name) != null) {
                // Another event of the same name, or the same file twice.
                records.put("file " + records.size(), new TreeMap<>(Map.of(part, name)));
            }
        }
        List<LogFiles> logs = new ArrayList<>();
        records.values().forEach(parts -> logs.add(new LogFiles(new ArrayList<>(parts.values()))));
        return logs;
    }

    private static String record(String name, String event) {
        Path path = Path.of(name);
        Matcher time = EVENT.matcher(String.valueOf(path.getFileName()));
        return "record " + path.resolveSibling(time.find() ? time.group(1) : "") + " " + event;
    }

    private static @Nullable Matcher header(String name) {
        if (name.equals("-")) {
            return null;
        }
        try {
            Path path = Path.of(name);
            if (!Files.isRegularFile(path)) {
                return null;
            }
            try (InputStream in = Files.newInputStream(path)) {
                Matcher header = HEADER.matcher(new String(in.readNBytes(HEADER_BYTES), StandardCharsets.ISO_8859_1));
                return header.find() ? header : null;
            }
        } catch (IOException | InvalidPathException e) {
            // Whoever reads the file says so.
            return null;
        }
    }
}
