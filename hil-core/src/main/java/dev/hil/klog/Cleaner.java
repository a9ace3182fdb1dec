package dev.hil.klog;

/** Takes out of a line what is no text: terminal escape sequences, carriage returns, NULs, trailing blanks. */
final class Cleaner {

    private static final char ESC = 0x1b;

    private Cleaner() {}

    static String clean(String line) {
        int end = line.length();
        while (end > 0 && line.charAt(end - 1) <= ' ') {
            end--;
        }
        for (int i = 0; i < end; i++) {
            char c = line.charAt(i);
            if ((c < ' ' && c != '\t') || c == 0x7f || c == 0x9b) {
                return withoutControls(line, i, end);
            }
        }
        return end == line.length() ? line : line.substring(0, end);
    }

    private static String withoutControls(String line, int from, int end) {
        StringBuilder text = new StringBuilder(end).append(line, 0, from);
        int at = from;
        while (at < end) {
            char c = line.charAt(at);
            if (c == ESC || c == 0x9b) {
                at = afterEscape(line, at, end);
            } else {
                if (c == '\t' || (c >= ' ' && c != 0x7f)) {
                    text.append(c);
                }
                at++;
            }
        }
        return text.toString().stripTrailing();
    }

    /** ECMA-48: CSI sequences end at a byte from 0x40 to 0x7e, OSC strings at BEL or ESC \, others are two or three long. */
    private static int afterEscape(String line, int at, int end) {
        boolean shortForm = line.charAt(at) == 0x9b;
        int next = at + 1;
        char kind = shortForm ? '[' : next < end ? line.charAt(next++) : ' ';
        if (kind == '[') {
            while (next < end && line.charAt(next) >= ' ' && line.charAt(next) < '@') {
                next++;
            }
            return Math.min(end, next + 1);
        }
        if (kind == ']') {
            while (next < end && line.charAt(next) != 0x07 && line.charAt(next) != ESC) {
                next++;
            }
            return Math.min(end, next + 1);
        }
        return kind == '(' || kind == ')' || kind == '#' ? Math.min(end, next + 1) : next;
    }
}
