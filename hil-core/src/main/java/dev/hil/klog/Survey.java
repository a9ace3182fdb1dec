package dev.hil.klog;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * What one pass over a block of whole lines tells: where each of them ends, and which places are worth a closer look for
 * one of the {@link Literals}. Made once and used again for each block.
 */
final class Survey {

    /** Of a block, in bytes: what it notes of one stays in the processor's cache. */
    static final int MAX_BLOCK = 1 << 14;

    private static final int STEP = 2 * Long.BYTES;
    /** That are looked up in a step, a bit each. */
    private static final int PLACES = STEP / Literals.STRIDE;

    private static final int ALL_PLACES = (1 << PLACES) - 1;
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGHS = 0x8080808080808080L;
    private static final long NEWLINES = ONES * '\n';

    private final Literals literals;
    private final int[] ends = new int[MAX_BLOCK];
    /** Steps with something in them: how far into the block, and at which places. */
    private final int[] suspects = new int[MAX_BLOCK / STEP + 1];

    private int lines;
    private int suspected;
    private int looked;
    private byte[] bytes = new byte[0];
    private int from;
    private int to;

    Survey(Literals literals) {
        this.literals = literals;
    }

    /**
     * Goes over a block.
     *
     * @param from start of a line
     * @param to behind a newline, at most {@value #MAX_BLOCK} after {@code from}
     */
    void of(byte[] bytes, int from, int to) {
        this.bytes = bytes;
        this.from = from;
        this.to = to;
        looked = 0;
        lines = 0;
        int suspicious = 0;
        byte[] watched = literals.watched();
        int at = from;
        for (; at + STEP <= to; at += STEP) {
            long first = (long) LONGS.get(bytes, at);
            long second = (long) LONGS.get(bytes, at + Long.BYTES);
            int suspect = watched[Literals.hash((int) first)]
                    | watched[Literals.hash((int) (first >>> 32))] << 1
                    | watched[Literals.hash((int) second)] << 2
                    | watched[Literals.hash((int) (second >>> 32))] << 3;
            if (suspect != 0) {
                suspects[suspicious++] = (at - from) << PLACES | suspect;
            }
            // A high bit is left standing for each newline, and perhaps for bytes behind one in the same word.
            first ^= NEWLINES;
            second ^= NEWLINES;
            long inFirst = (first - ONES) & ~first & HIGHS;
            long inSecond = (second - ONES) & ~second & HIGHS;
            if ((inFirst | inSecond) != 0) {
                newlines(at, inFirst, inSecond);
            }
        }
        if (at < to) {
            suspects[suspicious++] = (at - from) << PLACES | ALL_PLACES;
            newlinesOneByOne(at, to);
        }
        suspected = suspicious;
    }

    private void newlines(int at, long inFirst, long inSecond) {
        if (((inFirst & (inFirst - 1)) | (inSecond & (inSecond - 1))) != 0) {
            newlinesOneByOne(at, at + STEP);
            return;
        }
        if (inFirst != 0) {
            ends[lines++] = at + (Long.numberOfTrailingZeros(inFirst) >>> 3);
        }
        if (inSecond != 0) {
            ends[lines++] = at + Long.BYTES + (Long.numberOfTrailingZeros(inSecond) >>> 3);
        }
    }

    private void newlinesOneByOne(int start, int end) {
        for (int at = start; at < end; at++) {
            if (bytes[at] == '\n') {
                ends[lines++] = at;
            }
        }
    }

    /** Number of lines in the block. */
    int lines() {
        return lines;
    }

    /** Where the newline of a line stands, counted from 0. */
    int end(int line) {
        return ends[line];
    }

    /**
     * The next string.
     *
     * @param start of a line, never before one that was asked for earlier
     * @return a place in the line that holds it, or the end of the block
     */
    int next(int start) {
        while (looked < suspected) {
            int suspect = suspects[looked];
            int step = from + (suspect >>> PLACES);
            for (int left = suspect & ALL_PLACES; left != 0; left &= left - 1) {
                int at = step + Literals.STRIDE * Integer.numberOfTrailingZeros(left);
                // What is watched of a string may begin one byte before it.
                if (at + 1 >= start && at + 1 < to && literals.standsAround(bytes, at, from, to)) {
                    return at + 1;
                }
            }
            looked++;
        }
        return to;
    }
}
