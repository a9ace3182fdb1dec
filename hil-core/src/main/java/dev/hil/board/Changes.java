package dev.hil.board;

import dev.hil.link.InfrastructureException;
import dev.hil.record.Evidence;
import dev.hil.record.FoundState;
import dev.hil.record.Ledger;
import dev.hil.record.LedgerEntry;
import dev.hil.record.Undo;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * The one door for everything that changes a board or the kernel tree built for it: the intent with its undo is on this
 * host's disk before anything is touched, and that it was done is on disk afterwards.
 */
public final class Changes {
    private final Ledger ledger;
    private final Evidence evidence;
    private final Undoing undoing;
    private final Function<Undo.Where, Optional<FoundState>> states;

    /** @param states how a machine is now; empty where nobody will want to compare */
    Changes(Ledger ledger, Evidence evidence, Undoing undoing, Function<Undo.Where, Optional<FoundState>> states) {
        this.ledger = ledger;
        this.evidence = evidence;
        this.undoing = undoing;
        this.states = states;
    }

    /**
     * Makes a change.
     *
     * @param what the change, for people
     * @param undo how to take it back; must hold whether or not the change was made, or was made half
     * @param action makes it
     */
    public <T> T make(String what, Undo undo, Supplier<T> action) {
        before(undo);
        long intent = ledger.intent(what, undo);
        evidence.event("change", what);
        T result = action.get();
        ledger.done(intent);
        return result;
    }

    /** Before the first change of a machine it is written down how it was found. */
    private void before(Undo undo) {
        if (ledger.found(undo.where()).isEmpty()) {
            states.apply(undo.where()).ifPresent(ledger::found);
        }
    }

    /** Makes a change that gives no result. */
    public void make(String what, Undo undo, Runnable action) {
        make(what, undo, () -> {
            action.run();
            return what;
        });
    }

    /**
     * Makes a change that lasts as long as an action, such as a folder for what it works with.
     *
     * @param undo taken back when the action has ended, however it ended; what fails then is tried again with the others
     */
    public <T> T during(String what, Undo undo, Supplier<T> action) {
        before(undo);
        long intent = ledger.intent(what, undo);
        try {
            return action.get();
        } finally {
            try {
                undoing.carryOut(undo);
                ledger.undone(intent);
            } catch (InfrastructureException e) {
                evidence.event("undo-failed", "%s, for now: %s".formatted(what, e.getMessage()));
            }
        }
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

    /**
     * Takes back what was changed after a mark, latest first. What cannot be taken back is said, and the rest goes on,
     * except for earlier changes of the same thing: undone out of order they would be undone wrongly.
     */
    public Undone undoSince(long mark) {
        return undo(entry -> entry.sequence() > mark);
    }

    /** Makes the label the default of the boot menu again that was it before this run. */
    public Undone undoDefault() {
        return undo(entry -> entry.undo() instanceof Undo.SetDefault);
    }

    private Undone undo(Predicate<LedgerEntry> wanted) {
        List<String> undone = new ArrayList<>();
        List<String> failed = new ArrayList<>();
        List<LedgerEntry> stuck = new ArrayList<>();
        for (LedgerEntry entry : ledger.open()) {
            Undo undo = entry.undo();
            if (undo == null || !wanted.test(entry)) {
                continue;
            }
            Optional<LedgerEntry> later = stuck.stream()
                    .filter(other -> other.undo() != null && undo.concernsTheSameAs(other.undo()))
                    .findFirst();
            if (later.isPresent()) {
                failed.add("%s: waits until \"%s\" has been undone. Then by hand: %s"
                        .formatted(entry.what(), later.get().what(), undo.inWords()));
                continue;
            }
            try {
                undoing.carryOut(undo);
                ledger.undone(entry.sequence());
                undone.add(entry.what());
                evidence.event("undo", "%s: %s".formatted(entry.what(), undo.inWords()));
            } catch (RuntimeException e) {
                // Whatever went wrong with one, the others are tried.
                stuck.add(entry);
                failed.add("%s: could not be undone (%s). By hand: %s%s"
                        .formatted(entry.what(), e.getMessage(), undo.inWords(), kept(undo)));
                evidence.event("undo-failed", failed.get(failed.size() - 1));
            }
        }
        return new Undone(undone, failed);
    }

    /** A file that could not be written back, as a file that a person can copy there. */
    private String kept(Undo undo) {
        Optional<Undo.KeptFile> kept = undo.kept();
        if (kept.isEmpty()) {
            return "";
        }
        try {
            String path = kept.get().path();
            return "; the whole file as it was is in "
                    + evidence.writeBeside(
                            "not-restored",
                            path.substring(path.lastIndexOf('/') + 1),
                            kept.get().content().getBytes(StandardCharsets.ISO_8859_1));
        } catch (InfrastructureException e) {
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
