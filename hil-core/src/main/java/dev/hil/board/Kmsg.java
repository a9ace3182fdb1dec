package dev.hil.board;

import dev.hil.klog.KnownIssues;
import dev.hil.link.Deadline;
import dev.hil.link.InfrastructureException;
import dev.hil.link.Shell;
import dev.hil.record.Evidence;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The live kernel log, /dev/kmsg followed over ssh, a recording for each boot. It begins with the oldest line that the
 * kernel still has, so a boot's log is whole even though the follower joins it late; after a lost link it goes on behind
 * the last line it has. Lines that the kernel overwrote before they were read are counted, and said.
 */
public final class Kmsg {
    /** So often is the log opened again before a pause. */
    static final int AT_ONCE = 20;

    /**
     * Names the boot, follows its log, and gives a sign of life (an empty line) each second. Where the kernel overwrites
     * a line before it was read, cat ends with an error and begins anew; where it cannot begin at all it is not tried
     * without pause, since the board has other work. All of it ends with the link, also where the shell was killed and
     * could end nothing itself.
     */
    static final String FOLLOW = "read -r b < /proc/sys/kernel/random/boot_id; printf 'hil-boot %s\\n' \"$b\";"
            + " as_root test -r /dev/kmsg || { echo 'hil: /dev/kmsg cannot be read' >&2; exit 13; };"
            + " (p=; trap '[ -z \"$p\" ] || as_root kill $p 2>/dev/null; exit' TERM;"
            + " n=0; while kill -0 $$ 2>/dev/null; do $root cat /dev/kmsg 2>/dev/null & p=$!; wait $p && exit;"
            + " n=$((n+1)); [ $((n%" + AT_ONCE + ")) != 0 ] || sleep 1; done) &"
            + " c=$!; trap 'kill $c 2>/dev/null' EXIT; trap 'exit 1' HUP INT PIPE TERM;"
            + " while kill -0 $c 2>/dev/null; do sleep 1; echo || exit 1; done; wait $c";

    /** Hears what becomes of the following of a boot, on threads of its own. */
    interface Listener {
        /** The log can be read: whatever must be asked at a boot's beginning can be asked now. */
        void following(Boot boot);

        /** The stream ended, and nobody had asked for it; or what answers is another boot. */
        void lost(Boot boot, String why);
    }

    private final Shell shell;
    private final Evidence evidence;
    private final LogScan.Listener findings;
    private final Supplier<KnownIssues> known;
    private final Listener listener;
    private final List<Path> recordings = new ArrayList<>();
    private final List<Outage> outages = new CopyOnWriteArrayList<>();
    private @Nullable KmsgFollower current;

    Kmsg(Shell shell, Evidence evidence, Supplier<KnownIssues> known, LogScan.Listener findings, Listener listener) {
        this.shell = shell;
        this.evidence = evidence;
        this.known = known;
        this.findings = findings;
        this.listener = listener;
    }

    /** Follows a boot that has just been reached. */
    synchronized void follow(Boot boot, String mark) {
        stop(Outage.End.OTHER_BOOT);
        Path file = evidence.file("kmsg-%02d-%s.log".formatted(recordings.size() + 1, boot.shortId()));
        recordings.add(file);
        KmsgFollower following =
                new KmsgFollower(boot, mark, file, shell, evidence, known.get(), findings, listener, this::ended);
        current = following;
        following.begin();
    }

    /** Takes the same boot's log up again after its link was lost. */
    synchronized void resume(Boot boot) {
        KmsgFollower following = current;
        if (following != null && following.boot().id().equals(boot.id()) && !following.isFollowing()) {
            following.begin();
        }
    }

    /** A reset was ordered: that the current boot will not be heard any more is no news. */
    synchronized void leaving() {
        KmsgFollower following = current;
        if (following != null) {
            following.leaving();
        }
    }

    /** Ends the recording of the current boot, once what is under way has been written. */
    synchronized void stop() {
        stop(Outage.End.OPEN);
    }

    private void stop(Outage.End why) {
        KmsgFollower old = current;
        current = null;
        if (old != null) {
            old.end(why);
        }
    }

    private synchronized @Nullable KmsgFollower current() {
        return current;
    }

    private KmsgFollower required() {
        KmsgFollower following = current();
        if (following == null) {
            throw new IllegalStateException("the kernel log of " + shell.name() + " is not being followed yet");
        }
        return following;
    }

    /** Whether the kernel log of the current boot is being followed. */
    public boolean isFollowing() {
        KmsgFollower following = current();
        return following != null && following.isFollowing();
    }

    /** The recordings, one a boot, oldest first. */
    public synchronized List<Path> recordings() {
        return List.copyOf(recordings);
    }

    /** The log of the current boot in the form of /dev/kmsg, at most its last megabyte. */
    public String text() {
        return required().recording().since(0);
    }

    /** Bytes recorded of the current boot: a mark for {@link #await}. */
    public long position() {
        return required().recording().size();
    }

    /**
     * Waits until the log of the current boot holds a match after a mark.
     *
     * @throws InfrastructureException at the deadline, with the last lines
     */
    public String await(Pattern pattern, long position, Duration limit) {
        return required().recording().await("kernel log of " + shell.name(), pattern, position, limit);
    }

    /** When the current boot was last heard, be it only a sign of life; empty before the first time. */
    @Nullable Instant lastHeard() {
        KmsgFollower following = current();
        return following == null ? null : following.lastHeard();
    }

    /** What of the current boot's log is missing, a sentence each; empty where it is whole so far. */
    List<String> gaps() {
        KmsgFollower following = current();
        return following == null ? List.of("the kernel's log is not being followed") : following.gaps();
    }

    /** The times in which a board was not heard, oldest first; the last may still be going on. */
    synchronized List<Outage> outages() {
        List<Outage> all = new ArrayList<>(outages);
        KmsgFollower following = current;
        if (following != null) {
            following.outage().ifPresent(all::add);
        }
        return List.copyOf(all);
    }

    /** Not under this object's lock: called under that of a follower, which is the inner one. */
    private void ended(Outage outage) {
        outages.add(outage);
        evidence.event("link", outage.toString());
    }

    /**
     * Waits for a mark that was written to the log.
     *
     * @return whether it came through, and so everything printed before it
     */
    boolean awaitMark(long number, Deadline deadline) {
        KmsgFollower following = current();
        return following != null && following.awaitMark(number, deadline);
    }

    /** Waits until the current boot's log is being read, so that what is asked for is not asked too early. */
    boolean awaitFollowing(Deadline deadline) {
        KmsgFollower following = current();
        return following != null && following.awaitFollowing(deadline);
    }

    /** Hands out the reports whose end was read. */
    void idle() {
        KmsgFollower following = current();
        if (following != null) {
            following.idle();
        }
    }

    /** Called now and then: hands out finished reports, and says when the board has fallen silent. */
    void tick() {
        KmsgFollower following = current();
        if (following != null) {
            following.tick();
        }
    }
}
