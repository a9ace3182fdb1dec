package dev.hil.board;

import dev.hil.link.Recording;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A file that a board says it has where pstore records are.
 *
 * @param path where it lies, under one of the places that were asked for
 * @param size bytes
 * @param modified seconds since 1970
 * @param sha256 of its content
 */
record PstoreListing(String path, long size, long modified, String sha256) {
    private static final Pattern ABOUT = Pattern.compile("(\\d{1,18}) (\\d{1,11})\n\\\\?([0-9a-f]{64})\\b");
    private static final int MOST_TOLD = 10;

    /**
     * Reads a board's list: two NUL-terminated pieces a file, its path and {@code SIZE MTIME, SHA256 ...}.
     *
     * @param most files that are looked at; one more is returned where there are more
     * @param odd told a few of the names, fit for a terminal, of which nothing else could be read
     */
    static List<PstoreListing> parse(String list, List<String> places, int most, Consumer<String> odd) {
        List<PstoreListing> files = new ArrayList<>();
        int told = 0;
        int from = 0;
        while (files.size() <= most) {
            int name = list.indexOf('\0', from);
            int about = name < 0 ? -1 : list.indexOf('\0', name + 1);
            if (about < 0) {
                break;
            }
            String path = list.substring(from, name);
            Matcher matcher = ABOUT.matcher(list).region(name + 1, about);
            if (matcher.lookingAt() && isUnder(path, places)) {
                files.add(new PstoreListing(
                        path, Long.parseLong(matcher.group(1)), Long.parseLong(matcher.group(2)), matcher.group(3)));
            } else if (told++ < MOST_TOLD) {
                odd.accept(Recording.excerpt(path));
            }
            from = about + 1;
        }
        return List.copyOf(files);
    }

    /** A record that is cleared is removed by this path. */
    private static boolean isUnder(String path, List<String> places) {
        return !path.contains("/../")
                && !path.endsWith("/..")
                && places.stream().anyMatch(place -> path.startsWith(place + "/"));
    }
}
