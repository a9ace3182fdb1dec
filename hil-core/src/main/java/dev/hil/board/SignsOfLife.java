package dev.hil.board;

import dev.hil.link.Durations;
import dev.hil.record.Evidence;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** When a boot was heard, and for how long it was not. To be guarded by whoever has it. */
final class SignsOfLife {
    /** Longer than the board's sign of life, shorter than ssh's own. */
    private static final Duration SILENT = Duration.ofSeconds(3);

    private final Boot boot;
    private final String board;
    private final Evidence evidence;
    private final Consumer<Outage> over;
    private boolean silenceSaid;
    private long heardNanos = System.nanoTime();
    private @Nullable Instant heard;
    private @Nullable Outage away;
    private long awayNanos;

    /** @param over told of each outage when it is over */
    SignsOfLife(Boot boot, String board, Evidence evidence, Consumer<Outage> over) {
        this.boot = boot;
        this.board = board;
        this.evidence = evidence;
        this.over = over;
    }

    /** Something has come, be it only a sign of life. */
    void heard() {
        long now = System.nanoTime();
        if (silenceSaid && away == null) {
            evidence.event("link", "board %s is heard again after %.1f s".formatted(board, (now - heardNanos) / 1e9));
        }
        silenceSaid = false;
        heardNanos = now;
        heard = Instant.now();
    }

    /** Says once that nothing comes, where that is so. */
    void notice(long now) {
        if (!silenceSaid && now - heardNanos > SILENT.toNanos()) {
            silenceSaid = true;
            evidence.event(
                    "link", "board %s has given no sign of life for %s".formatted(board, Durations.text(SILENT)));
        }
    }

    /** The link has ended. */
    void lost() {
        if (away == null) {
            away = new Outage(boot.id(), heard == null ? Instant.now() : heard, Duration.ZERO, Outage.End.OPEN);
            awayNanos = heardNanos;
        }
    }

    /** The outage is over, if there is one. */
    void back(Outage.End how) {
        Outage ended = away;
        if (ended != null) {
            over.accept(new Outage(ended.boot(), ended.lastHeard(), awayFor(), how));
            away = null;
        }
    }

    /** The outage that is going on. */
    Optional<Outage> outage() {
        Outage open = away;
        return open == null
                ? Optional.empty()
                : Optional.of(new Outage(open.boot(), open.lastHeard(), awayFor(), Outage.End.OPEN));
    }

    private Duration awayFor() {
        return Duration.ofNanos(System.nanoTime() - awayNanos);
    }

    /** Empty before the first time. */
    @Nullable Instant lastHeard() {
        return heard;
    }
}
