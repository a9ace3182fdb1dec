package dev.hil.record;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.hil.link.InfrastructureException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The runs of a board whose evidence is kept, and which of them may go. */
public final class Runs {
    private static final JsonMapper MAPPER = new JsonMapper();

    private final Path board;

    /** @param board {@code HOME/BOARD} */
    public Runs(Path board) {
        this.board = board;
    }

    /**
     * A run.
     *
     * @param folder its evidence
     * @param bytes of all files in it
     * @param keep why it must stay; empty where it may go
     */
    public record Kept(Path folder, long bytes, Optional<String> keep) {}

    /**
     * All runs, oldest first. A run stays where a living process writes it, the ledger has changes of it that are open, or
     * the proof of a step stands in it that a later run may go on from.
     *
     * @throws DamagedLedgerException where what is open cannot be known
     */
    public List<Kept> all() {
        Map<String, String> needed = needed(Ledger.read(board.resolve("ledger.jsonl")));
        Path runs = board.resolve("runs");
        if (!Files.isDirectory(runs)) {
            return List.of();
        }
        try (Stream<Path> folders = Files.list(runs)) {
            List<Kept> all = new ArrayList<>();
            for (Path folder : folders.filter(path -> Files.isDirectory(path, java.nio.file.LinkOption.NOFOLLOW_LINKS))
                    .sorted()
                    .toList()) {
                String name = String.valueOf(folder.getFileName());
                Optional<String> keep =
                        isAlive(folder) ? Optional.of("it is going on") : Optional.ofNullable(needed.get(name));
                all.add(new Kept(folder, bytes(folder), keep));
            }
            return all;
        } catch (IOException e) {
            throw new InfrastructureException("cannot look at the runs in %s: %s".formatted(runs, e), e);
        }
    }

    private static Map<String, String> needed(List<LedgerEntry> entries) {
        Map<String, String> needed = new HashMap<>();
        long found = Ledger.found(entries, Undo.Where.BOARD)
                .map(LedgerEntry::sequence)
                .orElse(Long.MAX_VALUE);
        for (LedgerEntry entry : entries) {
            StepOutcome step = entry.step();
            if (step != null && entry.sequence() > found) {
                needed.put(entry.run(), "it has the proof of step " + step.patch());
            }
        }
        for (Undo.Where where : Undo.Where.values()) {
            Ledger.found(entries, where)
                    .ifPresent(entry -> needed.putIfAbsent(entry.run(), "the board was not given back since"));
        }
        Ledger.open(entries).forEach(entry -> needed.put(entry.run(), "the ledger has open changes of it"));
        return needed;
    }

    /** A number of a process may have gone to another one since; their start times tell them apart. */
    private static boolean isAlive(Path folder) {
        try {
            JsonNode index = MAPPER.readTree(folder.resolve(EvidenceIndex.NAME).toFile());
            String started = index.path("process-started").asText();
            return !index.has("ended")
                    && ProcessHandle.of(index.path("pid").asLong())
                            .flatMap(process -> process.info().startInstant())
                            .map(Instant::toString)
                            .filter(started::equals)
                            .isPresent();
        } catch (IOException e) {
            // Made by a hil that wrote no index, or not yet written: new ones are not taken for old.
            return isYoung(folder);
        }
    }

    private static boolean isYoung(Path folder) {
        try {
            return Files.getLastModifiedTime(folder)
                    .toInstant()
                    .isAfter(Instant.now().minusSeconds(24 * 3600));
        } catch (IOException e) {
            return true;
        }
    }

    private static long bytes(Path folder) throws IOException {
        long bytes = 0;
        try (Stream<Path> tree = Files.walk(folder)) {
            for (Path file : tree.filter(Files::isRegularFile).toList()) {
                bytes += Files.size(file);
            }
        }
        return bytes;
    }

    /** Removes a run's evidence for good. */
    public void remove(Kept run) {
        if (run.keep().isPresent() || !run.folder().startsWith(board)) {
            throw new IllegalArgumentException("%s stays: %s".formatted(run.folder(), run.keep()));
        }
        try (Stream<Path> tree = Files.walk(run.folder())) {
            for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new InfrastructureException("cannot remove %s: %s".formatted(run.folder(), e), e);
        }
    }
}
