package dev.hil.board;

import dev.hil.link.Deadline;
import dev.hil.link.InfrastructureException;
import dev.hil.link.LinkException;
import dev.hil.link.Shell;
import dev.hil.record.Evidence;
import java.time.Duration;
import java.util.function.Predicate;

/** Writes the canary of a boot that was reached, and reads what must be known of it. */
final class FactsReader {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final Shell shell;
    private final Evidence evidence;
    private final Predicate<Boot> wanted;

    /** @param wanted whether it is still worth trying for a boot */
    FactsReader(Shell shell, Evidence evidence, Predicate<Boot> wanted) {
        this.shell = shell;
        this.evidence = evidence;
        this.wanted = wanted;
    }

    /** On a thread of its own: not on the one that reads the log. */
    void begin(BoardWatch.Watched watched) {
        Thread thread = new Thread(() -> read(watched), "hil-canary");
        thread.setDaemon(true);
        thread.start();
    }

    /** A server that is just starting, or busy, may turn a connection away. */
    private void read(BoardWatch.Watched watched) {
        Deadline deadline = Deadline.in(LIMIT);
        while (true) {
            try {
                BootFacts facts = BootFacts.readAndMark(shell, watched.canary());
                if (!facts.bootId().equals(watched.boot().id())) {
                    throw new InfrastructureException("the board is in boot %s already".formatted(facts.bootId()));
                }
                watched.facts().complete(facts);
                evidence.event(
                        "canary",
                        "%s in boot %s: kmsg %s, pmsg %s"
                                .formatted(
                                        watched.canary().text(),
                                        watched.boot().shortId(),
                                        facts.kmsgWritten() ? "written" : "NOT written",
                                        facts.pmsgWritten() ? "written" : "not written"));
                return;
            } catch (LinkException e) {
                if (deadline.isOver()
                        || !wanted.test(watched.boot())
                        || !e.kind().mayPass()) {
                    giveUp(watched, e);
                    return;
                }
                evidence.event("canary", "could not be written yet: " + e.getMessage());
            } catch (InfrastructureException e) {
                giveUp(watched, e);
                return;
            }
        }
    }

    private void giveUp(BoardWatch.Watched watched, InfrastructureException cause) {
        watched.facts().completeExceptionally(cause);
        evidence.event("canary", "could not be written: " + cause.getMessage());
    }
}
