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
    /** init/main.c prints the first; what follows are the first words of common user spaces. */
    private static final Pattern USER_SPACE =
            Pattern.compile("Run /\\S+ as init process|systemd\\[1\\]: |login: |Please press Enter to activate");
    /** Longer than a match, so that one cut by two reads is found. */
    private static final int OVERLAP = 80;

    private final Console console;
    private final long start;
    private long position;
    private boolean seen;

    ConsolePace(Console console, long position) {
        this.console = console;
        this.start = position;
        this.position = position;
    }

    @Override
    public synchronized KnockPace get() {
        if (!seen) {
            long end = console.position();
            if (end > position) {
                seen = USER_SPACE
                        .matcher(console.since(Math.max(start, position - OVERLAP)))
                        .find();
                position = end;
            }
        }
        return seen ? KnockPace.EAGER : KnockPace.PATIENT;
    }
}
