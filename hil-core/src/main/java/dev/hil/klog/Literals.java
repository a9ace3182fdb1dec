package dev.hil.klog;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Finds, in one pass over the bytes, whether any of the fixed strings stands in them without which no rule and no event
 * can match.
 *
 * <p>After Wu and Manber: a window of {@value #WINDOW} bytes slides over the text; its last two bytes say how far it may
 * slide on without missing a string. Each string is watched through that part of it whose last two bytes are rarest in
 * kernel logs, so that the window seldom stops for nothing.
 */
final class Literals {

    static final Literals ALL = new Literals(Rules.REPORTS, Event.values());

    private static final int WINDOW = 5;

    private final List<Rule> rules;
    private final Event[] events;
    private final int[] ruleLiteral;
    private final int[][] eventLiterals;
    private final byte[][] literals;
    /** Distance from a string's start to the end of its window, less one. */
    private final int[] windowEnd;

    private final byte[] shift = new byte[1 << 16];
    private final int[][] candidates = new int[1 << 16][];

    Literals(List<Rule> rules, Event[] events) {
        this.rules = rules;
        this.events = events.clone();
        List<String> strings = new ArrayList<>(distinct(rules, events));
        ruleLiteral =
                rules.stream().mapToInt(rule -> strings.indexOf(rule.literal())).toArray();
        eventLiterals = Arrays.stream(events)
                .map(event ->
                        event.literals().stream().mapToInt(strings::indexOf).toArray())
                .toArray(int[][]::new);
        literals = strings.stream()
                .map(string -> string.getBytes(StandardCharsets.ISO_8859_1))
                .toArray(byte[][]::new);
        windowEnd = new int[literals.length];
        Arrays.fill(shift, (byte) (WINDOW - 1));
        for (int i = 0; i < literals.length; i++) {
            watch(i);
        }
    }

    private static Set<String> distinct(List<Rule> rules, Event[] events) {
        Set<String> strings = new LinkedHashSet<>();
        rules.forEach(rule -> strings.add(rule.literal()));
        for (Event event : events) {
            strings.addAll(event.literals());
        }
        return strings;
    }

    private void watch(int literal) {
        byte[] bytes = literals[literal];
        int best = WINDOW - 2;
        for (int end = WINDOW - 2; end < bytes.length; end++) {
            if (commonness(bytes, end) < commonness(bytes, best)) {
                best = end;
            }
        }
        windowEnd[literal] = best;
        for (int end = best, distance = 0; distance < WINDOW - 1; end--, distance++) {
            if (end > 0) {
                slide(pair(bytes[end - 1], bytes[end]), distance);
            } else if (end == 0) {
                // The window starts one byte before a short string: any byte may stand there.
                for (int before = 0; before < 256; before++) {
                    slide(pair((byte) before, bytes[0]), distance);
                }
            }
        }
        int last = pair(bytes[best - 1], bytes[best]);
        int[] others = candidates[last] == null ? new int[0] : candidates[last];
        candidates[last] = Arrays.copyOf(others, others.length + 1);
        candidates[last][others.length] = literal;
    }

    private void slide(int pair, int distance) {
        shift[pair] = (byte) Math.min(shift[pair], distance);
    }

    /** How often the two bytes that end at {@code end} are met in a log that holds no report; rough, and enough. */
    private static int commonness(byte[] bytes, int end) {
        int first = commonness((char) bytes[end - 1]);
        int second = commonness((char) bytes[end]);
        return first * second;
    }

    private static int commonness(char c) {
        if (c == ' ') {
            return 12;
        }
        if (c >= 'a' && c <= 'z') {
            return "etaoinsr".indexOf(c) >= 0 ? 10 : "jkqvxzw".indexOf(c) >= 0 ? 3 : 6;
        }
        if (c >= '0' && c <= '9') {
            return 8;
        }
        return c >= 'A' && c <= 'Z' ? 2 : ".:,[]".indexOf(c) >= 0 ? 4 : 1;
    }

    private static int pair(byte first, byte second) {
        return (first & 0xff) << 8 | (second & 0xff);
    }

    /**
     * The place of the first string found.
     *
     * @return the index of one of its bytes, or -1
     */
    int find(byte[] bytes, int from, int to) {
        int at = from + WINDOW - 2;
        while (at < to) {
            int pair = (bytes[at - 1] & 0xff) << 8 | (bytes[at] & 0xff);
            int distance = shift[pair];
            if (distance == 0) {
                for (int literal : candidates[pair]) {
                    if (standsAt(literal, bytes, at, from, to)) {
                        return at;
                    }
                }
                distance = 1;
            }
            at += distance;
        }
        return -1;
    }

    private boolean standsAt(int literal, byte[] bytes, int at, int from, int to) {
        byte[] string = literals[literal];
        int start = at - windowEnd[literal];
        return start >= from
                && start + string.length <= to
                && bytes[start] == string[0]
                && Arrays.equals(bytes, start, start + string.length, string, 0, string.length);
    }

    /** Notes which strings stand in one line; false if none does. */
    boolean collect(byte[] bytes, int from, int to, Hits hits) {
        hits.clear();
        for (int at = from + WINDOW - 2; at < to; ) {
            int pair = (bytes[at - 1] & 0xff) << 8 | (bytes[at] & 0xff);
            int distance = shift[pair];
            if (distance == 0) {
                for (int literal : candidates[pair]) {
                    if (standsAt(literal, bytes, at, from, to)) {
                        hits.found.set(literal);
                    }
                }
                distance = 1;
            }
            at += distance;
        }
        return !hits.found.isEmpty();
    }

    Hits hits() {
        return new Hits();
    }

    /** The rules whose string was found, in their order. */
    List<Rule> rules(Hits hits) {
        if (!hits.resolved) {
            resolve(hits);
        }
        return hits.rules;
    }

    /** The events of which a string was found, in their order. */
    List<Event> events(Hits hits) {
        if (!hits.resolved) {
            resolve(hits);
        }
        return hits.events;
    }

    private void resolve(Hits hits) {
        hits.resolved = true;
        for (int i = 0; i < ruleLiteral.length; i++) {
            if (hits.found.get(ruleLiteral[i])) {
                hits.rules.add(rules.get(i));
            }
        }
        for (int i = 0; i < eventLiterals.length; i++) {
            for (int literal : eventLiterals[i]) {
                if (hits.found.get(literal)) {
                    hits.events.add(events[i]);
                    break;
                }
            }
        }
    }

    /** The strings found in one line. */
    static final class Hits {
        private final BitSet found = new BitSet();
        private final List<Rule> rules = new ArrayList<>();
        private final List<Event> events = new ArrayList<>();
        private boolean resolved;

        private void clear() {
            if (!found.isEmpty()) {
                found.clear();
            }
            if (resolved) {
                rules.clear();
                events.clear();
                resolved = false;
            }
        }
    }
}
