package dev.hil.board;

import dev.hil.link.InfrastructureException;
import dev.hil.record.Evidence;
import dev.hil.record.FoundState;
import dev.hil.record.Ledger;
import dev.hil.record.LedgerEntry;
import dev.hil.record.Undo;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Puts a board back as it was found: takes back what the ledger has as open, latest first, then compares the board with
 * what was written down before the first change. Dying in the middle of it does no harm; the next one goes on.
 */
final class Recovery {
    /** Going back to the safe label may change DEFAULT, which is then to be taken back in turn. */
    private static final int ROUNDS = 3;

    private final Ledger ledger;
    private final Changes changes;
    private final Evidence evidence;
    private final Function<Undo.Where, FoundState> states;
    private final RunningLabel running;
    private final String safeLabel;

    Recovery(
            Ledger ledger,
            Changes changes,
            Evidence evidence,
            Function<Undo.Where, FoundState> states,
            RunningLabel running,
            String safeLabel) {
        this.ledger = ledger;
        this.changes = changes;
        this.evidence = evidence;
        this.states = states;
        this.running = running;
        this.safeLabel = safeLabel;
    }

    /** Whether a run has left something to do: changes, or a board that was not compared yet. */
    boolean isNeeded() {
        return !ledger.open().isEmpty()
                || ledger.found(Undo.Where.BOARD).isPresent()
                || ledger.found(Undo.Where.BUILD_HOST).isPresent();
    }

    /** @param accept whether to take differences for somebody else's doing, and the board as it is from now on */
    RecoveryReport run(boolean accept) {
        List<String> undone = new ArrayList<>();
        List<String> failed = List.of();
        for (int round = 0; round < ROUNDS && !ledger.open().isEmpty(); round++) {
            Changes.Undone result = changes.undoAll();
            undone.addAll(result.undone());
            failed = result.failed();
            if (result.undone().isEmpty()) {
                break;
            }
        }
        List<String> differences = new ArrayList<>();
        List<String> remarks = new ArrayList<>();
        if (ledger.open().isEmpty()) {
            compare(Undo.Where.BOARD, accept, differences);
            // A developer works in his tree, also while a board is down: what differs there is told, not held against
            // it.
            compare(Undo.Where.BUILD_HOST, true, remarks);
        }
        RecoveryReport report = new RecoveryReport(undone, failed, accept ? List.of() : differences, remarks, label());
        if (accept) {
            differences.forEach(difference -> evidence.event("accepted", difference));
        }
        report.differences().forEach(difference -> evidence.event("differs", difference));
        report.remarks().forEach(remark -> evidence.event("remark", remark));
        evidence.event("recovery", report.isRestored() ? "as it was found; " + report.label() : "NOT as it was found");
        return report;
    }

    private void compare(Undo.Where where, boolean closeAnyway, List<String> differences) {
        Optional<LedgerEntry> line = ledger.found(where);
        FoundState before = line.map(LedgerEntry::found).orElse(null);
        if (line.isEmpty() || before == null) {
            return;
        }
        List<String> found = before.differences(states.apply(where));
        differences.addAll(found);
        if (found.isEmpty()) {
            ledger.givenBack(line.get().sequence(), "as it was found");
        } else if (closeAnyway) {
            ledger.givenBack(line.get().sequence(), "with differences: " + String.join("; ", found));
        }
    }

    private String label() {
        try {
            RunningLabel.Answer answer = running.isRunning(safeLabel);
            return answer.proven()
                    ? "it runs the safe label %s (%s)".formatted(safeLabel, answer.reason())
                    : "it is not proven to run the safe label %s: %s".formatted(safeLabel, answer.reason());
        } catch (InfrastructureException e) {
            return "what it runs could not be told: " + e.getMessage();
        }
    }
}
