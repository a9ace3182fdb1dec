package dev.hil.klog;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Cuts a stream of bytes into physical lines, whatever the size of the pieces it comes in, and gives the interpreter
 * those it needs: all of them while something is open, else only the lines with a fixed string of {@link Literals} in
 * them or with a time stamp that goes back.
 */
final class Lines {

    /** The kernel writes no message longer than 1 KiB; what exceeds this is no log, and is looked at in pieces. */
    static final int MAX_LINE = 4096;

    private static final VarHandle BIG_ENDIAN =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    /** A point, six digits, a bracket; adding six carries out of what is no digit. */
    private static final long FRACTION = 0x2e3030303030305dL;

    private static final long FRACTION_MASK = 0xfff0f0f0f0f0f0ffL;
    private static final long SIXES = 0x0006060606060600L;
    /** Where the point stands in {@code [12345.123456]}, the stamp's usual width. */
    private static final int POINT = 6;

    private static final int SECONDS_SHIFT = 24;
    private static final int SHORTEST_STAMPED = 16;

    private final Interpreter interpreter;
    private final Survey survey = new Survey(Literals.ALL);
    /** The start of a line whose end is still to come. */
    private final byte[] carry = new byte[MAX_LINE];

    private int carried;
    private long count;
    private long offset;
    private boolean inLongLine;
    /** The first eight digits of the newest stamp that was skipped, and where it stands in the piece, or -1. */
    private long lastKey = Long.MAX_VALUE;

    private int lastStamped = -1;

    Lines(Interpreter interpreter) {
        this.interpreter = interpreter;
    }

    void accept(byte[] bytes, int from, int length) {
        int to = from + length;
        int at = from;
        if (carried > 0 || inLongLine) {
            at = finishCarried(bytes, from, to);
        }
        int whole = lastNewline(bytes, at, to) + 1;
        while (at < whole) {
            at = block(bytes, at, whole);
        }
        keep(bytes, Math.max(at, whole), to);
    }

    private int finishCarried(byte[] bytes, int from, int to) {
        int newline = from;
        while (newline < to && bytes[newline] != '\n') {
            newline++;
        }
        keep(bytes, from, newline);
        if (newline == to) {
            return to;
        }
        if (carried > 0 || !inLongLine) {
            give(carry, 0, carried);
            carried = 0;
        }
        inLongLine = false;
        offset++;
        return newline + 1;
    }

    /** Holds back what has no newline yet; hands out what is too long to be a line. */
    private void keep(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to) {
            if (carried == MAX_LINE) {
                give(carry, 0, carried);
                carried = 0;
                inLongLine = true;
            }
            int part = Math.min(to - at, MAX_LINE - carried);
            System.arraycopy(bytes, at, carry, carried, part);
            carried += part;
            at += part;
        }
    }

    private static int lastNewline(byte[] bytes, int from, int to) {
        int at = to - 1;
        while (at >= from && bytes[at] != '\n') {
            at--;
        }
        return at < from ? from - 1 : at;
    }

    private void line(byte[] bytes, int from, int newline) {
        int at = from;
        while (newline - at > MAX_LINE) {
            give(bytes, at, at + MAX_LINE);
            inLongLine = true;
            at += MAX_LINE;
        }
        give(bytes, at, newline);
        inLongLine = false;
        offset++;
    }

    private void give(byte[] bytes, int from, int to) {
        if (!inLongLine) {
            count++;
        }
        interpreter.line(bytes, from, to, count, offset);
        offset += to - from;
    }

    /** Takes some whole lines, and returns where the next begins. */
    private int block(byte[] bytes, int from, int to) {
        int end = to - from <= Survey.MAX_BLOCK ? to : lastNewline(bytes, from, from + Survey.MAX_BLOCK) + 1;
        if (end == from) {
            int newline = newline(bytes, from + Survey.MAX_BLOCK, to);
            line(bytes, from, newline);
            return newline + 1;
        }
        survey.of(bytes, from, end);
        int start = from;
        int line = 0;
        while (line < survey.lines()) {
            if (interpreter.idle()) {
                int before = line;
                line = skip(bytes, start, line);
                start = line == before ? start : survey.end(line - 1) + 1;
            }
            if (line < survey.lines()) {
                line(bytes, start, survey.end(line));
                start = survey.end(line) + 1;
                line++;
            }
        }
        return end;
    }

    /** Goes over lines that need not be read, up to the first that must; returns which that is. */
    private int skip(byte[] bytes, int from, int line) {
        int stop = survey.next(from);
        lastKey = Long.MAX_VALUE;
        lastStamped = -1;
        int start = from;
        int next = line;
        while (next < survey.lines()) {
            int newline = survey.end(next);
            if (newline >= stop) {
                break;
            }
            if (isNextStamp(bytes, start, newline)) {
                lastStamped = start;
                count++;
                offset += newline - start + 1;
            } else if (mustRead(bytes, start, newline)) {
                break;
            }
            start = newline + 1;
            next++;
        }
        passStamps(bytes);
        return next;
    }

    /** The usual case: a line with a stamp in the same second as the last, and not before it. */
    private boolean isNextStamp(byte[] bytes, int start, int to) {
        if (to - start < SHORTEST_STAMPED || to - start > MAX_LINE || bytes[start] != '[') {
            return false;
        }
        long key = (long) BIG_ENDIAN.get(bytes, start + 1);
        long fraction = (long) BIG_ENDIAN.get(bytes, start + POINT);
        if (key < lastKey
                || key >>> SECONDS_SHIFT != lastKey >>> SECONDS_SHIFT
                || (fraction & FRACTION_MASK) != FRACTION
                || ((fraction + SIXES) & FRACTION_MASK) != FRACTION) {
            return false;
        }
        lastKey = key;
        return true;
    }

    /** Counts a line that is skipped; true if it cannot be. */
    private boolean mustRead(byte[] bytes, int start, int newline) {
        int length = newline - start;
        if (length > MAX_LINE) {
            return true;
        }
        if (length >= SHORTEST_STAMPED && isUsualStamp(bytes, start)) {
            // Digits of one width compare like the numbers they are; only a smaller one is worth reading.
            long key = (long) BIG_ENDIAN.get(bytes, start + 1);
            if (key < lastKey && !isStampInOrder(bytes, start, newline)) {
                return true;
            }
            lastKey = key;
            lastStamped = start;
        } else if (length > 0 && !isStampInOrder(bytes, start, newline)) {
            return true;
        }
        count++;
        offset += length + 1;
        return false;
    }

    /** {@code [12345.123456]}, the seconds padded with blanks. */
    private static boolean isUsualStamp(byte[] bytes, int start) {
        if (bytes[start] != '[' || bytes[start + POINT] != '.') {
            return false;
        }
        long fraction = (long) BIG_ENDIAN.get(bytes, start + POINT);
        if ((fraction & FRACTION_MASK) != FRACTION || ((fraction + SIXES) & FRACTION_MASK) != FRACTION) {
            return false;
        }
        int at = start + 1;
        while (bytes[at] == ' ') {
            at++;
        }
        int digit = at;
        while (bytes[digit] >= '0' && bytes[digit] <= '9') {
            digit++;
        }
        return digit > at && digit == start + POINT;
    }

    private boolean isStampInOrder(byte[] bytes, int start, int newline) {
        if (lastStamped >= 0) {
            passStamp(bytes, lastStamped);
        }
        if (newline - start > 1) {
            interpreter.skippedText();
        }
        long micros = Stamps.micros(bytes, start, newline);
        if (micros < 0) {
            return true;
        }
        if (interpreter.goesBack(micros)) {
            return false;
        }
        interpreter.skippedStamp(micros);
        lastKey = Long.MAX_VALUE;
        lastStamped = -1;
        return true;
    }

    private void passStamp(byte[] bytes, int start) {
        long micros = Stamps.micros(bytes, start, Math.min(bytes.length, start + 64));
        if (micros >= 0) {
            interpreter.skippedStamp(micros);
        }
    }

    private void passStamps(byte[] bytes) {
        if (lastStamped >= 0) {
            passStamp(bytes, lastStamped);
            lastStamped = -1;
        }
    }

    private static int newline(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to && bytes[at] != '\n') {
            at++;
        }
        return at;
    }

    long finish() {
        if (carried > 0) {
            give(carry, 0, carried);
            carried = 0;
        }
        return count;
    }

    long count() {
        return count;
    }
}
