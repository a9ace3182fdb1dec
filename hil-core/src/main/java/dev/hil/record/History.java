package dev.hil.record;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * How long things took on a board in earlier runs, and how much of what they had to do: {@code HOME/BOARD/durations.json}.
 * Estimates are medians, so that one run on a busy machine does not spoil them. It is no evidence: where the file cannot
 * be read or written, there are no estimates.
 */
final class History {
    private static final int KEPT = 7;
    private static final int MOST_KEYS = 1000;
    private static final JsonMapper MAPPER = new JsonMapper();

    private final Path file;
    private final Map<String, List<Took>> took;

    /**
     * How something went once.
     *
     * @param millis how long it took
     * @param units of what it did, such as objects built; 0 where they are not counted
     */
    record Took(long millis, long units) {}

    private History(Path file, Map<String, List<Took>> took) {
        this.file = file;
        this.took = took;
    }

    static History of(Path file) {
        try {
            return new History(
                    file, MAPPER.readValue(file.toFile(), new TypeReference<TreeMap<String, List<Took>>>() {}));
        } catch (IOException e) {
            return new History(file, new TreeMap<>());
        }
    }

    synchronized OptionalLong millis(String key) {
        return median(took.getOrDefault(key, List.of()).stream().map(Took::millis));
    }

    synchronized OptionalLong units(String key) {
        return median(took.getOrDefault(key, List.of()).stream().map(Took::units));
    }

    private static OptionalLong median(java.util.stream.Stream<Long> values) {
        List<Long> sorted = values.filter(value -> value > 0).sorted().toList();
        return sorted.isEmpty() ? OptionalLong.empty() : OptionalLong.of(sorted.get(sorted.size() / 2));
    }

    synchronized void add(String key, Took one) {
        if (took.size() >= MOST_KEYS && !took.containsKey(key)) {
            return;
        }
        List<Took> all = new ArrayList<>(took.getOrDefault(key, List.of()));
        all.add(one);
        took.put(key, List.copyOf(all.subList(Math.max(0, all.size() - KEPT), all.size())));
    }

    /** Keeps it for later runs. */
    synchronized void write() {
        try {
            Path part = Files.createTempFile(file.toAbsolutePath().getParent(), "durations", ".part");
            Files.writeString(part, Json.pretty(took) + "\n");
            Sharing.open(part);
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            // Only estimates are lost.
        }
    }
}
