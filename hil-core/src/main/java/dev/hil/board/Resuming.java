package dev.hil.board;

import dev.hil.link.InfrastructureException;
import dev.hil.record.Evidence;
import dev.hil.record.FoundState;
import dev.hil.record.Ledger;
import dev.hil.record.LedgerEntry;
import dev.hil.record.StepOutcome;
import dev.hil.record.Undo;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Goes on where a run was cut: takes back what the unfinished step had begun, and makes sure that board and tree are as
 * the last proven step left them.
 */
final class Resuming {
    private final Ledger ledger;
    private final Changes changes;
    private final Evidence evidence;
    private final Function<Undo.Where, FoundState> states;

    Resuming(Ledger ledger, Changes changes, Evidence evidence, Function<Undo.Where, FoundState> states) {
        this.ledger = ledger;
        this.changes = changes;
        this.evidence = evidence;
        this.states = states;
    }

    /**
     * What there is to go on from; empty where no step has been proven since the board was found.
     *
     * @throws InfrastructureException saying what differs, where board, tree or evidence are not as the step left them
     */
    Optional<Resumption> resume() {
        List<LedgerEntry> proven = proven();
        if (proven.isEmpty()) {
            return Optional.empty();
        }
        LedgerEntry last = proven.get(proven.size() - 1);
        evidence.event("resume", "after %s, of %s".formatted(last.what(), last.at()));
        List<String> problems =
                new ArrayList<>(changes.undoSince(last.sequence()).failed());
        List<StepOutcome> steps = new ArrayList<>();
        for (LedgerEntry entry : proven) {
            StepOutcome step = entry.step();
            if (step != null) {
                steps.add(step);
                if (!Files.isDirectory(Path.of(step.evidence()))) {
                    problems.add("the evidence of step %s is gone: %s".formatted(step.patch(), step.evidence()));
                }
            }
        }
        for (FoundState left : steps.get(steps.size() - 1).left()) {
            problems.addAll(left.differences(states.apply(left.where())));
        }
        if (!problems.isEmpty()) {
            throw new InfrastructureException(
                    ("the run cannot be resumed: after %s things were not as they are now:%n  %s%n"
                                    + "Begin again without -Dhil.resume: that puts everything back first.")
                            .formatted(last.what(), String.join("%n  ".formatted(), problems)));
        }
        return Optional.of(new Resumption(steps));
    }

    /** Of one period between finding the board and giving it back. */
    private List<LedgerEntry> proven() {
        Optional<LedgerEntry> found = ledger.found(Undo.Where.BOARD);
        List<LedgerEntry> proven = new ArrayList<>();
        for (LedgerEntry entry : ledger.entries()) {
            StepOutcome step = entry.step();
            boolean counts = step != null
                    && step.result() == StepOutcome.Result.PROVEN
                    && found.isPresent()
                    && entry.sequence() > found.get().sequence();
            if (counts) {
                proven.add(entry);
            }
        }
        return proven;
    }
}
