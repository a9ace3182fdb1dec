package dev.hil.kernel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What holds for any bytes that stand in a series file. */
final class SeriesProperties {
    private SeriesProperties() {}

    /** A folder with two patches, and one beside it. */
    static Path folder(Path parent) throws IOException {
        Path folder = Files.createDirectories(parent.resolve("series/sub"))
                .resolveSibling(".")
                .normalize();
        Files.writeString(folder.resolve("a.patch"), "a");
        Files.writeString(folder.resolve("sub/b.patch"), "b");
        Files.writeString(parent.resolve("secret"), "not of the series");
        return folder;
    }

    /** @throws AssertionError where one does not hold */
    static void check(Path folder, byte[] bytes) throws IOException {
        Files.write(folder.resolve("series"), bytes);
        List<SeriesEntry> entries;
        try {
            entries = Series.read(folder).entries();
        } catch (SeriesException e) {
            return;
        }
        for (SeriesEntry entry : entries) {
            require(entry.file().startsWith(folder) && Files.isRegularFile(entry.file()), "a patch is there", entry);
            require(entry.strip() >= 0 && entry.strip() <= 9, "-p is a digit", entry);
            Path tree = Path.of("/tree");
            Path modules = tree.resolve(entry.moduleDirectory()).normalize();
            require(modules.startsWith(tree), "modules are built in the tree", entry);
            require(entry.shortName().matches("[A-Za-z0-9._+-]*"), "its short name is a part of a file's", entry);
        }
    }

    private static void require(boolean holds, String what, SeriesEntry entry) {
        if (!holds) {
            throw new AssertionError(what + ", but not with: " + entry);
        }
    }
}
