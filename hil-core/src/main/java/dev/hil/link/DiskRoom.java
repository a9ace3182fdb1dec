package dev.hil.link;

import java.nio.file.Path;

/** Room on this host's disk for what is recorded; whoever records asks for it, and says where a recording ends early. */
public interface DiskRoom {
    /** As much as the disk has. */
    DiskRoom UNLIMITED = new DiskRoom() {
        @Override
        public boolean take(long bytes) {
            return true;
        }

        @Override
        public void ended(Path file, String why) {
            // The file itself says it.
        }
    };

    /** Asks for bytes; false where there is no room for them, and then none is taken. */
    boolean take(long bytes);

    /**
     * Hears that a file ends before what is recorded in it does.
     *
     * @param why in words that fit behind "at"
     */
    void ended(Path file, String why);
}
