package dev.hil.record;

import dev.hil.link.DiskRoom;
import dev.hil.link.InfrastructureException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The room for the evidence of one run. What a board sends fills it; what hil itself writes, such as the ledger, events
 * and findings, is counted and goes on, since each such file has a limit of its own.
 */
final class RunRoom implements DiskRoom {
    /** A day of a serial line at 1.5 Mbaud that is never quiet is 13 GB; the longest plans are hours, and mostly quiet. */
    private static final String DEFAULT = "8G";

    private static final String PROPERTY = "hil.evidence.limit";
    private static final Pattern SIZE = Pattern.compile("([1-9]\\d{0,8})([MG])");

    private final long limit;
    private final AtomicLong left;
    private final BiConsumer<Path, String> ended;

    RunRoom(long limit, BiConsumer<Path, String> ended) {
        this.limit = limit;
        this.left = new AtomicLong(limit);
        this.ended = ended;
    }

    /** {@code -Dhil.evidence.limit}, such as {@code 500M} or {@code 16G}; 8 GiB if it is not set. */
    static long limitFromProperties() {
        String text = System.getProperty(PROPERTY, DEFAULT).strip();
        Matcher matcher = SIZE.matcher(text);
        if (!matcher.matches()) {
            throw new InfrastructureException(
                    "-D%s=%s is no size: write for instance 500M or 16G".formatted(PROPERTY, text));
        }
        return Long.parseLong(matcher.group(1)) << (matcher.group(2).equals("G") ? 30 : 20);
    }

    @Override
    public boolean take(long bytes) {
        return left.getAndUpdate(now -> bytes <= now ? now - bytes : now) >= bytes;
    }

    /** Counts what was written in any case. */
    void count(long bytes) {
        left.updateAndGet(now -> Math.max(0, now - bytes));
    }

    @Override
    public void ended(Path file, String why) {
        ended.accept(file, why);
    }

    /** @throws InfrastructureException where it is used up, saying what is not taken for that */
    void require(long bytes, String what) {
        if (!take(bytes)) {
            throw new InfrastructureException(
                    ("the evidence of this run has no room left for %s: of %d MiB %d are left. Nothing of it was taken, and"
                                    + " it stays where it is. Give a run more by -D%s=32G")
                            .formatted(what, limit >> 20, left.get() >> 20, PROPERTY));
        }
    }

    /** The words for a file that ends for it. */
    String words() {
        return "the run's limit of %d MiB for all its evidence (-D%s)".formatted(limit >> 20, PROPERTY);
    }
}
