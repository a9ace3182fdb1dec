package dev.hil.record;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** What must be there after this host has lost its power too. */
final class Durable {
    /** A new file whose content is on the disk when it has been written. */
    private static final OpenOption[] NEW = {
        StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, StandardOpenOption.SYNC
    };

    private Durable() {}

    static OpenOption[] newFile() {
        return NEW.clone();
    }

    /** Brings to the disk that a file has its name: that stands in its folder, which fsync of the file may leave out. */
    static void nameOf(Path file) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null) {
            try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }
}
