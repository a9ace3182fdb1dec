package dev.hil.virtual;

import dev.hil.board.KernelIdentity;
import dev.hil.link.InfrastructureException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the recipe made, as its {@code board.properties} lists it. */
final class PreparedBoard {
    private static final String FORMAT = "1";

    private final Path file;
    private final Map<String, String> values = new HashMap<>();

    private PreparedBoard(Path file) throws IOException {
        this.file = file;
        for (String line : Files.readAllLines(file)) {
            int equals = line.indexOf('=');
            if (equals > 0 && !line.startsWith("#")) {
                values.put(line.substring(0, equals), line.substring(equals + 1));
            }
        }
    }

    static PreparedBoard read(Path folder) {
        Path file = folder.resolve("board.properties");
        try {
            PreparedBoard board = new PreparedBoard(file);
            if (!board.get("format").equals(FORMAT)) {
                throw new InfrastructureException(
                        "%s has format %s; this hil reads format %s. Run the recipe that belongs to it."
                                .formatted(file, board.get("format"), FORMAT));
            }
            return board;
        } catch (IOException e) {
            throw new InfrastructureException("cannot read what the recipe made, %s: %s".formatted(file, e), e);
        }
    }

    private String get(String key) {
        String value = values.get(key);
        if (value == null) {
            throw new InfrastructureException(
                    "%s has no %s: remove its folder and prepare the board again".formatted(file, key));
        }
        return value;
    }

    Path path(String key) {
        return Path.of(get(key));
    }

    String text(String key) {
        return get(key);
    }

    /** A value that is a list, separated by tabs. */
    List<String> list(String key) {
        String value = get(key);
        return value.isEmpty() ? List.of() : List.of(value.split("\t", -1));
    }

    /** A value that is a list of assignments. */
    Map<String, String> assignments(String key) {
        Map<String, String> map = new LinkedHashMap<>();
        for (String assignment : list(key)) {
            int equals = assignment.indexOf('=');
            if (equals > 0) {
                map.put(assignment.substring(0, equals), assignment.substring(equals + 1));
            }
        }
        return map;
    }

    Map<String, KernelIdentity> kernels() {
        Map<String, KernelIdentity> kernels = new LinkedHashMap<>();
        for (String label : List.of("lockdep", "safe")) {
            kernels.put(
                    label, new KernelIdentity(get("kernel." + label + ".release"), get("kernel." + label + ".nonce")));
        }
        return kernels;
    }
}
