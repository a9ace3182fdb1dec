package dev.hil.klog;

/**
 * One of the tables of fixed size lockdep works in. A full one turns it off ({@code BUG: MAX_LOCKDEP_… too low!}).
 *
 * @param name as /proc/lockdep_stats calls it: {@code lock-classes}, {@code dependency chains}, …
 * @param used how many entries are taken, or -1 where the log has only the size
 * @param max how many there are
 */
public record LockdepTable(String name, long used, long max) {

    /** How much is free, in percent, rounded down; -1 where the log does not say. */
    public int headRoom() {
        return used < 0 || max <= 0 ? -1 : (int) ((max - Math.min(used, max)) * 100 / max);
    }

    @Override
    public String toString() {
        return used < 0 ? name + " max " + max : name + " " + used + " of " + max + " (" + headRoom() + " % free)";
    }
}
