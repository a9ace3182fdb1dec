package dev.hil.junit;

import dev.hil.board.Board;
import dev.hil.board.BoardDefinition;
import dev.hil.board.BoardDefinitions;
import dev.hil.board.BoardSession;
import dev.hil.link.InfrastructureException;
import dev.hil.plan.PlanState;
import dev.hil.record.Evidence;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.StoreScope;

/**
 * What all classes of one run share: the board, opened when the first test needs it, and how far the plan has come.
 * Closed with JUnit's launcher session, that is, when Maven's test run or the IDE's ends.
 */
final class Run implements AutoCloseable {
    private static final Namespace NAMESPACE = Namespace.create("dev.hil");

    private final BoardDefinition definition;
    private final PlanState plan = new PlanState();
    private @Nullable Evidence evidence;
    private @Nullable BoardSession session;
    private @Nullable RuntimeException unopened;

    private Run(BoardDefinition definition) {
        this.definition = definition;
    }

    /** The run on the board that was asked for; empty where none was. */
    static Optional<Run> of(ExtensionContext context) {
        return BoardSelection.current()
                .map(name -> context.getStore(StoreScope.LAUNCHER_SESSION, NAMESPACE)
                        .getOrComputeIfAbsent(name, Run::start, Run.class));
    }

    private static Run start(String name) {
        return new Run(BoardDefinitions.find().get(name));
    }

    PlanState plan() {
        return plan;
    }

    /** The board; the error of the first attempt again where it could not be had. */
    synchronized Board board() {
        if (unopened != null) {
            throw new InfrastructureException(
                    "board %s could not be had earlier in this run: %s"
                            .formatted(definition.name(), unopened.getMessage()),
                    unopened);
        }
        BoardSession open = session;
        if (open == null) {
            try {
                Evidence begun = Evidence.start(Evidence.defaultHome(), definition.name(), System.out);
                evidence = begun;
                begun.write("plan.txt", String.join("\n", PlanOrder.last()) + "\n");
                open = BoardSession.open(definition, begun);
                session = open;
            } catch (RuntimeException e) {
                unopened = e;
                throw e;
            }
        }
        return open.board();
    }

    /** The board, if a test has wanted it yet. */
    synchronized Optional<Board> opened() {
        return Optional.ofNullable(session).map(BoardSession::board);
    }

    /** Tells those who wait for the board what this run is doing now. */
    synchronized void doing(String what) {
        BoardSession open = session;
        if (open != null) {
            open.doing(what);
        }
    }

    /** The evidence, if there is any yet; also of a board that could not be had. */
    synchronized Optional<Evidence> evidence() {
        return Optional.ofNullable(evidence);
    }

    /**
     * Gives the board back.
     *
     * @throws InfrastructureException where it is not as it was found
     */
    @Override
    public synchronized void close() {
        BoardSession open = session;
        if (open != null) {
            open.close();
        }
    }
}
