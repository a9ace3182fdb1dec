package dev.hil.boot;

import dev.hil.link.Recording;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * An {@code extlinux.conf} as U-Boot reads it (boot/pxe_utils.c): keywords in any case; the last of DEFAULT, ONTIMEOUT
 * and MENU DEFAULT counts; without any the first label boots. The text is one character a byte (ISO 8859-1), and an
 * edit changes nothing but what it is about: comments, spacing, line ends and unknown keywords stay.
 */
public final class ExtlinuxMenu {
    private static final int MAX_CHARACTERS = 256 * 1024;

    private final String source;
    private final String text;
    private final List<BootEntry> entries;
    private final List<DefaultLine> defaults;

    private static final Pattern MENU_LABEL = Pattern.compile("(?i)LABEL[ \\t]+");

    /** A line that chooses what boots. {@code valueStart} is -1 for MENU DEFAULT, which has no value of its own. */
    private record DefaultLine(int line, String label, int valueStart, int lineEnd) {}

    private ExtlinuxMenu(String source, String text, List<BootEntry> entries, List<DefaultLine> defaults) {
        this.source = source;
        this.text = text;
        this.entries = entries;
        this.defaults = defaults;
    }

    /**
     * Reads a menu.
     *
     * @param source where the text is from, for messages
     * @throws BootMenuException where it holds no label, or the same label twice
     */
    public static ExtlinuxMenu parse(String source, String text) {
        if (text.length() > MAX_CHARACTERS) {
            throw new BootMenuException("%s has %d bytes: that is no boot menu".formatted(source, text.length()));
        }
        if (text.indexOf('\0') >= 0) {
            throw new BootMenuException("%s holds a NUL byte, behind which U-Boot reads nothing".formatted(source));
        }
        List<BootEntry> entries = new ArrayList<>();
        Map<String, Integer> lines = new HashMap<>();
        List<DefaultLine> defaults = new ArrayList<>();
        String label = null;
        int labelLine = 0;
        Map<String, String> values = new HashMap<>();
        int number = 0;
        for (int start = 0; start < text.length(); ) {
            int newline = text.indexOf('\n', start);
            int end = newline < 0 ? text.length() : newline;
            number++;
            Line line = Line.of(text, start, end);
            if (line.is("LABEL")) {
                add(source, entries, lines, label, labelLine, values);
                label = line.value();
                labelLine = number;
                values = new HashMap<>();
            } else if (line.is("DEFAULT") || line.is("ONTIMEOUT")) {
                defaults.add(new DefaultLine(number, line.value(), line.valueStart, end));
            } else if (line.is("MENU") && line.value().toUpperCase(Locale.ROOT).equals("DEFAULT") && label != null) {
                defaults.add(new DefaultLine(number, label, -1, -1));
            } else if (line.is("MENU") && MENU_LABEL.matcher(line.value()).lookingAt()) {
                values.put("MENU LABEL", MENU_LABEL.matcher(line.value()).replaceFirst(""));
            } else if (label != null && !line.keyword.isEmpty()) {
                values.put(line.keyword, line.value());
            }
            start = end + 1;
        }
        add(source, entries, lines, label, labelLine, values);
        if (entries.isEmpty()) {
            throw new BootMenuException(source + " holds no LABEL: is it an extlinux boot menu?");
        }
        return new ExtlinuxMenu(source, text, List.copyOf(entries), List.copyOf(defaults));
    }

    private static void add(
            String source,
            List<BootEntry> entries,
            Map<String, Integer> lines,
            @Nullable String label,
            int line,
            Map<String, String> values) {
        if (label == null) {
            return;
        }
        Integer before = lines.putIfAbsent(label, line);
        if (before != null) {
            throw new BootMenuException("%s has the label \"%s\" twice, in lines %d and %d"
                    .formatted(source, Recording.excerpt(label), before, line));
        }
        entries.add(new BootEntry(
                label,
                line,
                first(values, "LINUX", "KERNEL"),
                first(values, "INITRD"),
                first(values, "FDT", "DEVICETREE"),
                first(values, "APPEND"),
                first(values, "MENU LABEL")));
    }

    private static Optional<String> first(Map<String, String> values, String... keywords) {
        for (String keyword : keywords) {
            String value = values.get(keyword);
            if (value != null) {
                return Optional.of(value);
            }
        }
        return Optional.empty();
    }

    /** The whole text, one character a byte. */
    public String text() {
        return text;
    }

    public List<BootEntry> entries() {
        return entries;
    }

    /**
     * The entry of a label.
     *
     * @throws BootMenuException naming the labels there are
     */
    public BootEntry entry(String label) {
        return entries.stream()
                .filter(entry -> entry.label().equals(label))
                .findFirst()
                .orElseThrow(() -> new BootMenuException("%s has no label \"%s\"; it has %s"
                        .formatted(
                                source,
                                label,
                                Recording.excerpt(
                                        entries.stream().map(BootEntry::label).collect(Collectors.joining(", "))))));
    }

    /** The label that boots if nobody interferes. */
    public String defaultLabel() {
        return defaults.isEmpty()
                ? entries.get(0).label()
                : defaults.get(defaults.size() - 1).label();
    }

    /**
     * The menu with another default.
     *
     * @throws BootMenuException if there is no such label, or a MENU DEFAULT would overrule the edit
     */
    public ExtlinuxMenu withDefault(String label) {
        BootEntry wanted = entry(label);
        if (wanted.label().equals(defaultLabel())) {
            return this;
        }
        if (defaults.isEmpty()) {
            return parse(source, "DEFAULT " + asWritten(wanted) + "\n" + text);
        }
        DefaultLine last = defaults.get(defaults.size() - 1);
        if (last.valueStart < 0) {
            throw new BootMenuException(
                    ("%s: MENU DEFAULT in line %d makes \"%s\" the default whatever DEFAULT says. Remove that line and"
                                    + " write DEFAULT %s at the top.")
                            .formatted(source, last.line(), last.label(), last.label()));
        }
        String gap = last.label().isEmpty() ? " " : "";
        return parse(
                source, text.substring(0, last.valueStart) + gap + asWritten(wanted) + text.substring(last.lineEnd));
    }

    /**
     * The menu with lines added at its end.
     *
     * @param block a LABEL line and what belongs to it
     * @throws BootMenuException if the block is not one label, or a label of that name is there already
     */
    public ExtlinuxMenu withLabel(String block) {
        ExtlinuxMenu alone = parse("the lines to add to " + source, block);
        if (alone.entries.size() != 1 || !alone.defaults.isEmpty()) {
            throw new BootMenuException(
                    "the lines to add to %s are to be one LABEL and what belongs to it".formatted(source));
        }
        String gap = text.endsWith("\n") ? "" : "\n";
        return parse(source, text + gap + block + (block.endsWith("\n") ? "" : "\n"));
    }

    /**
     * The menu without a label. Comments and empty lines behind it stay: they may belong to what follows.
     *
     * @throws BootMenuException if there is no such label, it is the default, or no other would be left
     */
    public ExtlinuxMenu without(String label) {
        BootEntry entry = entry(label);
        if (label.equals(defaultLabel())) {
            throw new BootMenuException(
                    "label \"%s\" of %s is the default; make another one the default first".formatted(label, source));
        }
        List<String> lines = lines();
        int first = entry.line() - 1;
        int end = end(lines, first);
        return parse(
                source, String.join("", lines.subList(0, first)) + String.join("", lines.subList(end, lines.size())));
    }

    /**
     * The lines of a label as they stand there, for a label that is to be like it: without a MENU DEFAULT.
     *
     * @throws BootMenuException naming the labels there are
     */
    public List<String> block(String label) {
        List<String> lines = lines();
        int first = entry(label).line() - 1;
        return lines.subList(first, end(lines, first)).stream()
                .filter(line -> !line.strip().toUpperCase(Locale.ROOT).matches("MENU\\s+DEFAULT"))
                .toList();
    }

    private List<String> lines() {
        return List.of(text.split("(?<=\n)", -1));
    }

    /** The first line behind a label and what belongs to it. */
    private static int end(List<String> lines, int first) {
        int end = first + 1;
        for (int i = end; i < lines.size(); i++) {
            Line line = Line.of(
                    lines.get(i), 0, lines.get(i).replaceFirst("\n$", "").length());
            if (line.is("LABEL") || line.is("DEFAULT") || line.is("ONTIMEOUT")) {
                break;
            }
            if (!line.keyword.isEmpty()) {
                end = i + 1;
            }
        }
        return end;
    }

    /** U-Boot compares all up to the line feed, so blanks and a carriage return behind a label are part of its name. */
    private String asWritten(BootEntry entry) {
        String line = text.split("\n", -1)[entry.line() - 1];
        return line.substring(Line.of(line, 0, line.length()).valueStart());
    }

    private record Line(String text, String keyword, int valueStart, int valueEnd) {

        static Line of(String text, int start, int end) {
            int from = skipBlanks(text, start, end);
            int keywordEnd = from;
            while (keywordEnd < end && !isBlank(text.charAt(keywordEnd))) {
                keywordEnd++;
            }
            int valueStart = skipBlanks(text, keywordEnd, end);
            int valueEnd = end;
            while (valueEnd > valueStart && isBlank(text.charAt(valueEnd - 1))) {
                valueEnd--;
            }
            String keyword = text.substring(from, keywordEnd).toUpperCase(Locale.ROOT);
            return new Line(text, keyword.startsWith("#") ? "" : keyword, valueStart, valueEnd);
        }

        private static int skipBlanks(String text, int from, int end) {
            int at = from;
            while (at < end && isBlank(text.charAt(at))) {
                at++;
            }
            return at;
        }

        private static boolean isBlank(char c) {
            return c == ' ' || c == '\t' || c == '\r';
        }

        boolean is(String wanted) {
            return keyword.equals(wanted);
        }

        String value() {
            return text.substring(valueStart, valueEnd);
        }
    }
}
