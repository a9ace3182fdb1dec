package dev.hil.record;

import dev.hil.link.InfrastructureException;
import java.nio.file.Path;
import java.util.List;

/**
 * A ledger cannot be read to its end. What was done to the board cannot be known from it, and nothing is guessed: a
 * person has to look.
 */
public final class DamagedLedgerException extends InfrastructureException {
    private static final long serialVersionUID = 1L;

    private final transient List<LedgerEntry> intact;

    DamagedLedgerException(Path file, int line, String how, List<LedgerEntry> intact) {
        super(("the ledger %s is damaged in line %d: %s. What was done to the board cannot be known from it, so"
                        + " nothing is undone. The way out: `hil recover --show BOARD` prints the lines that can be read; look"
                        + " at the others in an editor, put the board right by hand, then move the file away"
                        + " (mv %s %s.damaged).")
                .formatted(file, line, how, file, file));
        this.intact = List.copyOf(intact);
    }

    /** The entries before the damage. */
    public List<LedgerEntry> intact() {
        return intact;
    }
}
