package dev.hil.board;

import dev.hil.link.InfrastructureException;
import dev.hil.record.Evidence;
import dev.hil.record.Lease;
import dev.hil.record.Ledger;
import dev.hil.record.StepOutcome;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;

/**
 * A run's hold on a board: from taking the lease to giving the board back as it was found. What an earlier run left
 * undone is undone first.
 */
public final class BoardSession implements AutoCloseable {
    private final Evidence evidence;
    private final Optional<Lease> lease;
    private final Ledger ledger;
    private final BoardConnection connection;
    private final LiveBoard board;
    private final Resumption resumption;
    private boolean closed;
    /** Whether what became of the board has been told already. */
    private boolean reported;

    private BoardSession(
            Evidence evidence,
            Optional<Lease> lease,
            Ledger ledger,
            BoardConnection connection,
            LiveBoard board,
            Resumption resumption) {
        this.evidence = evidence;
        this.lease = lease;
        this.ledger = ledger;
        this.connection = connection;
        this.board = board;
        this.resumption = resumption;
    }

    /**
     * Opens a session with a board.
     *
     * @param evidence of this run; where it is kept, the board's ledger and lease are kept too
     */
    public static BoardSession open(BoardDefinition definition, Evidence evidence) {
        return open(definition, evidence, true);
    }

    /**
     * Opens a session for looking a board over: what an earlier run left undone stays, and nothing is taken back at the
     * end.
     */
    public static BoardSession look(BoardDefinition definition, Evidence evidence) {
        BoardSession session = open(definition, evidence, false);
        session.reported = true;
        return session;
    }

    private static BoardSession open(BoardDefinition definition, Evidence evidence, boolean recovers) {
        BoardProvider provider = provider(definition);
        evidence.event("run", "board %s, evidence in %s".formatted(definition.name(), evidence.folder()));
        List<AutoCloseable> opened = new ArrayList<>();
        try {
            boolean ownBoard = provider.outlivesRuns();
            Path own = evidence.home().resolve(definition.name());
            Optional<Lease> lease = ownBoard ? Optional.of(lease(definition, own)) : Optional.empty();
            lease.ifPresent(opened::add);
            lease.flatMap(Lease::cutOff).ifPresent(who -> evidence.event("lease", "was not given back by " + who));
            Path ledgerFile = (ownBoard ? own : evidence.folder()).resolve("ledger.jsonl");
            Ledger ledger =
                    Ledger.open(ledgerFile, String.valueOf(evidence.folder().getFileName()));
            opened.add(ledger);
            if (ownBoard) {
                ledger.alsoTo(evidence.file("ledger-extract.jsonl"));
            }
            BoardConnection connection = provider.connect(definition, evidence);
            opened.add(connection);
            LiveBoard board = new LiveBoard(connection, evidence, ledger);
            opened.add(board);
            board.start();
            BoardFacts.note(evidence, board.shell(), board.boot());
            Resumption resumption = recovers ? begin(board, evidence) : Resumption.NONE;
            return new BoardSession(evidence, lease, ledger, connection, board, resumption);
        } catch (RuntimeException e) {
            evidence.event("run", "the board could not be had: " + e.getMessage());
            evidence.end("the board could not be had");
            closeAll(opened, e);
            throw e;
        }
    }

    /**
     * Puts a board back as it was found before the runs that were cut off, and lets go of it.
     *
     * @param accept whether to take what differs then for somebody else's doing, and the board as it is from now on
     * @throws InfrastructureException where the board cannot be had or reached
     */
    public static RecoveryReport recover(BoardDefinition definition, Evidence evidence, boolean accept) {
        try (BoardSession session = open(definition, evidence, false)) {
            RecoveryReport report = session.board.recover(accept);
            session.reported = true;
            return report;
        }
    }

    /** Goes on where an earlier run was cut, if that is asked for; else puts back what it left. */
    private static Resumption begin(LiveBoard board, Evidence evidence) {
        if (Resumption.isAskedFor()) {
            Optional<Resumption> resumption = board.resume();
            if (resumption.isPresent()) {
                return resumption.get();
            }
            evidence.event("resume", "no step was proven by a run that was cut: beginning at the beginning");
        }
        if (board.needsRecovery()) {
            recover(board, evidence);
        }
        return Resumption.NONE;
    }

    private static void recover(LiveBoard board, Evidence evidence) {
        evidence.event("recovery", "an earlier run was cut off before it had given the board back");
        RecoveryReport report = board.recover(false);
        if (!report.isRestored()) {
            throw new InfrastructureException(
                    ("board %s was left changed by an earlier run, and is not as it was before that:%n  %s%n"
                                    + "Mend that and run again. `hil recover %s` tries again and tells more; what differs by"
                                    + " somebody's own doing is accepted by `hil recover --accept %s`.")
                            .formatted(
                                    board.name(),
                                    String.join("%n  ".formatted(), report.problems()),
                                    board.name(),
                                    board.name()));
        }
    }

    /** Whether a board is there before a run and after it, so that there may be something to put back. */
    public static boolean outlivesRuns(BoardDefinition definition) {
        return provider(definition).outlivesRuns();
    }

    private static Lease lease(BoardDefinition definition, Path own) {
        return Lease.take(own.resolve("lease"), "board " + definition.name(), "a test run", Lease.waitFromProperties());
    }

    private static BoardProvider provider(BoardDefinition definition) {
        List<String> ids = new ArrayList<>();
        for (BoardProvider provider : ServiceLoader.load(BoardProvider.class)) {
            if (provider.id().equals(definition.provider())) {
                return provider;
            }
            ids.add(provider.id());
        }
        throw new DefinitionException("%s: provider \"%s\" is not on the class path; there are %s"
                .formatted(definition.file(), definition.provider(), ids));
    }

    private static void closeAll(List<AutoCloseable> opened, RuntimeException cause) {
        for (int i = opened.size() - 1; i >= 0; i--) {
            try {
                opened.get(i).close();
            } catch (Exception e) {
                cause.addSuppressed(e);
            }
        }
    }

    public Board board() {
        return board;
    }

    /** What this run goes on from. */
    public Resumption resumption() {
        return resumption;
    }

    /**
     * Writes how a step came out into the ledger, for a later run to go on from.
     *
     * @param identity of the step; see {@code Series.identity}
     * @param why in a sentence
     */
    public void outcome(String identity, String patch, StepOutcome.Result result, String why) {
        board.outcome(identity, patch, result, why);
    }

    /** Tells those who wait for the board what this run is doing now. */
    public void doing(String what) {
        lease.ifPresent(held -> held.doing(what));
    }

    public Evidence evidence() {
        return evidence;
    }

    /**
     * Puts everything back and lets go of the board.
     *
     * @throws InfrastructureException where something could not be put back, saying what and how to do it by hand
     */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        List<String> problems = new ArrayList<>();
        InfrastructureException trouble = new InfrastructureException("giving back board " + board.name());
        try {
            if (!reported) {
                problems.addAll(board.giveBack().problems());
            }
        } catch (RuntimeException e) {
            trouble.addSuppressed(e);
        }
        List<AutoCloseable> rest = new ArrayList<>();
        lease.ifPresent(rest::add);
        rest.addAll(List.of(ledger, connection, board));
        closeAll(rest, trouble);
        for (Throwable suppressed : trouble.getSuppressed()) {
            problems.add(String.valueOf(suppressed.getMessage()));
        }
        if (problems.isEmpty()) {
            evidence.event("run", "ended; evidence in " + evidence.folder());
            evidence.end("the board was given back");
            return;
        }
        String whole =
                "board %s is NOT as it was found, or was not let go:%n  %s%nThe next run tries again, or `hil recover %s`.%nevidence: %s"
                        .formatted(
                                board.name(),
                                String.join("%n  ".formatted(), problems),
                                board.name(),
                                evidence.folder());
        // Said here too: whoever closes a session at a run's end may have nobody left to tell.
        evidence.event("not-restored", whole);
        evidence.end("the board was NOT given back as it was found");
        throw new InfrastructureException(whole, trouble);
    }
}
