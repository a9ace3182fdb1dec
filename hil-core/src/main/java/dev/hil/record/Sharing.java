package dev.hil.record;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Files that several users of a lab host work on. Whoever keeps them in a folder that its group may write (and that
 * hands its group on: {@code chmod g+ws}) wants the group to be able to write what is made in it, whatever the umask.
 */
final class Sharing {
    private static final String MODE = "unix:mode";
    private static final int GROUP_WRITE = 0020;
    private static final int GROUP_OF_FILE = 0060;
    private static final int GROUP_OF_FOLDER = 02070;

    private Sharing() {}

    /** Makes the folder of a file. */
    static void folderOf(Path file) throws IOException {
        Path parent = file.toAbsolutePath().getParent();
        if (parent != null) {
            folder(parent);
        }
    }

    /** Makes a folder and those above it, each as open to the group as the one above it. */
    static Path folder(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            Path parent = folder.toAbsolutePath().getParent();
            if (parent != null) {
                folder(parent);
            }
            Files.createDirectories(folder);
            open(folder);
        }
        return folder;
    }

    /** Opens a file or folder that this process has just made to the group, where the folder that holds it is open. */
    static void open(Path path) throws IOException {
        Path parent = path.toAbsolutePath().getParent();
        if (parent == null) {
            return;
        }
        int above = mode(parent);
        int own = mode(path);
        int wanted = own | (above & (Files.isDirectory(path) ? GROUP_OF_FOLDER : GROUP_OF_FILE));
        if ((above & GROUP_WRITE) != 0 && wanted != own) {
            Files.setAttribute(path, MODE, wanted);
        }
    }

    private static int mode(Path path) throws IOException {
        return (Integer) Files.getAttribute(path, MODE) & 07777;
    }
}
