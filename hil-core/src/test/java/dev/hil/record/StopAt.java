package dev.hil.record;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;

/**
 * Stops this process at a transition of its ledger, tells whoever started it, and goes on when it is told to: so that a
 * test can kill it there, or do something to its board. Transitions are counted from 1, two a line: before anything of
 * the line is written, and when it is on the disk.
 *
 * <p>{@code -Dhil.stop-at=N} stops at number N; 0 only tells each; a regular expression stops at the first transition
 * that it is found in, such as {@code before UNDONE: DEFAULT}.
 */
public final class StopAt implements LedgerListener {
    /** What a told transition begins with. */
    public static final String TOLD = "hil-transition ";

    /** What the line begins with that says that the process stands. */
    public static final String STOPPED = "hil-stopped ";

    private static final AtomicInteger COUNT = new AtomicInteger();
    private static final AtomicBoolean STOOD = new AtomicBoolean();

    private final String at = System.getProperty("hil.stop-at", "");

    @Override
    public void before(LedgerEntry entry) {
        transition(entry, "before");
    }

    @Override
    public void after(LedgerEntry entry) {
        transition(entry, "after");
    }

    private void transition(LedgerEntry entry, String when) {
        if (at.isEmpty()) {
            return;
        }
        int number = COUNT.incrementAndGet();
        Undo undo = entry.undo();
        String what = "%d %s %s%s: %s"
                .formatted(
                        number,
                        when,
                        entry.kind(),
                        undo == null ? "" : " " + undo.getClass().getSimpleName(),
                        entry.what().replace('\n', ' '));
        System.out.println(TOLD + what);
        if (isMeant(number, what)) {
            System.out.println(STOPPED + what);
            System.out.flush();
            awaitWord();
        }
    }

    private boolean isMeant(int number, String what) {
        return at.matches("\\d+")
                ? number == Integer.parseInt(at)
                : !STOOD.get() && Pattern.compile(at).matcher(what).find() && STOOD.compareAndSet(false, true);
    }

    private static void awaitWord() {
        try {
            // The end of the input is a word too: nobody is left who could give another.
            int word = System.in.read();
            System.out.println("going on after " + word);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
