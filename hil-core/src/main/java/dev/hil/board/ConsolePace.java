package dev.hil.board;

import dev.hil.link.Console;
import dev.hil.link.KnockPace;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * Reads from the console how far a boot has come. Patient until the kernel starts user space, then eager; a console
 * that stays mute (a quiet kernel) says nothing, and is not relied upon for long.
 */
final class ConsolePace implements Supplier<KnockPace> {
    /** What init/main.c prints, once a boot. */
    private static final Pattern INIT = Pattern.compile("Run /\\S+ as init process");
    /** The first words of common user spaces, for kernels that are quiet; others say them later too. */
    private static final Pattern USER_SPACE =
            Pattern.compile("systemd\\[1\\]: |login: |Please press Enter to activate");
    /** Longer than a match, so that one cut by two reads is found. */
    private static final int OVERLAP = 80;

    private final Console console;
    private final long reached;
    private final long lost;
    private long position;
    private boolean seen;

    /**
     * @param reached where the recording stood when the last boot was reached: an init that runs since is another's
     * @param lost where it stood when that boot was last there
     */
    ConsolePace(Console console, long reached, long lost) {
        this.console = console;
        this.reached = reached;
        this.lost = lost;
        this.position = reached;
    }

    @Override
    public synchronized KnockPace get() {
        if (!seen) {
            long end = console.position();
            if (end > position) {
                long from = position - OVERLAP;
                seen = INIT.matcher(console.since(Math.max(reached, from))).find()
                        || (end > lost
                                && USER_SPACE
                                        .matcher(console.since(Math.max(lost, from)))
                                        .find());
                position = end;
            }
        }
        return seen ? KnockPace.EAGER : KnockPace.PATIENT;
    }
}
