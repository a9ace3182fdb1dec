package dev.hil.klog;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Reads functions out of stack traces. */
final class Frames {

    private static final Pattern SUFFIX =
            Pattern.compile("\\.(?:isra|constprop|part|cold|llvm|lto_priv|localalias|clone)(?:\\.\\w+)*$");
    private static final Pattern NUMBERED_SUFFIX = Pattern.compile("\\.\\d+$");

    private Frames() {}

    /** The function of a frame line, without offset and compiler suffix; empty if the line is none, or unsure ({@code ?}). */
    static String function(String line) {
        int offset = line.indexOf("+0x");
        if (offset <= 0 || (line.indexOf("? ") >= 0 && line.indexOf("? ") < offset) || line.indexOf('=') >= 0) {
            return "";
        }
        // arm32: "[<addr>] (callee) from [<addr>] (caller+0x1/0x2)": the callee is the frame.
        int from = line.indexOf(") from ");
        int open = from < 0 ? -1 : line.lastIndexOf('(', from);
        return open >= 0 ? plain(line.substring(open + 1, from)) : nameBefore(line, offset);
    }

    /** The function whose name ends at {@code end}. */
    static String nameBefore(String line, int end) {
        int start = end;
        while (start > 0 && isName(line.charAt(start - 1))) {
            start--;
        }
        return plain(line.substring(start, end));
    }

    /** The function that follows {@code marker}, such as {@code RIP: }, or empty. */
    static String after(String line, String marker) {
        int at = line.indexOf(marker);
        int offset = at < 0 ? -1 : line.indexOf("+0x", at);
        return offset < 0 ? "" : nameBefore(line, offset);
    }

    static String plain(String function) {
        if (function.indexOf('.') < 0) {
            return function;
        }
        String name = SUFFIX.matcher(function).replaceFirst("");
        name = SUFFIX.matcher(name).replaceFirst("");
        return NUMBERED_SUFFIX.matcher(name).replaceFirst("");
    }

    /** Where the stack trace begins: at its announcement, else at the first frame, else -1. */
    static int traceStart(List<String> lines) {
        int first = -1;
        for (int i = 0; i < lines.size(); i++) {
            Body body = Body.of(lines.get(i));
            if (body == Body.TRACE_HEADER) {
                return i;
            }
            if (body == Body.FRAME && first < 0) {
                first = i;
            }
        }
        return first;
    }

    static List<String> functions(List<String> lines, int from, int to, int limit) {
        List<String> functions = new ArrayList<>();
        for (int i = from; i < to && functions.size() < limit; i++) {
            String line = lines.get(i);
            if (Body.of(line) == Body.FRAME) {
                String function = function(line);
                if (!function.isEmpty()) {
                    functions.add(function);
                }
            }
        }
        return functions;
    }

    /** The first line from {@code from} that contains {@code text}, or -1. */
    static int indexOf(List<String> lines, String text, int from) {
        for (int i = Math.max(from, 0); i < lines.size(); i++) {
            if (lines.get(i).contains(text)) {
                return i;
            }
        }
        return -1;
    }

    private static boolean isName(char c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || c == '_'
                || c == '.'
                || c == '$'
                || c == ':'
                || c == '<'
                || c == '>';
    }
}
