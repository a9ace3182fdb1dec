package dev.hil.board;

import dev.hil.link.Recording;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.tomlj.Toml;
import org.tomlj.TomlArray;
import org.tomlj.TomlPosition;
import org.tomlj.TomlTable;

/**
 * One table of a TOML file, read key by key. Every key that is asked for counts as valid; {@link #close} then reports
 * those that were never asked for. All mistakes of a file are collected and told at once, with line and column.
 */
final class TomlReader implements AutoCloseable {
    static final String TABLE = "a table, written [%s]";
    private static final String DURATION = "a duration in quotes, such as \"90s\" or \"2m\"";

    private final Path file;
    private final TomlTable table;
    private final String path;
    private final @Nullable TomlPosition position;
    private final List<String> mistakes;
    private final Map<String, Key> asked;
    private final Set<String> valid = new LinkedHashSet<>();

    /**
     * A key that was asked for.
     *
     * @param form what its value must be, as messages have it
     * @param required whether it must be there where its table is
     */
    record Key(String form, boolean required) {}

    TomlReader(Path file, TomlTable table, List<String> mistakes) {
        this(file, table, "", null, mistakes, new LinkedHashMap<>());
    }

    /** As above, noting in {@code asked} each key that is asked for, here and in the tables in it. */
    TomlReader(Path file, TomlTable table, List<String> mistakes, Map<String, Key> asked) {
        this(file, table, "", null, mistakes, asked);
    }

    private TomlReader(
            Path file,
            TomlTable table,
            String path,
            @Nullable TomlPosition position,
            List<String> mistakes,
            Map<String, Key> asked) {
        this.file = file;
        this.table = table;
        this.path = path;
        this.position = position;
        this.mistakes = mistakes;
        this.asked = asked;
    }

    /** A line of text. */
    Optional<String> string(String key) {
        return text(key).filter(value -> {
            boolean line = value.chars().noneMatch(Character::isISOControl);
            if (!line) {
                mistake(key, "holds a control character: \"%s\"".formatted(Recording.excerpt(value)));
            }
            return line;
        });
    }

    /** Text of any number of lines. */
    Optional<String> text(String key) {
        return value(key, String.class, "a string in quotes").filter(value -> {
            boolean fine = value.indexOf('\0') < 0;
            if (!fine) {
                mistake(key, "holds a NUL, which no command can be given");
            }
            return fine;
        });
    }

    Optional<Long> integer(String key) {
        return value(key, Long.class, "a whole number, such as 42 or 0x2a");
    }

    Optional<Boolean> bool(String key) {
        return value(key, Boolean.class, "true or false");
    }

    /** A duration such as {@code "90s"} or {@code "2m"}. */
    Optional<Duration> duration(String key) {
        return value(key, String.class, DURATION).flatMap(text -> {
            Optional<Duration> duration = positive(text);
            if (duration.isEmpty()) {
                mistake(key, "must be %s, not \"%s\"".formatted(DURATION, text));
            }
            return duration;
        });
    }

    private static Optional<Duration> positive(String text) {
        try {
            Duration duration = Duration.parse("PT" + text.replace(" ", "").toUpperCase(Locale.ROOT));
            return duration.isZero() || duration.isNegative() ? Optional.empty() : Optional.of(duration);
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    /** One of a few words. */
    Optional<String> oneOf(String key, String... words) {
        List<String> choices = List.of(words);
        Optional<String> text = string(key);
        ask(key, "one of " + quoted(choices));
        return text.filter(value -> {
            if (choices.contains(value)) {
                return true;
            }
            mistake(key, "must be one of %s, not \"%s\"".formatted(quoted(choices), value));
            return false;
        });
    }

    List<String> strings(String key) {
        Optional<TomlArray> array = value(key, TomlArray.class, "a list of strings, such as [\"a\", \"b\"]");
        List<String> values = new ArrayList<>();
        if (array.isPresent()) {
            for (int i = 0; i < array.get().size(); i++) {
                if (array.get().get(i) instanceof String text) {
                    values.add(text);
                } else {
                    mistake(key, "must be a list of strings; item %d is none".formatted(i + 1));
                }
            }
        }
        return values;
    }

    /** As {@link #strings}; empty where the key is not there, which may mean something else than an empty list. */
    Optional<List<String>> optionalStrings(String key) {
        boolean there = table.contains(List.of(key));
        List<String> values = strings(key);
        return there ? Optional.of(List.copyOf(values)) : Optional.empty();
    }

    /**
     * A sub-table whose keys are the user's own, with strings or whole numbers as values; in its order.
     *
     * @param each what such a key is called, such as {@code SYMBOL}
     */
    Map<String, String> words(String key, String each) {
        String form = "a string in quotes, or a whole number";
        Map<String, String> words = new LinkedHashMap<>();
        Optional<TomlReader> table = table(key);
        ask(key + "." + each, form);
        table.ifPresent(sub -> {
            for (String name : sub.table.keySet()) {
                Object value = sub.table.get(List.of(name));
                if (value instanceof String || value instanceof Long) {
                    words.put(name, value.toString());
                } else {
                    sub.mistake(name, "must be " + form);
                }
            }
        });
        return Collections.unmodifiableMap(words);
    }

    /**
     * A sub-table whose keys are the user's own, with durations as values; in its order.
     *
     * @param each what such a key is called
     */
    Map<String, Duration> durations(String key, String each) {
        Map<String, Duration> durations = new LinkedHashMap<>();
        Optional<TomlReader> table = table(key);
        ask(key + "." + each, DURATION);
        table.ifPresent(sub -> sub.table
                .keySet()
                .forEach(name -> sub.duration(name).ifPresent(duration -> durations.put(name, duration))));
        return Collections.unmodifiableMap(durations);
    }

    /** Where each key of this table and of those in it stands. */
    Map<String, String> positions() {
        Map<String, String> positions = new LinkedHashMap<>();
        for (List<String> key : table.keyPathSet(true)) {
            TomlPosition at = table.inputPositionOf(key);
            if (at != null) {
                positions.put(String.join(".", key), where(at));
            }
        }
        return Collections.unmodifiableMap(positions);
    }

    /**
     * A value that must be there, and not be empty; a stand-in is returned after noting that it is not, since reading
     * goes on.
     */
    String required(String key, Optional<String> value, String example) {
        asked.computeIfPresent(name(key), (name, one) -> new Key(one.form(), true));
        if (value.isEmpty() && !table.contains(List.of(key))) {
            mistakes.add(
                    "%s: %s is missing; write for instance %s = %s".formatted(where(null), name(key), key, example));
        }
        if (value.isPresent() && value.get().isBlank()) {
            mistake(key, "is empty; write for instance %s = %s".formatted(key, example));
        }
        return value.orElse("");
    }

    /** A sub-table; empty where it is not there. */
    Optional<TomlReader> table(String key) {
        return value(key, TomlTable.class, TABLE.formatted(name(key)))
                .map(sub -> new TomlReader(file, sub, name(key), table.inputPositionOf(List.of(key)), mistakes, asked));
    }

    /** A sub-table that must be there; an empty one stands in for it after noting that it is not. */
    TomlReader requiredTable(String key) {
        Optional<TomlReader> sub = table(key);
        if (sub.isEmpty() && !table.contains(List.of(key))) {
            mistakes.add("%s: the table [%s] is missing".formatted(where(null), name(key)));
        }
        return sub.orElseGet(() -> new TomlReader(file, Toml.parse(""), name(key), null, new ArrayList<>(), asked));
    }

    /**
     * All sub-tables of a table whose keys are the user's own names.
     *
     * @param each what such a name is called
     */
    Map<String, TomlReader> tables(String key, String each) {
        Map<String, TomlReader> readers = new LinkedHashMap<>();
        Optional<TomlReader> table = table(key);
        ask(key + "." + each, TABLE.formatted(name(key) + "." + each));
        table.ifPresent(sub -> {
            for (String name : sub.table.keySet()) {
                sub.table(name).ifPresent(reader -> readers.put(name, reader));
            }
        });
        return readers;
    }

    void mistake(String key, String text) {
        mistakes.add("%s: %s %s".formatted(where(table.inputPositionOf(List.of(key))), name(key), text));
    }

    private <T> Optional<T> value(String key, Class<T> type, String form) {
        valid.add(key);
        ask(key, form);
        Object value = table.get(List.of(key));
        if (value == null) {
            return Optional.empty();
        }
        if (type.isInstance(value)) {
            return Optional.of(type.cast(value));
        }
        String shown = value instanceof TomlTable || value instanceof TomlArray ? "a table or list" : value.toString();
        mistake(key, "must be %s, not %s".formatted(form, shown));
        return Optional.empty();
    }

    private void ask(String key, String form) {
        asked.put(name(key), new Key(form, false));
    }

    private String name(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    private String where(@Nullable TomlPosition at) {
        TomlPosition known = at == null ? position : at;
        return known == null ? file.toString() : "%s:%d:%d".formatted(file, known.line(), known.column());
    }

    private static String quoted(List<String> words) {
        return "\"" + String.join("\", \"", words) + "\"";
    }

    /** Notes the keys that nobody asked for. */
    @Override
    public void close() {
        for (String key : table.keySet()) {
            if (!valid.contains(key)) {
                mistake(
                        key,
                        "is not a known key; %s are: %s"
                                .formatted(
                                        path.isEmpty() ? "the keys of a board" : "the keys of [" + path + "]",
                                        String.join(", ", valid)));
            }
        }
    }
}
