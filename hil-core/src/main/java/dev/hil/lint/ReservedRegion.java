package dev.hil.lint;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A node of the running kernel's /proc/device-tree/reserved-memory.
 *
 * @param name of the node
 * @param compatible what it is for; empty where it does not say
 * @param address physical; 0 where the kernel chooses it
 * @param size in bytes
 * @param numbers its other properties of one number each, {@code console-size} and the like
 */
public record ReservedRegion(String name, String compatible, long address, long size, Map<String, Long> numbers) {
    /** {@code NODE/PROPERTY HEX}; a node's name is at most 31 characters of a few kinds, by the specification. */
    private static final Pattern PROPERTY =
            Pattern.compile("(?:([\\w,.+@-]{1,100})/)?([\\w,.+?#-]{1,60}) ((?:[0-9a-f]{2}){0,256})");

    private static final int MOST = 2_000;

    /**
     * Reads the properties of all nodes.
     *
     * @param text a line for each: {@code NODE/PROPERTY BYTES}, the bytes in hexadecimal; those of reserved-memory itself
     *     without a node
     */
    public static List<ReservedRegion> parse(String text) {
        Map<String, Map<String, String>> nodes = new LinkedHashMap<>();
        Map<String, String> above = new LinkedHashMap<>();
        text.lines().limit(MOST).forEach(line -> {
            Matcher matcher = PROPERTY.matcher(line);
            if (matcher.matches()) {
                Map<String, String> node = matcher.group(1) == null
                        ? above
                        : nodes.computeIfAbsent(matcher.group(1), name -> new LinkedHashMap<>());
                node.put(matcher.group(2), matcher.group(3));
            }
        });
        int addressCells = cells(above.get("#address-cells"));
        int sizeCells = cells(above.get("#size-cells"));
        List<ReservedRegion> regions = new ArrayList<>();
        nodes.forEach((name, properties) ->
                region(name, properties, addressCells, sizeCells).ifPresent(regions::add));
        return List.copyOf(regions);
    }

    private static int cells(@Nullable String hex) {
        return hex != null && hex.equals("00000001") ? 1 : 2;
    }

    private static Optional<ReservedRegion> region(
            String name, Map<String, String> properties, int addressCells, int sizeCells) {
        String status = string(properties.getOrDefault("status", ""));
        if (!status.isEmpty() && !status.equals("okay") && !status.equals("ok")) {
            return Optional.empty();
        }
        String reg = properties.getOrDefault("reg", "");
        int split = addressCells * 8;
        int end = split + sizeCells * 8;
        long address = 0;
        long size = 0;
        if (reg.length() >= end) {
            address = Long.parseUnsignedLong(reg.substring(0, split), 16);
            size = Long.parseUnsignedLong(reg.substring(split, end), 16);
        } else {
            String asked = properties.getOrDefault("size", "");
            size = asked.isEmpty() || asked.length() > 16 ? 0 : Long.parseUnsignedLong(asked, 16);
        }
        Map<String, Long> numbers = new LinkedHashMap<>();
        properties.forEach((property, hex) -> {
            if (hex.length() == 8 && !property.equals("reg") && !property.equals("name")) {
                numbers.put(property, Long.parseUnsignedLong(hex, 16));
            }
        });
        return Optional.of(
                new ReservedRegion(name, string(properties.getOrDefault("compatible", "")), address, size, numbers));
    }

    /** The first of the strings that a property holds. */
    private static String string(String hex) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i + 2 <= hex.length(); i += 2) {
            char c = (char) Integer.parseInt(hex.substring(i, i + 2), 16);
            if (c == 0) {
                break;
            }
            text.append(c < ' ' || c > '~' ? '?' : c);
        }
        return text.toString();
    }

    /** Whether it is for ramoops. */
    public boolean isRamoops() {
        return compatible.equals("ramoops");
    }

    /** A property of one number; 0 where it is not there, which is what ramoops takes it for. */
    public long number(String property) {
        return numbers.getOrDefault(property, 0L);
    }
}
