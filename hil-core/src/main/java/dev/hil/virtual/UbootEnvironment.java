package dev.hil.virtual;

import dev.hil.link.InfrastructureException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.zip.CRC32;

/**
 * U-Boot's environment as it lies in flash (env/common.c, struct environment_s): a CRC-32 in the processor's byte order,
 * then {@code NAME=VALUE} strings, each ended by a NUL, and an empty one.
 */
final class UbootEnvironment {
    /** CONFIG_ENV_SIZE of U-Boot for QEMU's arm64 board. */
    private static final int SIZE = 0x40000;

    private static final int CRC = 4;

    private UbootEnvironment() {}

    /**
     * Writes an environment with one more variable.
     *
     * @param from a flash image that begins with an environment
     * @param to a flash image of the same size
     */
    static void add(Path from, Path to, String name, String value) {
        try (RandomAccessFile in = new RandomAccessFile(from.toFile(), "r");
                RandomAccessFile out = new RandomAccessFile(to.toFile(), "rw")) {
            byte[] whole = new byte[SIZE];
            in.readFully(whole);
            ByteBuffer buffer = ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN);
            if (buffer.getInt() != crc(whole)) {
                throw new InfrastructureException("%s does not begin with an environment of U-Boot".formatted(from));
            }
            ByteArrayOutputStream text = new ByteArrayOutputStream();
            int at = CRC;
            while (at < SIZE && whole[at] != 0) {
                int end = at;
                while (end < SIZE && whole[end] != 0) {
                    end++;
                }
                text.write(whole, at, end - at + 1);
                at = end + 1;
            }
            text.writeBytes("%s=%s\0\0".formatted(name, value).getBytes(StandardCharsets.US_ASCII));
            if (text.size() > SIZE - CRC) {
                throw new InfrastructureException("%s has no room for %s".formatted(from, name));
            }
            byte[] changed = new byte[SIZE];
            System.arraycopy(text.toByteArray(), 0, changed, CRC, text.size());
            ByteBuffer.wrap(changed).order(ByteOrder.LITTLE_ENDIAN).putInt(0, crc(changed));
            out.setLength(in.length());
            out.write(changed);
        } catch (IOException e) {
            throw new InfrastructureException("cannot write U-Boot's environment %s: %s".formatted(to, e), e);
        }
    }

    private static int crc(byte[] environment) {
        CRC32 crc = new CRC32();
        crc.update(environment, CRC, SIZE - CRC);
        return (int) crc.getValue();
    }
}
