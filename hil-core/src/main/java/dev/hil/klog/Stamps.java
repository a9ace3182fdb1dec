package dev.hil.klog;

/** Reads the kernel's time stamp at the very start of a line, without decoding the line. */
final class Stamps {

    private static final int MAX_DIGITS = 12;

    private Stamps() {}

    /**
     * The stamp of a line in console, {@code dmesg}, {@code dmesg -r} or /dev/kmsg form.
     *
     * @return microseconds since boot, or -1
     */
    static long micros(byte[] bytes, int from, int to) {
        int at = from;
        if (at < to && bytes[at] == '<') {
            at = afterDigits(bytes, at + 1, to);
            if (at >= to || bytes[at] != '>') {
                return -1;
            }
            at++;
        }
        if (at >= to) {
            return -1;
        }
        return bytes[at] == '[' ? bracketed(bytes, at + 1, to) : isDigit(bytes[at]) ? kmsg(bytes, at, to) : -1;
    }

    private static long bracketed(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to && bytes[at] == ' ' && at - from < MAX_DIGITS) {
            at++;
        }
        int dot = afterDigits(bytes, at, to);
        int end = dot + 7;
        if (dot == at || end >= to || bytes[dot] != '.' || bytes[end] != ']') {
            return -1;
        }
        if (afterDigits(bytes, dot + 1, end) != end) {
            return -1;
        }
        return number(bytes, at, dot) * 1_000_000 + number(bytes, dot + 1, end);
    }

    /** {@code priority,sequence,microseconds,flags[,…];message}, see Documentation/ABI/testing/dev-kmsg. */
    private static long kmsg(byte[] bytes, int from, int to) {
        int first = afterDigits(bytes, from, to);
        int second = comma(bytes, first, to) ? afterDigits(bytes, first + 1, to) : to;
        int third = comma(bytes, second, to) ? afterDigits(bytes, second + 1, to) : to;
        if (!comma(bytes, third, to) || second == first + 1 || third == second + 1) {
            return -1;
        }
        return number(bytes, second + 1, third);
    }

    private static boolean comma(byte[] bytes, int at, int to) {
        return at < to && bytes[at] == ',';
    }

    /** The first place from {@code from} that is no digit; gives up after as many digits as a stamp can have. */
    private static int afterDigits(byte[] bytes, int from, int to) {
        int at = from;
        int stop = Math.min(to, from + MAX_DIGITS);
        while (at < stop && isDigit(bytes[at])) {
            at++;
        }
        return at;
    }

    private static long number(byte[] bytes, int from, int to) {
        long value = 0;
        for (int i = from; i < to; i++) {
            value = value * 10 + (bytes[i] - '0');
        }
        return value;
    }

    private static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }
}
