package dev.hil.plan;

import dev.hil.kernel.Series;
import dev.hil.kernel.SeriesEntry;
import dev.hil.kernel.SeriesException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Several patches of a series that follow each other, as one: git applies a file with all of them whole or not at all, so
 * that a search by halves takes steps of any width in and out as it would a single patch.
 */
public final class PatchRange {
    private PatchRange() {}

    /**
     * Joins patches.
     *
     * @param folder where the joint patch is written
     * @param from the number of patches before the first of them
     * @param to the number of the last of them, from 1
     * @return the patch itself where it is only one
     */
    public static SeriesEntry of(Series series, Path folder, int from, int to) {
        List<SeriesEntry> patches = series.entries().subList(from, to);
        SeriesEntry first = patches.get(0);
        if (patches.size() == 1) {
            return first;
        }
        if (patches.stream().anyMatch(patch -> patch.strip() != first.strip())) {
            throw new SeriesException(
                    "%s to %s strip different numbers of folders (-p), so git cannot take them at once. Write them alike."
                            .formatted(
                                    first.name(),
                                    patches.get(patches.size() - 1).name()));
        }
        String name =
                "%d-to-%d-of-%d.patch".formatted(from + 1, to, series.entries().size());
        Map<String, String> config = new TreeMap<>();
        patches.forEach(patch -> config.putAll(patch.config()));
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        try {
            for (SeriesEntry patch : patches) {
                byte[] bytes = Files.readAllBytes(patch.file());
                all.write(bytes);
                if (bytes.length > 0 && bytes[bytes.length - 1] != '\n') {
                    all.write('\n');
                }
            }
            return new SeriesEntry(
                    name,
                    Files.write(folder.resolve(name), all.toByteArray()),
                    first.strip(),
                    directory(patches.stream().map(SeriesEntry::moduleDirectory).toList()),
                    config);
        } catch (IOException e) {
            throw new SeriesException("cannot join %s to %s in %s: %s"
                    .formatted(first.name(), patches.get(patches.size() - 1).name(), folder, e));
        }
    }

    /** The directory above all of them; none, and so the whole kernel, where one of them takes that. */
    static String directory(List<String> directories) {
        List<String> common = new ArrayList<>(Arrays.asList(directories.get(0).split("/", -1)));
        for (String directory : directories) {
            List<String> parts = Arrays.asList(directory.split("/", -1));
            int same = 0;
            while (same < Math.min(common.size(), parts.size())
                    && common.get(same).equals(parts.get(same))) {
                same++;
            }
            common.subList(same, common.size()).clear();
        }
        return String.join("/", common);
    }
}
