package dev.hil.klog;

/** Hears what a {@link KlogScanner} finds, in the thread that feeds it. */
public interface KlogListener {

    /**
     * A report has begun: its headline was just read. The board may never print the rest.
     *
     * @param line the physical line of the headline
     * @param headline its words
     */
    default void started(Kind kind, long line, String headline) {}

    /** A report is over, or the log is. Every report that {@link #started} is told of comes here once. */
    default void finding(Finding finding) {}

    /** A boot is over: the next one has begun, or the log has ended. */
    default void boot(Boot boot) {}
}
