package dev.hil.kernel;

import dev.hil.link.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A folder with a quilt-style {@code series} file: a patch a line, {@code -pN} behind it, comments from {@code #}. What
 * to rebuild for a patch stands in a comment that quilt passes over: {@code # hil: modules=drivers/media/test-drivers}
 * for the modules of a directory, else {@code # hil: kernel config=SYMBOL=y} for a whole kernel, with the options to set.
 */
public final class Series {
    private static final Pattern LINE =
            Pattern.compile("(?<patch>[^\\s#]+)(?:\\s+-p(?<strip>\\d))?\\s*(?:#\\s*(?:hil:(?<hil>.*)|.*))?");

    private static final Pattern MODULES = Pattern.compile("modules=([\\w.-][\\w./-]*)");
    private static final Pattern CONFIG = Pattern.compile("config=([A-Z0-9_a-z]{1,100})=([\\w.,/+-]{0,200})");

    private final Path folder;
    private final List<SeriesEntry> entries;

    private Series(Path folder, List<SeriesEntry> entries) {
        this.folder = folder;
        this.entries = entries;
    }

    /**
     * Reads a series.
     *
     * @throws SeriesException naming file and line of what is wrong
     */
    public static Series read(Path folder) {
        Path file = folder.resolve("series");
        List<String> lines;
        try {
            lines = Files.readAllLines(file);
        } catch (IOException e) {
            throw new SeriesException(
                    "cannot read the patch series %s: %s. It lists one patch a line, in order.".formatted(file, e));
        }
        List<SeriesEntry> entries = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (!line.isEmpty() && !line.startsWith("#")) {
                entries.add(entry(folder, file + ":" + (i + 1), line));
            }
        }
        return new Series(folder, List.copyOf(entries));
    }

    private static SeriesEntry entry(Path folder, String where, String line) {
        Matcher matcher = LINE.matcher(line);
        if (!matcher.matches()) {
            throw new SeriesException(
                    "%s: \"%s\" is not PATCH [-pN] [# hil: modules=DIRECTORY | kernel config=SYMBOL=VALUE]"
                            .formatted(where, line));
        }
        String name = matcher.group("patch");
        if (name.indexOf('\0') >= 0) {
            throw new SeriesException("%s: a NUL is no part of a patch's name".formatted(where));
        }
        Path patch = folder.resolve(name).normalize();
        if (!patch.startsWith(folder.normalize()) || !Files.isRegularFile(patch)) {
            throw new SeriesException("%s: there is no patch %s in %s".formatted(where, name, folder));
        }
        String strip = matcher.group("strip");
        String hil = matcher.group("hil");
        String modules = "";
        Map<String, String> config = new LinkedHashMap<>();
        for (String word : hil == null ? List.<String>of() : List.of(hil.strip().split("\\s+", -1))) {
            Matcher directory = MODULES.matcher(word);
            Matcher option = CONFIG.matcher(word);
            if (directory.matches() && !directory.group(1).contains("..") && modules.isEmpty()) {
                modules = directory.group(1);
            } else if (option.matches()) {
                config.put(option.group(1), option.group(2));
            } else if (!word.equals("kernel")) {
                throw notUnderstood(where, hil == null ? "" : hil.strip());
            }
        }
        if (!modules.isEmpty() && !config.isEmpty()) {
            throw new SeriesException(
                    ("%s: modules=%s together with config=%s: another configuration takes a whole kernel; write hil: kernel"
                                    + " instead of modules=")
                            .formatted(where, modules, config));
        }
        return new SeriesEntry(name, patch, strip == null ? 1 : Integer.parseInt(strip), modules, config);
    }

    private static SeriesException notUnderstood(String where, String hil) {
        return new SeriesException(
                ("%s: \"hil: %s\" is not understood; write hil: modules=DIRECTORY, a directory of the kernel tree, or hil:"
                                + " kernel config=SYMBOL=VALUE for a whole kernel")
                        .formatted(where, hil));
    }

    /**
     * What makes a step this step: a checksum over its patch and those before it, names and contents, in their order.
     *
     * @throws SeriesException where a patch cannot be read
     */
    public String identity(SeriesEntry upTo) {
        StringBuilder all = new StringBuilder();
        for (SeriesEntry entry : entries) {
            try {
                all.append(entry.name())
                        .append(' ')
                        .append(entry.strip())
                        .append(' ')
                        .append(new TreeMap<>(entry.config()))
                        .append(' ')
                        .append(Sha256.of(entry.file()))
                        .append('\n');
            } catch (IOException e) {
                throw new SeriesException("cannot read the patch %s: %s".formatted(entry.file(), e));
            }
            if (entry.equals(upTo)) {
                break;
            }
        }
        return Sha256.of(all.toString());
    }

    /** The patches that come before one. */
    public List<SeriesEntry> before(SeriesEntry entry) {
        return entries.subList(0, entries.indexOf(entry));
    }

    /** The patch that comes after one. */
    public Optional<SeriesEntry> after(SeriesEntry entry) {
        int next = entries.indexOf(entry) + 1;
        return next < entries.size() ? Optional.of(entries.get(next)) : Optional.empty();
    }

    public List<SeriesEntry> entries() {
        return entries;
    }

    /**
     * The patch whose name begins with a text, such as {@code 0005}.
     *
     * @throws SeriesException naming the patches there are, where none or several do
     */
    public SeriesEntry entry(String beginning) {
        List<SeriesEntry> found = entries.stream()
                .filter(entry -> entry.name().startsWith(beginning))
                .toList();
        if (found.size() != 1) {
            throw new SeriesException("%s patch of %s begins with \"%s\"; there are: %s"
                    .formatted(
                            found.isEmpty() ? "no" : "more than one",
                            folder,
                            beginning,
                            String.join(
                                    ", ",
                                    entries.stream().map(SeriesEntry::name).toList())));
        }
        return found.get(0);
    }
}
