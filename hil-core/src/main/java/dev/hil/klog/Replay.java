package dev.hil.klog;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Tells a log that somebody printed to the console ({@code dmesg}) from another boot. Both start with the kernel's
 * banner, or with a time stamp that goes back. But what is printed again has the stamps it had: no two boots share them
 * to the microsecond, a few lines at the very start apart. So the first lines of each boot are remembered, and where it
 * is not clear what begins, lines are held back until it is.
 */
final class Replay {

    /** A line as it came. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Line(byte[] bytes, long number, long offset) {}

    private enum State {
        NONE,
        UNDECIDED,
        /** Until a stamp comes that is newer than all before. */
        REPLAY
    }

    /** Stamps below are much the same in every boot of a board. */
    private static final long FIRST_MICROS = 100_000;
    /** A board with so coarse a clock gives the same stamps in every boot. */
    private static final long COARSE = 1000;
    /** What a boot prints later is not remembered. */
    private static final long LAST_MICROS = 30_000_000;

    private static final int MAX_REMEMBERED = 4096;
    private static final int MAX_HELD = 1000;
    /** So many stamped lines decide, of which three in four must be known. */
    private static final int WITNESSES = 24;

    private static final int FEWEST = 3;
    /** Lines of stuck CPUs can be late by so much; a boot does not begin at such a time. */
    private static final long LATE_MICROS = 60_000_000;

    private final Set<Long> remembered = new HashSet<>();
    private int linesOfBoot;
    private boolean remembering = true;
    private State state = State.NONE;
    private final List<Line> held = new ArrayList<>();
    private int witnesses;
    private int known;
    private boolean settled;
    /** The stamp that went back is too late for a boot to begin with. */
    private boolean late;

    /** Whether each line is needed, to be remembered or to be held back. */
    boolean wantsEveryLine() {
        return remembering || state == State.UNDECIDED;
    }

    boolean undecided() {
        return state == State.UNDECIDED;
    }

    /** True while what comes was said before. */
    boolean on() {
        return state == State.REPLAY;
    }

    /** Another boot has begun: what is remembered of the one before is of no use. */
    void newBoot() {
        remembered.clear();
        linesOfBoot = 0;
        remembering = true;
        state = State.NONE;
    }

    void remember(List<Message> messages) {
        if (!remembering) {
            return;
        }
        for (Message message : messages) {
            if (isWitness(message)) {
                remembered.add(key(message));
            }
            remembering &= message.micros() <= LAST_MICROS;
        }
        remembering &= ++linesOfBoot < MAX_REMEMBERED && remembered.size() < MAX_REMEMBERED;
    }

    /**
     * A line that may begin another boot.
     *
     * @param banner it says so itself; false if only its stamp goes back
     * @param behind by how much, in microseconds
     * @return false where it is another boot for all one can tell
     */
    boolean suspect(boolean banner, long micros, long behind) {
        if (settled) {
            return false;
        }
        if (remembered.size() >= FEWEST) {
            state = State.UNDECIDED;
            late = !banner && isLate(micros, behind);
            witnesses = 0;
            known = 0;
            return true;
        }
        if (!banner && isLate(micros, behind)) {
            state = State.REPLAY;
            return true;
        }
        return false;
    }

    private static boolean isLate(long micros, long behind) {
        return micros > LAST_MICROS && behind < LATE_MICROS;
    }

    /** Holds a line back. */
    void hold(byte[] bytes, int from, int to, long number, long offset) {
        held.add(new Line(Arrays.copyOfRange(bytes, from, to), number, offset));
    }

    /** Weighs what was held back last; true once it is known what has begun. */
    boolean weigh(List<Message> messages) {
        for (Message message : messages) {
            if (isWitness(message)) {
                witnesses++;
                known += remembered.contains(key(message)) ? 1 : 0;
            }
        }
        return witnesses >= WITNESSES || held.size() >= MAX_HELD;
    }

    /**
     * Decides, and gives back what was held.
     *
     * @param goesOn whether the stamps have reached those before, which no boot does so soon
     */
    List<Line> decide(boolean goesOn) {
        boolean replay = known >= FEWEST ? goesOn || known * 4 >= witnesses * 3 : late;
        state = replay ? State.REPLAY : State.NONE;
        List<Line> lines = List.copyOf(held);
        held.clear();
        settled = true;
        return lines;
    }

    /** What was held has been read: from here on it is open again what begins. */
    void read() {
        settled = false;
    }

    /** The log goes on where it was. */
    void end() {
        if (state == State.REPLAY) {
            state = State.NONE;
        }
    }

    private static boolean isWitness(Message message) {
        return message.micros() >= FIRST_MICROS && message.micros() <= LAST_MICROS && message.micros() % COARSE != 0;
    }

    static long key(Message message) {
        return message.micros() * 0x9e3779b97f4a7c15L ^ message.text().hashCode();
    }
}
