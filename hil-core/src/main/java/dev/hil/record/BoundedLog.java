package dev.hil.record;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** What a program says, in a file that ends with a line of hil's where a limit was reached; the rest is passed over. */
final class BoundedLog extends OutputStream {
    private final Path file;
    private final OutputStream out;
    private final RunRoom room;
    private final long limit;
    private long left;
    private boolean full;

    /** @param limit of the file, in bytes */
    BoundedLog(Path file, RunRoom room, long limit) throws IOException {
        this.file = file;
        this.room = room;
        this.limit = limit;
        this.left = limit - (Files.exists(file) ? Files.size(file) : 0);
        this.out = Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        if (full) {
            return;
        }
        boolean fits = length <= left;
        if (fits && room.take(length)) {
            left -= length;
            out.write(bytes, offset, length);
            return;
        }
        full = true;
        String why = fits ? room.words() : "its limit of %d bytes".formatted(limit);
        out.write("%n[hil: this file ends here, at %s]%n".formatted(why).getBytes(StandardCharsets.UTF_8));
        room.ended(file, why);
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
