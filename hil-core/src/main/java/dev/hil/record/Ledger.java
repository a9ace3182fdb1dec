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
import java.util.Optional;
import java.util.ServiceLoader;
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
    private final List<LedgerListener> listeners = new ArrayList<>();
    private @Nullable Path extract;

    private Ledger(Path file, String run, FileChannel channel, List<LedgerEntry> entries) {
        this.file = file;
        this.run = run;
        this.channel = channel;
        this.entries = entries;
        ServiceLoader.load(LedgerListener.class).forEach(listeners::add);
    }

    /**
     * Opens a ledger, made if it is not there.
     *
     * @throws DamagedLedgerException where a line other than the last is damaged, or any is not understood
     */
    public static Ledger open(Path file, String run) {
        try {
            Sharing.folderOf(file);
            boolean isNew = !Files.exists(file);
            FileChannel channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            boolean opened = false;
            try {
                if (isNew) {
                    Sharing.open(file);
                    Durable.nameOf(file);
                }
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

    /**
     * Reads a ledger without opening it for writing: also one that a living run has open.
     *
     * @return the entries, oldest first; none where there is no such file
     * @throws DamagedLedgerException where a line other than the last is damaged, or any is not understood
     */
    public static List<LedgerEntry> read(Path file) {
        List<LedgerEntry> entries = new ArrayList<>();
        try {
            if (Files.exists(file)) {
                readAll(file, Files.readAllBytes(file), entries);
            }
        } catch (IOException e) {
            throw new InfrastructureException("cannot read the ledger %s: %s".formatted(file, e), e);
        }
        return List.copyOf(entries);
    }

    private static int readAll(Path file, byte[] bytes, List<LedgerEntry> entries) {
        int start = 0;
        for (int end = indexOf(bytes, start); end >= 0; end = indexOf(bytes, start)) {
            String line = new String(bytes, start, end - start, StandardCharsets.UTF_8);
            boolean last = end == bytes.length - 1;
            if (!isIntact(line)) {
                if (last) {
                    return start;
                }
                throw new DamagedLedgerException(file, entries.size() + 1, "its checksum does not match", entries);
            }
            LedgerEntry entry = parse(file, line, entries);
            if (entry.sequence() != entries.size() + 1) {
                throw new DamagedLedgerException(
                        file,
                        entries.size() + 1,
                        "it says that it is number %d: lines are missing or were moved".formatted(entry.sequence()),
                        entries);
            }
            Optional<String> missing = missing(entry, entries);
            if (missing.isPresent()) {
                throw new DamagedLedgerException(file, entries.size() + 1, missing.get(), entries);
            }
            entries.add(entry);
            start = end + 1;
        }
        return start;
    }

    /** What a line speaks of must stand before it: to undo nothing in its place would be to guess. */
    private static Optional<String> missing(LedgerEntry entry, List<LedgerEntry> before) {
        LedgerEntry.@Nullable Kind wanted = switch (entry.kind()) {
            case DONE, UNDONE -> LedgerEntry.Kind.INTENT;
            case GIVEN_BACK -> LedgerEntry.Kind.FOUND;
            case FOUND, INTENT, STEP, NOTE -> null;
        };
        if (wanted == null
                || (entry.of() <= before.size()
                        && before.get((int) entry.of() - 1).kind() == wanted)) {
            return Optional.empty();
        }
        return Optional.of("it is %s of line %d, which is no %s".formatted(entry.kind(), entry.of(), wanted));
    }

    private static int indexOf(byte[] bytes, int from) {
        for (int i = from; i < bytes.length; i++) {
            if (bytes[i] == '\n') {
                return i;
            }
        }
        return -1;
    }

    private static boolean isIntact(String line) {
        int space = line.indexOf(' ');
        return space >= 0 && line.substring(0, space).equals(checksum(line.substring(space + 1)));
    }

    private static LedgerEntry parse(Path file, String line, List<LedgerEntry> before) {
        try {
            return Json.read(line.substring(line.indexOf(' ') + 1), LedgerEntry.class);
        } catch (JsonProcessingException e) {
            // Whole, but not understood: to pass over it would be to forget a change.
            throw new DamagedLedgerException(
                    file,
                    before.size() + 1,
                    "it is whole, but this version of hil does not understand it (%s)"
                            .formatted(e.getOriginalMessage()),
                    before);
        }
    }

    /** A line as it stands in the file. */
    static String line(String json) {
        return checksum(json) + " " + json + "\n";
    }

    private static String checksum(String json) {
        CRC32C crc = new CRC32C();
        crc.update(json.getBytes(StandardCharsets.UTF_8));
        return String.format("%08x", crc.getValue());
    }

    /** Writes this run's lines to another file too, from now on: a copy for whoever looks at the run later. */
    public synchronized void alsoTo(Path copy) {
        extract = copy;
    }

    public Path file() {
        return file;
    }

    /** Writes how a machine was found, before the first mutation there. */
    public void found(FoundState state) {
        append(LedgerEntry.Kind.FOUND, 0, "the state before", null, state, null);
    }

    /** Writes that something is about to be done. The number returned goes to {@link #done} and {@link #undone}. */
    public long intent(String what, Undo undo) {
        return append(LedgerEntry.Kind.INTENT, 0, what, undo, null, null);
    }

    public void done(long intent) {
        append(LedgerEntry.Kind.DONE, intent, entry(intent).what(), null, null, null);
    }

    public void undone(long intent) {
        append(LedgerEntry.Kind.UNDONE, intent, entry(intent).what(), null, null, null);
    }

    /**
     * Writes that a machine has been compared with how it was found.
     *
     * @param found the line that says how it was found
     * @param how what the comparison gave
     */
    public void givenBack(long found, String how) {
        append(LedgerEntry.Kind.GIVEN_BACK, found, how, null, null, null);
    }

    /** Writes how a step came out. */
    public void step(StepOutcome outcome) {
        append(
                LedgerEntry.Kind.STEP,
                0,
                "step %s: %s".formatted(outcome.patch(), outcome.result()),
                null,
                null,
                outcome);
    }

    public void note(String what) {
        append(LedgerEntry.Kind.NOTE, 0, what, null, null, null);
    }

    /** Everything, oldest first. */
    public synchronized List<LedgerEntry> entries() {
        return List.copyOf(entries);
    }

    /** The intents that were not taken back, latest first: the order in which to undo them. */
    public synchronized List<LedgerEntry> open() {
        return open(entries);
    }

    /** The intents among some entries that were not taken back, latest first. */
    public static List<LedgerEntry> open(List<LedgerEntry> entries) {
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

    /** How a machine was found, as long as it was not given back since. */
    public synchronized Optional<LedgerEntry> found(Undo.Where where) {
        return found(entries, where);
    }

    /** How a machine was found, from some entries. */
    public static Optional<LedgerEntry> found(List<LedgerEntry> entries, Undo.Where where) {
        LedgerEntry found = null;
        for (LedgerEntry entry : entries) {
            FoundState state = entry.found();
            if (state != null && state.where() == where) {
                found = entry;
            } else if (entry.kind() == LedgerEntry.Kind.GIVEN_BACK && found != null && entry.of() == found.sequence()) {
                found = null;
            }
        }
        return Optional.ofNullable(found);
    }

    private synchronized LedgerEntry entry(long sequence) {
        return entries.stream()
                .filter(entry -> entry.sequence() == sequence && entry.kind() == LedgerEntry.Kind.INTENT)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("the ledger has no intent " + sequence));
    }

    private synchronized long append(
            LedgerEntry.Kind kind,
            long of,
            String what,
            @Nullable Undo undo,
            @Nullable FoundState found,
            @Nullable StepOutcome step) {
        long sequence = entries.isEmpty() ? 1 : entries.get(entries.size() - 1).sequence() + 1;
        LedgerEntry entry = new LedgerEntry(sequence, Instant.now().toString(), run, kind, of, what, undo, found, step);
        listeners.forEach(listener -> listener.before(entry));
        String json = Json.line(entry);
        ByteBuffer line = StandardCharsets.UTF_8.encode(line(json));
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
                    "cannot write to the ledger %s: %s. What \"%s\" stands for was not begun, or stays open there."
                            .formatted(file, e, what),
                    e);
        }
        entries.add(entry);
        copy(line(json));
        listeners.forEach(listener -> listener.after(entry));
        return sequence;
    }

    private void copy(String line) {
        Path copy = extract;
        if (copy == null) {
            return;
        }
        try {
            Files.writeString(copy, line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            // The ledger itself has it; a change that is written down there must not fail for its copy.
            extract = null;
        }
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
