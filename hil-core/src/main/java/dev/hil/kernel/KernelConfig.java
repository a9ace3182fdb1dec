package dev.hil.kernel;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A kernel configuration: .config of a tree, /boot/config-*, /proc/config.gz after unpacking, or the options that a plan
 * sets. Symbols are without {@code CONFIG_}; an option that is not set has the value {@code n}.
 *
 * @param values by symbol; strings without their quotes
 * @param complete whether it is a whole configuration, so that a symbol it does not name is not set
 */
public record KernelConfig(Map<String, String> values, boolean complete) {
    private static final Pattern SET = Pattern.compile("CONFIG_([A-Za-z0-9_]{1,100})=(.{0,1000})");
    private static final Pattern NOT_SET = Pattern.compile("# CONFIG_([A-Za-z0-9_]{1,100}) is not set");
    private static final int MOST_SYMBOLS = 50_000;

    public KernelConfig {
        values = Map.copyOf(values);
    }

    /** Reads a whole configuration; lines that are none of Kconfig's are passed over. */
    public static KernelConfig parse(String text) {
        Map<String, String> values = new LinkedHashMap<>();
        text.lines().limit(4L * MOST_SYMBOLS).forEach(line -> {
            Matcher set = SET.matcher(line);
            Matcher unset = NOT_SET.matcher(line);
            if (values.size() >= MOST_SYMBOLS) {
                return;
            }
            if (set.matches()) {
                values.put(set.group(1), unquoted(set.group(2)));
            } else if (unset.matches()) {
                values.put(unset.group(1), "n");
            }
        });
        return new KernelConfig(values, true);
    }

    private static String unquoted(String value) {
        boolean quoted = value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"");
        return quoted ? value.substring(1, value.length() - 1) : value;
    }

    /** Whether this says anything of a symbol. */
    public boolean knows(String symbol) {
        return complete || values.containsKey(symbol);
    }

    /** The value of a symbol; {@code n} where a whole configuration does not name it, empty where nothing is known. */
    public String get(String symbol) {
        return values.getOrDefault(symbol, complete ? "n" : "");
    }

    /**
     * The options that are not as they were wanted, a sentence each.
     *
     * @param wanted by symbol; the empty value and {@code n} mean not set
     */
    public List<String> untaken(Map<String, String> wanted) {
        List<String> untaken = new ArrayList<>();
        new TreeMap<>(wanted).forEach((symbol, value) -> {
            String got = get(symbol);
            String want = value.isEmpty() && got.equals("n") ? "n" : value;
            if (!want.equals(got)) {
                untaken.add("%s: wanted %s, got %s".formatted(symbol, value.isEmpty() ? "not set" : value, got));
            }
        });
        return untaken;
    }

    /** Whether a symbol is built in. */
    public boolean isBuiltIn(String symbol) {
        return get(symbol).equals("y");
    }

    /** Whether it is one at all: an answer such as an error page holds no option. */
    public boolean isEmpty() {
        return values.isEmpty();
    }
}
