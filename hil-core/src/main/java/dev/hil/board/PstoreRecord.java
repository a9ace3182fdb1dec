package dev.hil.board;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Locale;

/**
 * A record of pstore, copied into the evidence folder.
 *
 * @param path where it lies on the board
 * @param kind what it holds
 * @param modified its time stamp: for dmesg records the time of the crash, as the board's clock had it
 * @param sha256 of its content, the same on the board and here
 * @param copy the copy here
 */
public record PstoreRecord(String path, Kind kind, Instant modified, String sha256, Path copy) {

    /** What a record holds. */
    public enum Kind {
        /** The end of the kernel's log at a panic or oops. */
        DMESG,
        /** The console output of the boot before. */
        CONSOLE,
        /** What user space wrote to /dev/pmsg0. */
        PMSG,
        FTRACE,
        OTHER;

        static Kind of(String fileName) {
            for (Kind kind : values()) {
                if (fileName.startsWith(kind.name().toLowerCase(Locale.ROOT) + "-")) {
                    return kind;
                }
            }
            return OTHER;
        }
    }

    /** The file's name on the board. */
    public String name() {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    /** The content, with replacement characters for bytes that are no UTF-8. */
    public String text() {
        try {
            return new String(Files.readAllBytes(copy), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the evidence " + copy, e);
        }
    }
}
