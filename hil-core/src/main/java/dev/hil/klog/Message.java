package dev.hil.klog;

/**
 * One message of a log: what the kernel (or somebody else) said, without what the channel put around it.
 *
 * @param line the physical line it stands on, from 1
 * @param start offset of that line's first byte
 * @param end offset after that line's last byte, its newline not included
 * @param micros the kernel's own time stamp in microseconds since boot, or -1
 * @param tag the context that printed it, as CONFIG_PRINTK_CALLER gives it: {@code T812}, {@code C1}, or empty
 * @param source who spoke
 * @param text the words, escape sequences and trailing blanks removed
 */
record Message(long line, long start, long end, long micros, String tag, Source source, String text) {

    enum Source {
        /** It carries the kernel's stamp or facility. */
        KERNEL,
        /** A process: another facility, another syslog identifier. */
        USER,
        /** Nothing says who: a console without stamps, or a process that wrote to it. */
        UNKNOWN
    }

    boolean stamped() {
        return micros >= 0;
    }
}
