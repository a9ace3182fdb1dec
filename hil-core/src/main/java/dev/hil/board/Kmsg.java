package dev.hil.board;

import dev.hil.link.Command;
import dev.hil.link.InfrastructureException;
import dev.hil.link.Recording;
import dev.hil.link.Shell;
import dev.hil.record.Evidence;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The live kernel log, /dev/kmsg followed over ssh, a recording for each boot. It begins with the oldest line that the
 * kernel still has, so a boot's log is whole even though the follower joins it late.
 */
public final class Kmsg {
    private static final Duration LONGEST_BOOT = Duration.ofDays(30);

    private final Shell shell;
    private final Evidence evidence;
    private final List<Path> recordings = new ArrayList<>();
    private @Nullable Recording current;
    private Shell.@Nullable Stream stream;

    Kmsg(Shell shell, Evidence evidence) {
        this.shell = shell;
        this.evidence = evidence;
    }

    /** Follows a boot that has just been reached. */
    synchronized void follow(Boot boot) {
        stop();
        Path file = evidence.file("kmsg-%02d-%s.log".formatted(recordings.size() + 1, boot.shortId()));
        Recording recording = new Recording(file);
        recordings.add(file);
        current = recording;
        // Asking the board for it takes a moment that whoever waits for the boot need not wait for.
        Thread starter = new Thread(() -> start(recording), "hil-kmsg-start");
        starter.setDaemon(true);
        starter.start();
    }

    private void start(Recording recording) {
        Shell.Stream started;
        try {
            started = shell.stream(Command.of("cat", "/dev/kmsg").root(), bytes -> append(recording, bytes));
        } catch (InfrastructureException e) {
            evidence.event("kmsg", "cannot be followed: " + e.getMessage());
            return;
        }
        if (!adopt(recording, started)) {
            started.close();
            return;
        }
        started.awaitEnd(LONGEST_BOOT);
        if (isCurrent(recording)) {
            evidence.event("kmsg", "is followed no longer: " + started.endReason());
        }
    }

    private synchronized boolean adopt(Recording recording, Shell.Stream started) {
        if (!isCurrent(recording)) {
            return false;
        }
        stream = started;
        return true;
    }

    private synchronized boolean isCurrent(Recording recording) {
        return current == recording;
    }

    private static void append(Recording recording, byte[] bytes) {
        try {
            recording.append(bytes, bytes.length);
        } catch (IOException e) {
            throw new InfrastructureException("cannot record the kernel log to " + recording.file(), e);
        }
    }

    /** Ends the recording of the current boot, once what is under way has been written. */
    synchronized void stop() {
        Shell.Stream oldStream = stream;
        Recording oldRecording = current;
        stream = null;
        current = null;
        if (oldStream == null || oldRecording == null) {
            return;
        }
        oldStream.close();
        // Not on the caller's thread: the link of a board that was reset takes seconds to be known as dead.
        Thread closer = new Thread(
                () -> {
                    if (oldStream.awaitEnd(Duration.ofSeconds(10))) {
                        oldRecording.close();
                    }
                },
                "hil-kmsg-end");
        closer.setDaemon(true);
        closer.start();
    }

    /** Whether the kernel log of the current boot is being followed. */
    public synchronized boolean isFollowing() {
        return stream != null && stream.isOpen();
    }

    /** The recordings, one a boot, oldest first. */
    public synchronized List<Path> recordings() {
        return List.copyOf(recordings);
    }

    /** The log of the current boot in the form of /dev/kmsg, at most its last megabyte. */
    public String text() {
        return recording().since(0);
    }

    /** Bytes recorded of the current boot: a mark for {@link #await}. */
    public long position() {
        return recording().size();
    }

    /**
     * Waits until the log of the current boot holds a match after a mark.
     *
     * @throws InfrastructureException at the deadline, with the last lines
     */
    public String await(Pattern pattern, long position, Duration limit) {
        return recording().await("kernel log of " + shell.name(), pattern, position, limit);
    }

    private synchronized Recording recording() {
        if (current == null) {
            throw new IllegalStateException("the kernel log of " + shell.name() + " is not being followed yet");
        }
        return current;
    }
}
