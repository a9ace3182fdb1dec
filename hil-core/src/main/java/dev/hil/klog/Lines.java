package dev.hil.klog;

/** Cuts a stream of bytes into physical lines, whatever the size of the pieces it comes in. */
final class Lines {

    /** The kernel writes no message longer than 1 KiB; what exceeds this is no log, and is looked at in pieces. */
    static final int MAX_LINE = 4096;

    private final Interpreter interpreter;
    private final byte[] carry = new byte[MAX_LINE];
    private int carried;
    private long count;
    private long offset;
    private boolean inLongLine;

    Lines(Interpreter interpreter) {
        this.interpreter = interpreter;
    }

    void accept(byte[] bytes, int from, int length) {
        int to = from + length;
        int start = from;
        for (int i = from; i < to; i++) {
            if (bytes[i] == '\n') {
                piece(bytes, start, i);
                end();
                start = i + 1;
            }
        }
        piece(bytes, start, to);
    }

    private void piece(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (carried == MAX_LINE) {
                give();
            }
            carry[carried++] = bytes[i];
        }
    }

    private void give() {
        if (!inLongLine) {
            count++;
        }
        interpreter.line(carry, 0, carried, count, offset);
        offset += carried;
        carried = 0;
        inLongLine = true;
    }

    private void end() {
        if (carried > 0 || !inLongLine) {
            give();
        }
        inLongLine = false;
        offset++;
    }

    long finish() {
        if (carried > 0) {
            give();
        }
        return count;
    }

    long count() {
        return count;
    }
}
