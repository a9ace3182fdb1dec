package dev.hil.board;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Takes what a reader of /dev/kmsg sends, and lets each record through once. A reader always begins with the oldest
 * record that the kernel still has (Documentation/ABI/testing/dev-kmsg), so after each new beginning the records that
 * came before are left out, and a jump of the sequence numbers says how many were overwritten before they were read.
 *
 * <p>Not for several threads at once.
 */
final class KmsgLines {
    /** Longer than the kernel's longest record with its dictionary (CONSOLE_EXT_LOG_MAX, 8 KiB). */
    private static final int LONGEST = 16 * 1024;

    static final String BOOT = "hil-boot ";

    /** Hears what the records do not say. */
    interface Listener {
        /** The reader says which boot it reads. */
        default void boot(String id) {}

        /** Records were overwritten before they were read; from the boot's beginning on where {@code first} is 0. */
        default void lost(long first, long count) {}

        /** A mark has come through, see {@link Canary}. */
        default void mark(long number) {}
    }

    private final Listener listener;
    private final String mark;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private long last = -1;
    private boolean keep;

    /** @param mark what the marks to be told of begin with */
    KmsgLines(String mark, Listener listener) {
        this.mark = mark;
        this.listener = listener;
    }

    /** The sequence number of the last record, or -1. */
    long last() {
        return last;
    }

    /** A new reader begins; what the last one left unfinished is dropped, since it comes again. */
    void begin() {
        line.reset();
        keep = false;
    }

    /** Takes the next bytes and returns the whole lines of new records among them. */
    byte[] accept(byte[] bytes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int from = 0;
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == '\n') {
                line.write(bytes, from, i + 1 - from);
                from = i + 1;
                end(out);
            }
        }
        line.write(bytes, from, bytes.length - from);
        if (line.size() > LONGEST) {
            end(out);
        }
        return out.toByteArray();
    }

    private void end(ByteArrayOutputStream out) {
        byte[] whole = line.toByteArray();
        line.reset();
        if (whole[0] >= '0' && whole[0] <= '9') {
            keep = record(whole);
        } else if (whole[0] != ' ') {
            keep = false;
            String text = new String(whole, StandardCharsets.UTF_8).strip();
            if (text.startsWith(BOOT)) {
                listener.boot(text.substring(BOOT.length()));
            }
        }
        if (keep) {
            out.writeBytes(whole);
        }
    }

    /** {@code priority,sequence,microseconds,flags[,…];message} */
    private boolean record(byte[] whole) {
        long sequence = sequence(whole);
        if (sequence < 0 || sequence <= last) {
            return false;
        }
        if (sequence != last + 1) {
            listener.lost(last + 1, sequence - last - 1);
        }
        last = sequence;
        String text = new String(whole, StandardCharsets.UTF_8);
        int at = text.indexOf(mark);
        if (at >= 0) {
            long number = number(text, at + mark.length());
            if (number >= 0) {
                listener.mark(number);
            }
        }
        return true;
    }

    private static long sequence(byte[] whole) {
        int at = 0;
        while (at < whole.length && whole[at] != ',') {
            at++;
        }
        return number(new String(whole, 0, Math.min(whole.length, at + 24), StandardCharsets.ISO_8859_1), at + 1);
    }

    private static long number(String text, int from) {
        int to = from;
        while (to < text.length() && to - from < 18 && Character.digit(text.charAt(to), 10) >= 0) {
            to++;
        }
        boolean tooLong = to < text.length() && Character.digit(text.charAt(to), 10) >= 0;
        return to <= from || tooLong ? -1 : Long.parseLong(text.substring(from, to));
    }
}
