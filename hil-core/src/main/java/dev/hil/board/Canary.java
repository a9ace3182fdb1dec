package dev.hil.board;

import dev.hil.link.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * What is written into the log of each boot and must come back after the reset that ends it. That it did tells "nothing
 * was captured" from "nothing happened"; as its content is known, the bits that the memory has lost can be counted.
 *
 * @param nonce sixteen hexadecimal digits, of this boot alone
 */
record Canary(String nonce) {
    private static final int BLOCKS = 4;
    /** A line with more wrong bits than this part of all is another line: two canaries differ in a quarter. */
    private static final double MOST_WRONG = 0.1;

    private static final String PREFIX = "hil-canary-";

    /** Whether a line is one that some run has written to the log. */
    static boolean isIn(String line) {
        return line.contains(PREFIX);
    }

    static Canary random() {
        return new Canary(HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong()));
    }

    /** What each of its lines begins with, in whatever channel. */
    String text() {
        return PREFIX + nonce;
    }

    /** What the lines begin with that mark a point of the log; a number follows. */
    String mark() {
        return text() + " mark ";
    }

    /** The lines with known content. */
    List<String> blocks() {
        List<String> lines = new ArrayList<>();
        for (int i = 1; i <= BLOCKS; i++) {
            String first = Sha256.of((nonce + i + "a").getBytes(StandardCharsets.US_ASCII));
            String second = Sha256.of((nonce + i + "b").getBytes(StandardCharsets.US_ASCII));
            lines.add("%s block %d %s%s".formatted(text(), i, first, second));
        }
        return List.copyOf(lines);
    }

    /**
     * What came back.
     *
     * @param blocks how many of its lines, whole or with wrong bits
     * @param wrongBits how many bits of those were wrong
     * @param bits how many bits were compared
     * @param marked whether any line of this boot came back at all, be it a mark
     */
    record Returned(int blocks, long wrongBits, long bits, boolean marked) {
        static final Returned NOTHING = new Returned(0, 0, 0, false);

        /** Whether the log that was captured is the log of this boot. */
        boolean isBack() {
            return blocks > 0 || marked;
        }
    }

    /** Looks for itself in what was captured. */
    Returned in(byte[] captured) {
        boolean marked = indexOf(captured, text().getBytes(StandardCharsets.US_ASCII)) >= 0;
        int found = 0;
        long wrong = 0;
        long bits = 0;
        for (String line : blocks()) {
            byte[] expected = line.getBytes(StandardCharsets.US_ASCII);
            long most = (long) (expected.length * 8 * MOST_WRONG);
            long distance = indexOf(captured, expected) >= 0 ? 0 : nearest(captured, expected, most);
            if (distance <= most) {
                found++;
                wrong += distance;
                bits += expected.length * 8L;
            }
        }
        return new Returned(found, wrong, bits, marked);
    }

    private static int indexOf(byte[] text, byte[] wanted) {
        for (int i = 0; i + wanted.length <= text.length; i++) {
            int k = 0;
            while (k < wanted.length && text[i + k] == wanted[k]) {
                k++;
            }
            if (k == wanted.length) {
                return i;
            }
        }
        return -1;
    }

    /** The least number of bits in which any place of a text differs; more than {@code most} where all do. */
    private static long nearest(byte[] text, byte[] wanted, long most) {
        long best = most + 1;
        for (int i = 0; i + wanted.length <= text.length; i++) {
            long distance = 0;
            for (int k = 0; k < wanted.length && distance < best; k++) {
                distance += Integer.bitCount((text[i + k] ^ wanted[k]) & 0xff);
            }
            best = Math.min(best, distance);
        }
        return best;
    }
}
