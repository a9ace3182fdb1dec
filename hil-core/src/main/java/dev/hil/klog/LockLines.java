package dev.hil.klog;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Puts a lock's line together again. print_lock() builds it of pieces (KERN_CONT): where another CPU prints in between,
 * or a continuation is lost to its line, every piece stands on a line of its own, with the other CPU's lines among them.
 */
final class LockLines {

    /** So many foreign lines may stand between two pieces. */
    private static final int MAX_GAP = 16;

    private static final int MAX_PIECE = 200;
    private static final int SHORTEST_POINTER = 8;

    private static final String POINTER = "(?:[0-9a-f]{8,16}|\\(ptrval\\))";
    /** What a lock's line starts with: {@code #0:}, {@code -> #1}, its address, its bracket, its name. */
    private static final Pattern BEGINNING =
            Pattern.compile("^ *(?:#\\d+:|-> #\\d+)? *" + POINTER + "? *(?:\\((?:\\(\\w+\\))?[^ ){]*)?$");

    private static final Pattern POINTER_ONLY = Pattern.compile("^ *" + POINTER + "$");
    private static final Pattern NAME = Pattern.compile("^ *(?:\\(\\w+\\))?[^ {}]{1,128}$");
    private static final Pattern ANNOUNCEMENT =
            Pattern.compile("(?:lock|acquire|holding|takes|past|dependency):$|there!$");

    private final List<String> result;
    private final StringBuilder pieces = new StringBuilder();
    /** What others printed since the first piece. */
    private final List<String> between = new ArrayList<>();

    private int gap;

    private LockLines(int size) {
        result = new ArrayList<>(size);
    }

    /** The lines with each lock's pieces joined at the place of the first of them. */
    static List<String> joined(List<String> lines) {
        if (lines.stream().noneMatch(LockLines::mayBegin)) {
            return lines;
        }
        LockLines joiner = new LockLines(lines.size());
        boolean announced = false;
        for (String line : lines) {
            joiner.line(line, announced);
            announced = ANNOUNCEMENT.matcher(line).find() || (announced && Body.of(line) == Body.FRAME);
        }
        joiner.flush();
        return joiner.result;
    }

    private static boolean mayBegin(String line) {
        return line.length() < MAX_PIECE
                && startsLikeOne(line)
                && BEGINNING.matcher(line).find();
    }

    /** Spares most lines the pattern. */
    private static boolean startsLikeOne(String line) {
        int at = 0;
        while (at < line.length() && line.charAt(at) == ' ') {
            at++;
        }
        if (at == line.length()) {
            return false;
        }
        char first = line.charAt(at);
        if (first == '-') {
            return line.startsWith("-> #", at);
        }
        return first == '#' || first == '(' || hexDigits(line, at) >= SHORTEST_POINTER;
    }

    private static int hexDigits(String line, int from) {
        int at = from;
        while (at < line.length() && "0123456789abcdef".indexOf(line.charAt(at)) >= 0) {
            at++;
        }
        return at - from;
    }

    private void line(String line, boolean announced) {
        if (pieces.length() == 0) {
            if (mayBegin(line) && (announced || !POINTER_ONLY.matcher(line).find())) {
                pieces.append(line);
            } else {
                result.add(line);
            }
        } else if (continues(line)) {
            append(line);
            gap = 0;
            if (isWhole()) {
                flush();
            }
        } else {
            between.add(line);
            if (line.isBlank() || ++gap > MAX_GAP) {
                flush();
            }
        }
    }

    /** Whether the line is the next piece: of address, bracket, name, number, usage, place, the first that is missing. */
    private boolean continues(String line) {
        String piece = line.strip();
        if (piece.isEmpty() || piece.length() > MAX_PIECE) {
            return false;
        }
        int open = pieces.lastIndexOf(" (") >= 0 ? pieces.lastIndexOf(" (") + 1 : pieces.indexOf("(");
        boolean usage = pieces.indexOf("){") >= 0;
        if (usage) {
            return piece.startsWith(", at:") || piece.equals(":") || piece.startsWith("-{");
        }
        if (open < 0 || pieces.indexOf("ptrval)") == open + 1) {
            return piece.startsWith("(") || POINTER_ONLY.matcher(piece).find();
        }
        if (piece.startsWith("){")) {
            return true;
        }
        boolean named = open < pieces.length() - 1;
        return named
                ? piece.matches("[#/]\\d+(?:\\)\\{.*)?")
                : Body.of(line) == Body.OTHER && NAME.matcher(piece).find();
    }

    private void append(String line) {
        String piece = line.strip();
        char last = pieces.charAt(pieces.length() - 1);
        boolean apart = piece.startsWith("(")
                ? last != '('
                : POINTER_ONLY.matcher(piece).find();
        pieces.append(apart && last != ' ' ? " " : "").append(piece);
    }

    private boolean isWhole() {
        int usage = pieces.indexOf("){");
        int end = usage < 0 ? -1 : pieces.indexOf("}", usage);
        return end >= 0 && (pieces.indexOf(", at:", end) >= 0 || pieces.charAt(pieces.length() - 1) == ':');
    }

    private void flush() {
        if (pieces.length() > 0) {
            result.add(pieces.toString());
            pieces.setLength(0);
        }
        result.addAll(between);
        between.clear();
        gap = 0;
    }
}
