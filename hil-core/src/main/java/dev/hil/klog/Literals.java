package dev.hil.klog;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The fixed strings without which no rule and no event can match, and how they are found.
 *
 * <p>Each string is watched through {@value #WINDOW} of its bytes in a row. Of any such window, four bytes in a row lie at
 * every {@value #STRIDE}th place of the text, so only those places are looked up in a table; none depends on the one
 * before, which is what lets the processor work on several at once. Which bytes of a string are watched is chosen so that
 * they are rare in kernel logs. {@link Survey} goes over the text.
 */
final class Literals {

    static final Literals ALL = new Literals(Rules.REPORTS, Event.values());

    static final int STRIDE = 4;

    private static final int GRAM = 4;
    private static final int WINDOW = GRAM + STRIDE - 1;
    private static final int HASH_BITS = 18;
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private static final int MET = 10;
    /** What logs consist of while nothing happens; only the choice of what to watch for depends on it, no result. */
    private static final String USUAL = """
            [    0.000000] [    1.100000] [  100.123456] [   11.226666] [12345.000000] [    0.000000][    T0]
            <6>[    2.300000] Mar 10 10:00:01 host kernel: systemd[1]: Started Session 1 of user root. Starting
            usb 1-1: new high-speed USB device number 2 using xhci_hcd, New USB device found, idVendor=0000
            EXT4-fs (mmcblk1p2): mounted filesystem with ordered data mode. Quota mode: none. re-mounted
            audit: type=1400 audit(1700000000.123:100): avc: denied { read } for pid=4242 comm="cat" name="log"
            eth0: Link is Up - 1Gbps/Full - flow control rx/tx, link becomes ready, entered forwarding state
            netlink: 4 bytes leftover after parsing attributes in process `ip'. loop: module loaded, registered
            pci 0000:00:00.0: BAR 0: assigned [mem 0xf0000000-0xf00fffff 64bit] memory: 1024K reserved, 10000K
            random: crng init done. initialized, Registered protocol family, driver, using, at address, supported
            clk: unused clocks disabled, regulator: supplied by, failed with error -110, not found, no interrupt
            ffff888100000000 00000000 0x0000000000000000 in use, state 0, port 1, speed 480, version 2, status
            Update mode, type; generation, general; there, here; restart, reset of state; errors, handler of
            interrupt; target, queue, update, failed to load, retry; cache, buffer, table, clock, kernel, memory,
            system, network, power supply, thermal zone, temperature, throttling, hardware, firmware, attempt, start
            loop0: detected capacity change from 0 to 256, lowering kernel.perf_event_max_sample_rate, percent
            """;

    private final List<Rule> rules;
    private final Event[] events;
    private final int[] ruleLiteral;
    private final int[][] eventLiterals;
    private final byte[][] literals;
    /** For each hash of four bytes (the last byte first): whether they are watched. A bit each would be slower to test. */
    private final byte[] watched = new byte[1 << HASH_BITS];
    /** By the same hash. */
    private final @Nullable Watch[] watches = new @Nullable Watch[1 << HASH_BITS];

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
        // A window longer than the string reaches over its ends.
        int best = bytes.length < WINDOW ? Math.min(0, Math.max(-1, bytes.length - WINDOW + 1)) : 0;
        for (int start = 1; start + WINDOW <= bytes.length; start++) {
            if (commonness(bytes, start) < commonness(bytes, best)) {
                best = start;
            }
        }
        for (int i = best; i < best + STRIDE; i++) {
            watch(literal, i, 0, 0);
        }
    }

    /** Watches for the four bytes from {@code position}; where those lie outside the string, for all that may stand there. */
    private void watch(int literal, int position, int index, int gram) {
        byte[] bytes = literals[literal];
        if (index == GRAM) {
            watchHash(hash(gram), literal, position);
            return;
        }
        int at = position + index;
        for (int value = 0; value < 256; value++) {
            boolean possible = at < 0
                    ? !isWord(bytes) || !isWordByte((byte) value)
                    : at < bytes.length
                            ? (byte) value == bytes[at]
                            : at > bytes.length || !isWord(bytes) || isGap((byte) value);
            if (possible) {
                watch(literal, position, index + 1, gram | value << (8 * index));
            }
        }
    }

    private void watchHash(int hash, int literal, int position) {
        watched[hash] = 1;
        for (Watch other = watches[hash]; other != null; other = other.next) {
            if (other.literal == literal && other.position == position) {
                return;
            }
        }
        watches[hash] = new Watch(literal, literals[literal], position, watches[hash]);
    }

    /** {@code BUG:} and {@code INFO:} are so short that they count as whole words only: {@code DEBUG:} is neither. */
    private static boolean isWord(byte[] bytes) {
        return bytes.length < 6 && bytes[bytes.length - 1] == ':';
    }

    private static boolean isGap(byte b) {
        return b == ' ' || b == '\n' || b == '\r';
    }

    /** The table that {@link #hash} leads into: not zero where four bytes with that hash are watched. */
    byte[] watched() {
        return watched;
    }

    /** Of four bytes, the last one first. */
    static int hash(int gram) {
        return (gram * 0x9e3779b1) >>> (32 - HASH_BITS);
    }

    /** How often the four-byte groups of a window are met in a log that holds no report. */
    private static int commonness(byte[] bytes, int start) {
        int sum = 0;
        for (int i = Math.max(start, 0); i < Math.min(start + STRIDE, bytes.length - GRAM + 1); i++) {
            String gram = new String(bytes, i, GRAM, StandardCharsets.ISO_8859_1);
            int at = USUAL.indexOf(gram);
            while (at >= 0) {
                sum += MET;
                at = USUAL.indexOf(gram, at + 1);
            }
            sum += letters(gram);
        }
        return sum;
    }

    private static int letters(String gram) {
        return (int)
                gram.chars().filter(c -> c == ' ' || Character.isLowerCase(c)).count();
    }

    /**
     * Whether one of the strings stands around a place.
     *
     * @param at where four bytes are looked up
     * @param from start of a line, or of several
     * @param to end of a line, its newline included, or of several
     */
    boolean standsAround(byte[] bytes, int at, int from, int to) {
        int hash = hash(gram(bytes, at, to));
        return watched[hash] != 0 && stands(hash, bytes, at, from, to);
    }

    /** Four bytes; a text is followed by newlines without end. */
    private static int gram(byte[] bytes, int at, int to) {
        if (at + GRAM <= to) {
            return (int) INTS.get(bytes, at);
        }
        int gram = 0;
        for (int i = GRAM - 1; i >= 0; i--) {
            gram = gram << 8 | (at + i < to ? bytes[at + i] & 0xff : '\n');
        }
        return gram;
    }

    private boolean stands(int hash, byte[] bytes, int at, int from, int to) {
        for (Watch watch = watches[hash]; watch != null; watch = watch.next) {
            if (watch.mayStand(bytes, at, to) && standsAt(watch.literal, bytes, at - watch.position, from, to)) {
                return true;
            }
        }
        return false;
    }

    private boolean standsAt(int literal, byte[] bytes, int start, int from, int to) {
        byte[] string = literals[literal];
        int end = start + string.length;
        return start >= from
                && end <= to
                && Arrays.equals(string, 0, string.length, bytes, start, end)
                && (!isWord(string) || isWordAt(bytes, start, end, from, to));
    }

    private static boolean isWordAt(byte[] bytes, int start, int end, int from, int to) {
        return (start == from || !isWordByte(bytes[start - 1])) && (end == to || isGap(bytes[end]));
    }

    /** Notes which strings stand in one line; false if none does. */
    boolean collect(byte[] bytes, int from, int to, Hits hits) {
        hits.clear();
        for (int at = from; at + 1 < to; at += STRIDE) {
            int hash = hash(gram(bytes, at, to));
            if (watched[hash] != 0) {
                for (Watch watch = watches[hash]; watch != null; watch = watch.next) {
                    if (watch.mayStand(bytes, at, to)
                            && standsAt(watch.literal, bytes, at - watch.position, from, to)) {
                        hits.found.set(watch.literal);
                    }
                }
            }
        }
        return !hits.found.isEmpty();
    }

    private static boolean isWordByte(byte b) {
        return (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z') || (b >= '0' && b <= '9') || b == '_';
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
        if (hits.found.isEmpty()) {
            return;
        }
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

    /** Four bytes of a string that are watched for, and a quick way to tell that it is not the string after all. */
    private static final class Watch {
        final int literal;
        final int position;
        final @Nullable Watch next;
        private final int glance;
        private final long value;
        private final long mask;

        /**
         * Makes a watch.
         *
         * @param position of the four bytes in the string
         * @param next with the same hash
         */
        Watch(int literal, byte[] string, int position, @Nullable Watch next) {
            this.literal = literal;
            this.position = position;
            this.next = next;
            // Eight bytes of the string, the watched four as far in their middle as it allows.
            int start = Math.max(0, Math.min(position - GRAM / 2, string.length - Long.BYTES));
            glance = start - position;
            long bytes = 0;
            long ones = 0;
            for (int i = 0; i < Long.BYTES && start + i < string.length; i++) {
                bytes |= (string[start + i] & 0xffL) << (Byte.SIZE * i);
                ones |= 0xffL << (Byte.SIZE * i);
            }
            value = bytes;
            mask = ones;
        }

        boolean mayStand(byte[] bytes, int at, int to) {
            int place = at + glance;
            return place < 0 || place + Long.BYTES > to || (((long) LONGS.get(bytes, place) ^ value) & mask) == 0;
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
