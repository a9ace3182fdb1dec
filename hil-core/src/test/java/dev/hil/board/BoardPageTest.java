package dev.hil.board;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.tomlj.Toml;

/** docs/board.md lists the keys of a board's definition as the parser has them: what it asks for is what is known. */
class BoardPageTest {
    private static final Path PAGE =
            BoardDefinitions.find().folder().resolve("../../docs/board.md").normalize();
    private static final Path FILE = Path.of("boards/ampere.toml");
    private static final Pattern ROW =
            Pattern.compile("\\| `([a-zA-Z_.]+)` \\| ([^|`]+) \\| ([^|]+) \\| `([^|`]+)` \\| ([^|]+) \\|");
    private static final Pattern BLOCK = Pattern.compile("(?s)```toml\\n(.*?)```");
    private static final String REQUIRED = "required";

    /** A line of a table on the page. */
    private record Row(String key, String type, String defaultValue, String example) {}

    @Test
    void thePageHasTheKeysOfTheParserAndNoOthers() throws IOException {
        assertThat(rows().keySet()).containsExactlyInAnyOrderElementsOf(parsed().keySet());
    }

    @Test
    void typesAreThoseOfTheParser() throws IOException {
        Map<String, TomlReader.Key> parsed = parsed();
        rows().values().forEach(row -> assertThat(row.type()).as(row.key()).isEqualTo(type(known(parsed, row.key()))));
    }

    @Test
    void whatMustBeGivenIsWhatTheParserAsksFor() throws IOException {
        Map<String, TomlReader.Key> parsed = parsed();
        rows().values()
                .forEach(row -> assertThat(row.defaultValue().equals(REQUIRED))
                        .as("%s: %s", row.key(), row.defaultValue())
                        .isEqualTo(known(parsed, row.key()).required()));
    }

    @Test
    void everyExampleIsParsed() throws IOException {
        for (Row row : rows().values()) {
            assertThat(definition(row, row.example()).positions())
                    .as("%s = %s", row.key(), row.example())
                    .containsKey(concrete(row.key()).replace("\"", ""));
        }
    }

    @Test
    void aDefaultIsWhatComesOutWithoutTheKey() throws IOException {
        int seen = 0;
        for (Row row : rows().values()) {
            // What stands there as a value, not as words.
            if (row.defaultValue().matches("`(\"|\\[|\\d|true|false).*`")) {
                String value =
                        row.defaultValue().substring(1, row.defaultValue().length() - 1);
                seen++;
                assertThat(definition(row, value))
                        .as("%s = %s", row.key(), value)
                        .usingRecursiveComparison()
                        .ignoringFields("positions")
                        .isEqualTo(definition(row, ""));
                assertThat(definition(row, row.example()))
                        .as("the example of %s", row.key())
                        .satisfiesAnyOf(
                                example -> assertThat(row.example()).isEqualTo(value),
                                example -> assertThat(example)
                                        .usingRecursiveComparison()
                                        .ignoringFields("positions")
                                        .withEqualsForType(Object::equals, BuildPlace.class)
                                        .isNotEqualTo(definition(row, value)));
            }
        }
        assertThat(seen).isGreaterThan(10);
    }

    @Test
    void everyBlockIsADefinition() throws IOException {
        List<String> blocks = BLOCK.matcher(Files.readString(PAGE))
                .results()
                .map(block -> block.group(1))
                .toList();
        assertThat(blocks).hasSizeGreaterThan(3);
        for (String block : blocks) {
            Matcher name = Pattern.compile("(?m)^name *= \"(.*)\"$").matcher(block);
            assertThat(name.find()).as(block).isTrue();
            BoardDefinitions.parse(name.group(1), Path.of("boards", name.group(1) + ".toml"), block);
        }
    }

    /**
     * All keys that the parser asks for: tables that it asks for are given to it, empty, until it asks for no more. Tables
     * themselves are left out; they have their names from the keys in them.
     */
    private static Map<String, TomlReader.Key> parsed() {
        Map<String, TomlReader.Key> asked = new LinkedHashMap<>();
        String text = "";
        while (true) {
            BoardDefinitions.read("ampere", FILE, new TomlReader(FILE, Toml.parse(text), new ArrayList<>(), asked));
            String more = asked.entrySet().stream()
                    .filter(entry -> isTable(entry.getKey(), entry.getValue()))
                    .map(entry -> "[%s]\n".formatted(entry.getKey()))
                    .collect(Collectors.joining());
            if (more.equals(text)) {
                Map<String, TomlReader.Key> keys = new LinkedHashMap<>(asked);
                keys.entrySet().removeIf(entry -> isTable(entry.getKey(), entry.getValue()));
                return keys;
            }
            text = more;
        }
    }

    private static TomlReader.Key known(Map<String, TomlReader.Key> parsed, String key) {
        return Optional.ofNullable(parsed.get(key)).orElseThrow(() -> new AssertionError("the parser knows no " + key));
    }

    private static boolean isTable(String name, TomlReader.Key key) {
        return key.form().equals(TomlReader.TABLE.formatted(name));
    }

    /** "a duration in quotes, such as …" is a "duration". */
    private static String type(TomlReader.Key key) {
        return key.form()
                .replaceFirst("^an? ", "")
                .replaceFirst(", such as .*", "")
                .replace(" in quotes", "");
    }

    private static Map<String, Row> rows() throws IOException {
        Map<String, Row> rows = new LinkedHashMap<>();
        for (String line : Files.readAllLines(PAGE)) {
            Matcher row = ROW.matcher(line);
            if (row.matches()) {
                Row before = rows.put(row.group(1), new Row(row.group(1), row.group(2), row.group(3), row.group(4)));
                assertThat(before).as("twice on the page: " + line).isNull();
            } else {
                assertThat(line).as("a row of no known form").doesNotStartWith("| `");
            }
        }
        return rows;
    }

    /** The least definition that holds the key's table, with the key, or without where the value is empty. */
    private static BoardDefinition definition(Row row, String value) throws IOException {
        Map<String, String> lines = new HashMap<>();
        for (Row other : rows().values()) {
            // Without [console] or [ramoops] there is no capture; a table that is begun has what it must have.
            if (other.defaultValue().equals(REQUIRED)
                    && (!other.key().contains(".")
                            || List.of("ssh", "boot", "console", "ramoops").contains(table(other.key()))
                            || row.key().startsWith(table(other.key()) + "."))) {
                lines.put(other.key(), other.example());
            }
        }
        if (row.key().startsWith("virtual.")) {
            lines.put("provider", "\"virtual\"");
        }
        if (row.key().equals("kernel.image")) {
            lines.put("kernel.where", "\"container\"");
            lines.put("kernel.image", row.example());
        }
        lines.put(row.key(), value);
        String text = lines.entrySet().stream()
                .filter(line -> !line.getValue().isEmpty())
                .map(line -> concrete(line.getKey()) + " = " + line.getValue() + "\n")
                .collect(Collectors.joining());
        lines.remove(row.key());
        String table = table(row.key());
        if (value.isEmpty()
                && !table.isEmpty()
                && lines.keySet().stream().noneMatch(key -> key.startsWith(table + "."))) {
            text += "[%s]\n".formatted(table);
        }
        return BoardDefinitions.parse("ampere", FILE, text);
    }

    private static String table(String key) {
        return key.substring(0, Math.max(0, key.lastIndexOf('.')));
    }

    /** A name in place of what stands for one: {@code smoke.NAME.frames}, {@code estimate.PHASE}. */
    private static String concrete(String key) {
        return key.replace("PHASE", "\"2\"");
    }
}
