package dev.hil.board;

import java.util.ArrayList;
import java.util.List;

/**
 * What putting a board back came to.
 *
 * @param undone what was taken back, in that order
 * @param failed what could not be, each with what to do by hand
 * @param differences where the board is not as it was found, though all that the ledger knows of was taken back
 * @param remarks what is worth knowing, such as a kernel tree that somebody has worked in meanwhile
 * @param label what the board runs, with the reason to believe it
 */
public record RecoveryReport(
        List<String> undone, List<String> failed, List<String> differences, List<String> remarks, String label) {
    public RecoveryReport {
        undone = List.copyOf(undone);
        failed = List.copyOf(failed);
        differences = List.copyOf(differences);
        remarks = List.copyOf(remarks);
    }

    /** Whether the board is proven to be as it was found. */
    public boolean isRestored() {
        return failed.isEmpty() && differences.isEmpty();
    }

    /** What is wrong with the board, a sentence each; none where it is restored. */
    public List<String> problems() {
        List<String> problems = new ArrayList<>(failed);
        differences.forEach(difference -> problems.add("not as it was found: " + difference));
        return problems;
    }
}
