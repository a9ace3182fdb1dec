package dev.hil.board;

import dev.hil.klog.KnownIssues;
import dev.hil.link.Console;
import dev.hil.link.Deadline;
import dev.hil.link.InfrastructureException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Reads what the console records as it arrives: for the reports of the kernel, and for the canary and the marks, which
 * say that the console shows what the kernel logs, and how far it has come.
 */
final class SerialWatch {
    private static final Duration TICK = Duration.ofMillis(100);
    private static final int MOST_AT_ONCE = 1 << 20;
    private static final int MARK_OVERLAP = 200;

    private final Console console;
    private final LogScan scan;
    private final Object reading = new Object();
    /** Guarded by {@code reading}, as is what follows. */
    private long position;

    private String tail = "";

    /** Guarded by this, as are all below. */
    private @Nullable Canary canary;

    private long mark = -1;
    private boolean carries;
    /** Where the console stood when the boot before was last left; what the present one has printed comes later. */
    private long left;

    private long begun;

    SerialWatch(Console console, KnownIssues known, LogScan.Listener findings) {
        this.console = console;
        this.scan = new LogScan(Channel.SERIAL, "", console.recording(), known, findings);
    }

    /** The number of the boot that the console shows now. */
    int boot() {
        return scan.boot();
    }

    /** A boot was reached: from now on its canary is looked for. */
    synchronized void arrived(Canary ofBoot) {
        begun = left;
        canary = ofBoot;
        carries = false;
        mark = -1;
    }

    /** Whether the console has shown this boot's canary, and so shows what is printed as a warning. */
    synchronized boolean carries() {
        return carries;
    }

    /** The boot goes down, or cannot be heard: what comes from here on may be the next one's. */
    synchronized void leaving() {
        left = console.position();
    }

    /** Whether all that this boot has printed was read: the line was never lost, nor read by somebody else too. */
    synchronized boolean isWhole() {
        return console.isOpen() && console.gaps().stream().noneMatch(gap -> gap.position() >= begun);
    }

    /** Hands out the reports whose end was read. */
    void idle() {
        scan.idle();
    }

    /** Hands out what is still open, as it is. */
    void finish() {
        scan.finish();
    }

    /** Takes what the console has recorded since the last time; returns how many bytes that was. */
    long read() {
        synchronized (reading) {
            long total = 0;
            long end = console.position();
            try (RandomAccessFile in = new RandomAccessFile(scan.log().toFile(), "r")) {
                while (position < end) {
                    byte[] bytes = new byte[(int) Math.min(MOST_AT_ONCE, end - position)];
                    in.seek(position);
                    in.readFully(bytes);
                    scan.accept(bytes, bytes.length);
                    lookForMarks(bytes);
                    position += bytes.length;
                    total += bytes.length;
                }
            } catch (IOException e) {
                throw new InfrastructureException("cannot read back the console's recording " + scan.log(), e);
            }
            return total;
        }
    }

    /** Waits until a mark is shown; true also where the console shows no marks. */
    boolean awaitMark(long number, Deadline deadline) {
        read();
        synchronized (this) {
            while (carries && mark < number) {
                if (deadline.isOver()) {
                    return false;
                }
                try {
                    wait(deadline.atMost(TICK).toMillis());
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return false;
                }
            }
            return true;
        }
    }

    private void lookForMarks(byte[] bytes) {
        Canary wanted;
        synchronized (this) {
            wanted = canary;
        }
        if (wanted == null) {
            return;
        }
        String text = tail + new String(bytes, StandardCharsets.ISO_8859_1);
        boolean shown = text.contains(wanted.text());
        long newest = -1;
        String begin = wanted.mark();
        for (int at = text.indexOf(begin); at >= 0; at = text.indexOf(begin, at + 1)) {
            int from = at + begin.length();
            int to = from;
            while (to < text.length() && to - from < 18 && Character.digit(text.charAt(to), 10) >= 0) {
                to++;
            }
            // A number at the very end may not be whole yet.
            if (to > from && to < text.length()) {
                newest = Math.max(newest, Long.parseLong(text.substring(from, to)));
            }
        }
        tail = text.substring(Math.max(0, text.length() - MARK_OVERLAP));
        synchronized (this) {
            carries |= shown;
            mark = Math.max(mark, newest);
            notifyAll();
        }
    }
}
