package dev.hil.record;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.hil.link.InfrastructureException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The append-only record of what was done to a board and how to undo it. Each line is {@code CRC32C JSON}, and is on
 * the disk before the method that wrote it returns. A last line that was torn by a crash is cut off when the ledger is
 * opened; damage before it is an error, since nothing may be guessed about a board.
 */
public final class Ledger implements AutoCloseable {
    private final Path file;
    private final String run;
    private final FileChannel channel;
    private final List<LedgerEntry> entries;

    private Ledger(Path file, String run, FileChannel channel, List<LedgerEntry> entries) {
        this.file = file;
        this.run = run;
        this.channel = channel;
        this.entries = entries;
    }

    /**
     * Opens a ledger, made if it is not there.
     *
     * @throws InfrastructureException where a line other than the last is damaged
     */
    public static Ledger open(Path file, String run) {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            FileChannel channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            boolean opened = false;
            try {
                List<LedgerEntry> entries = new ArrayList<>();
                int intact = readAll(file, Files.readAllBytes(file), entries);
                channel.truncate(intact);
                channel.position(intact);
                opened = true;
                return new Ledger(file, run, channel, entries);
            } finally {
                if (!opened) {
                    channel.close();
                }
            }
        } catch (IOException e) {
            throw new InfrastructureException("cannot open the ledger %s: %s".formatted(file, e), e);
        }
    }

    private static int readAll(Path file, byte[] bytes, List<LedgerEntry> entries) {
        int start = 0;
        for (int end = indexOf(bytes, start); end >= 0; end = indexOf(bytes, start)) {
            String line = new String(bytes, start, end - start, StandardCharsets.UTF_8);
            LedgerEntry entry = parse(line);
            boolean last = end == bytes.length - 1;
            if (entry == null && !last) {
                throw new InfrastructureException(
                        ("the ledger %s is damaged in line %d: its checksum does not match. What was done to the board"
                                        + " cannot be known from it; look at the lines around it, put the board right"
                                        + " by hand, then move the file away.")
                                .formatted(file, entries.size() + 1));
            }
            if (entry == null) {
                return start;
            }
            entries.add(entry);
            start = end + 1;
        }
        return start;
    }

    private static int indexOf(byte[] bytes, int from) {
        for (int i = from; i < bytes.length; i++) {
            if (bytes[i] == '\n') {
                return i;
            }
        }
        return -1;
    }

    private static @Nullable LedgerEntry parse(String line) {
        int space = line.indexOf(' ');
        if (space < 0 || !line.substring(0, space).equals(checksum(line.substring(space + 1)))) {
            return null;
        }
        try {
            return Json.read(line.substring(space + 1), LedgerEntry.class);
        } catch (JsonProcessingException e) {
            return null;
        }
    }

    private static String checksum(String json) {
        CRC32C crc = new CRC32C();
        crc.update(json.getBytes(StandardCharsets.UTF_8));
        return String.format("%08x", crc.getValue());
    }

    public Path file() {
        return file;
    }

    /** Writes that something is about to be done. The number returned goes to {@link #done} and {@link #undone}. */
    public long intent(String what, Undo undo) {
        return append(LedgerEntry.Kind.INTENT, 0, what, undo);
    }

    public void done(long intent) {
        append(LedgerEntry.Kind.DONE, intent, entry(intent).what(), null);
    }

    public void undone(long intent) {
        append(LedgerEntry.Kind.UNDONE, intent, entry(intent).what(), null);
    }

    public void note(String what) {
        append(LedgerEntry.Kind.NOTE, 0, what, null);
    }

    /** Everything, oldest first. */
    public synchronized List<LedgerEntry> entries() {
        return List.copyOf(entries);
    }

    /** The intents that were not taken back, latest first: the order in which to undo them. */
    public synchronized List<LedgerEntry> open() {
        Map<Long, LedgerEntry> open = new LinkedHashMap<>();
        for (LedgerEntry entry : entries) {
            if (entry.kind() == LedgerEntry.Kind.INTENT) {
                open.put(entry.sequence(), entry);
            } else if (entry.kind() == LedgerEntry.Kind.UNDONE) {
                open.remove(entry.of());
            }
        }
        List<LedgerEntry> latestFirst = new ArrayList<>(open.values());
        Collections.reverse(latestFirst);
        return latestFirst;
    }

    private synchronized LedgerEntry entry(long sequence) {
        return entries.stream()
                .filter(entry -> entry.sequence() == sequence && entry.kind() == LedgerEntry.Kind.INTENT)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("the ledger has no intent " + sequence));
    }

    private synchronized long append(LedgerEntry.Kind kind, long of, String what, @Nullable Undo undo) {
        long sequence = entries.isEmpty() ? 1 : entries.get(entries.size() - 1).sequence() + 1;
        LedgerEntry entry = new LedgerEntry(sequence, Instant.now().toString(), run, kind, of, what, undo);
        String json = Json.line(entry);
        ByteBuffer line = StandardCharsets.UTF_8.encode(checksum(json) + " " + json + "\n");
        try {
            long start = channel.position();
            boolean written = false;
            try {
                while (line.hasRemaining()) {
                    channel.write(line);
                }
                channel.force(true);
                written = true;
            } finally {
                if (!written) {
                    // On a full disk a part of it may be there: what is appended later must not stand behind that.
                    channel.truncate(start);
                }
            }
        } catch (IOException e) {
            throw new InfrastructureException(
                    "cannot write to the ledger %s: %s. Nothing was done to the board.".formatted(file, e), e);
        }
        entries.add(entry);
        return sequence;
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new InfrastructureException("cannot close the ledger %s: %s".formatted(file, e), e);
        }
    }
}
