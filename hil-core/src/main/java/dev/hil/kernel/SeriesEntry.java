package dev.hil.kernel;

import java.nio.file.Path;
import java.util.Map;

/**
 * One patch of a series.
 *
 * @param name the patch's file name
 * @param file the patch
 * @param strip leading path components to strip, as with {@code patch -p}
 * @param moduleDirectory the directory of the tree whose modules are rebuilt for it; empty where the whole kernel is
 * @param config the options that are set for it, by symbol without {@code CONFIG_}
 */
public record SeriesEntry(String name, Path file, int strip, String moduleDirectory, Map<String, String> config) {
    public SeriesEntry {
        config = Map.copyOf(config);
    }

    /** Whether the whole kernel is built anew for it. */
    public boolean isWholeKernel() {
        return moduleDirectory.isEmpty();
    }

    /** The name without {@code .patch}, fit for a part of a file's name. */
    public String shortName() {
        return name.replaceFirst("\\.(patch|diff)$", "").replaceAll("[^A-Za-z0-9._+-]", "_");
    }
}
