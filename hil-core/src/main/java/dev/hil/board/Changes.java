package dev.hil.board;

import dev.hil.link.InfrastructureException;
import dev.hil.record.Evidence;
import dev.hil.record.Ledger;
import dev.hil.record.LedgerEntry;
import dev.hil.record.Undo;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * The one door for everything that changes a board or the kernel tree built for it: the intent with its undo is on this
 * host's disk before anything is touched, and that it was done is on disk afterwards.
 */
public final class Changes {
    private final Ledger ledger;
    private final Evidence evidence;
    private final Undoing undoing;

    Changes(Ledger ledger, Evidence evidence, Undoing undoing) {
        this.ledger = ledger;
        this.evidence = evidence;
        this.undoing = undoing;
    }

    /**
     * Makes a change.
     *
     * @param what the change, for people
     * @param undo how to take it back; must hold whether or not the change was made, or was made half
     * @param action makes it
     */
    public <T> T make(String what, Undo undo, Supplier<T> action) {
        long intent = ledger.intent(what, undo);
        evidence.event("change", what);
        T result = action.get();
        ledger.done(intent);
        return result;
    }

    /** Makes a change that gives no result. */
    public void make(String what, Undo undo, Runnable action) {
        make(what, undo, () -> {
            action.run();
            return what;
        });
    }

    /** A point in time, for {@link #undoSince}. */
    public long mark() {
        List<LedgerEntry> entries = ledger.entries();
        return entries.isEmpty() ? 0 : entries.get(entries.size() - 1).sequence();
    }

    /** Takes back everything that is still in force, latest first. */
    public Undone undoAll() {
        return undoSince(0);
    }

    /** Takes back what was changed after a mark, latest first. What cannot be taken back is said, and the rest goes on. */
    public Undone undoSince(long mark) {
        List<String> undone = new ArrayList<>();
        List<String> failed = new ArrayList<>();
        for (LedgerEntry entry : ledger.open()) {
            Undo undo = entry.undo();
            if (entry.sequence() <= mark || undo == null) {
                continue;
            }
            try {
                undoing.carryOut(undo);
                ledger.undone(entry.sequence());
                undone.add(entry.what());
                evidence.event("undo", "%s: %s".formatted(entry.what(), undo.inWords()));
            } catch (InfrastructureException e) {
                failed.add("%s: could not be undone (%s). By hand: %s%s"
                        .formatted(entry.what(), e.getMessage(), undo.inWords(), kept(undo)));
                evidence.event("undo-failed", failed.get(failed.size() - 1));
            }
        }
        return new Undone(undone, failed);
    }

    /** A file that could not be written back, as a file that a person can copy there. */
    private String kept(Undo undo) {
        if (!(undo instanceof Undo.RestoreText text)) {
            return "";
        }
        try {
            String name = String.valueOf(
                    evidence.file(text.path().substring(text.path().lastIndexOf('/') + 1))
                            .getFileName());
            Path copy = evidence.folder("not-restored").resolve(name);
            Files.write(copy, text.content().getBytes(StandardCharsets.ISO_8859_1));
            return "; its content is in " + copy;
        } catch (IOException | InfrastructureException e) {
            return "; its content could not be kept as a file either: " + e.getMessage();
        }
    }

    /**
     * What taking back came to.
     *
     * @param undone what was taken back
     * @param failed what was not, each with what to do by hand
     */
    public record Undone(List<String> undone, List<String> failed) {
        public Undone {
            undone = List.copyOf(undone);
            failed = List.copyOf(failed);
        }
    }
}
