package dev.hil.junit;

import dev.hil.board.Board;
import dev.hil.board.BoardLostException;
import dev.hil.board.Drain;
import dev.hil.board.Lockdep;
import dev.hil.board.LockdepState;
import dev.hil.board.Reset;
import dev.hil.board.Sighting;
import dev.hil.link.InfrastructureException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Holds against each test what the kernel did while it ran, whatever the test itself asserts: a report that nobody
 * expected, a reset that nobody had ordered; and in a step, that lockdep is proven to be on.
 */
final class Judging {
    private static final Duration DRAIN = Duration.ofSeconds(20);

    private final Board board;
    private final long reports;
    private final int resets;
    private final boolean step;
    private boolean done;

    private Judging(Board board, boolean step) {
        this.board = board;
        this.step = step;
        this.reports = board.watch().mark();
        this.resets = board.watch().resets().size();
    }

    /**
     * A test begins.
     *
     * @param step whether it is one of a bisect step
     */
    static Judging begin(Board board, boolean step) {
        return new Judging(board, step);
    }

    /**
     * The test is over.
     *
     * @param said what the test itself said of its failure: what it names is not said again
     * @return what the kernel did; empty where there is nothing to say, and at the second asking
     * @throws BoardLostException if the board does not answer
     * @throws InfrastructureException where it cannot be told
     */
    Optional<String> end(String said) {
        if (done) {
            return Optional.empty();
        }
        done = true;
        board.verdict();
        Drain drain = board.watch().drain(DRAIN);
        List<Reset> all = board.watch().resets();
        List<Reset> unordered =
                all.subList(Math.min(all.size(), Math.max(resets, board.watch().acknowledgedResets())), all.size());
        List<Sighting> unexpected = board.watch().unexpected(reports);
        if (!unordered.isEmpty() && !said.contains(unordered.get(0).describe())) {
            String also = unexpected.isEmpty()
                    ? ""
                    : "%nBefore that, the kernel reported%n%s".formatted(Messages.of(unexpected));
            return Optional.of(Messages.of(board, unordered.get(0)) + also);
        }
        if (!unexpected.isEmpty() && !said.contains(unexpected.get(0).title())) {
            return Optional.of(Messages.of(board, unexpected));
        }
        if (!drain.complete()) {
            throw new InfrastructureException(
                    "board %s: what the kernel did in this test cannot be told, since its log could not be read to the end: %s"
                            .formatted(board.name(), drain.why()));
        }
        // Read after each test, so that the evidence says in which one lockdep went blind; held against steps.
        Lockdep lockdep = board.lockdep();
        return step && lockdep.state() != LockdepState.PROVEN
                ? Optional.of(Messages.of(board, lockdep))
                : Optional.empty();
    }
}
