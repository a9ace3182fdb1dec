package dev.hil.klog;

import dev.hil.klog.Message.Source;
import java.util.Set;

/** Walks over the prefixes of one message, one layer at a time, and keeps what they say. */
final class Layers {

    private static final Set<String> WEEKDAYS = Set.of("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun");
    private static final Set<String> MONTHS =
            Set.of("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec");
    private static final Set<String> FACILITIES = Set.of(
            "kern",
            "user",
            "mail",
            "daemon",
            "auth",
            "syslog",
            "lpr",
            "news",
            "uucp",
            "cron",
            "authpriv",
            "ftp",
            "local0",
            "local1",
            "local2",
            "local3",
            "local4",
            "local5",
            "local6",
            "local7");

    private final String text;
    int at;
    long micros = -1;
    String tag = "";
    Source source = Source.UNKNOWN;
    private boolean kmsgRecord;

    Layers(String text) {
        this.text = text;
    }

    /** Steps over the next prefix; false when the message itself has been reached. */
    boolean next() {
        if (at >= text.length()) {
            return false;
        }
        char c = text.charAt(at);
        if (c == '[') {
            return stamp() || caller() || wallClockInBrackets();
        }
        if (c == '<') {
            return priority();
        }
        if (c == '*') {
            return printkNote();
        }
        if (c == '-') {
            return lavaRecord();
        }
        if (c >= '0' && c <= '9') {
            return kmsgHeader() || isoDate() || clockTime();
        }
        return Character.isLetter(c) && (syslogHeader() || facilityAndLevel() || monotonicHeader());
    }

    String rest() {
        String words = at == 0 ? text : text.substring(Math.min(at, text.length()));
        return kmsgRecord && words.indexOf('\\') >= 0 ? unescape(words) : words;
    }

    /** The place of the next {@code [ssss.uuuuuu]} from {@code from}, or -1. */
    static int innerStamp(String text, int from) {
        int open = text.indexOf('[', from);
        while (open >= 0) {
            if (stampEnd(text, open) > 0) {
                return open;
            }
            open = text.indexOf('[', open + 1);
        }
        return -1;
    }

    private static int stampEnd(String text, int open) {
        int digits = open + 1;
        while (digits < text.length() && text.charAt(digits) == ' ') {
            digits++;
        }
        int dot = afterDigits(text, digits);
        if (dot == digits || dot - digits > 10 || dot >= text.length() || text.charAt(dot) != '.') {
            return -1;
        }
        int close = afterDigits(text, dot + 1);
        return close == dot + 7 && close < text.length() && text.charAt(close) == ']' ? close + 1 : -1;
    }

    private boolean stamp() {
        int end = stampEnd(text, at);
        if (end < 0 || micros >= 0) {
            return false;
        }
        int point = end - 8;
        int first = at + 1;
        while (text.charAt(first) == ' ') {
            first++;
        }
        micros = Long.parseLong(text, first, point, 10) * 1_000_000 + Long.parseLong(text, point + 1, end - 1, 10);
        kernel();
        at = afterBlank(end);
        return true;
    }

    private boolean caller() {
        int p = at + 1;
        while (p < text.length() && text.charAt(p) == ' ') {
            p++;
        }
        if (p >= text.length() || (text.charAt(p) != 'T' && text.charAt(p) != 'C')) {
            return false;
        }
        int end = afterDigits(text, p + 1);
        int close = end;
        while (close < text.length() && text.charAt(close) == ' ') {
            close++;
        }
        if (end == p + 1
                || close >= text.length()
                || text.charAt(close) != ']'
                || (micros < 0 && source != Source.KERNEL)) {
            return false;
        }
        tag = text.substring(p, end);
        at = afterBlank(close + 1);
        return true;
    }

    /** {@code [Sat May 16 16:53:14 2026]} of dmesg -T, {@code [May16 16:53]} and {@code [  +0.000010]} of dmesg -H. */
    private boolean wallClockInBrackets() {
        int close = text.indexOf(']', at);
        if (close < 0 || close - at > 40 || close - at < 4) {
            return false;
        }
        String inside = text.substring(at + 1, close).trim();
        boolean dmesg = inside.length() > 8
                && (WEEKDAYS.contains(inside.substring(0, 3)) || MONTHS.contains(inside.substring(0, 3)));
        boolean delta = inside.startsWith("+") && inside.indexOf('.') > 0 && afterDigits(inside, 1) > 1;
        boolean date = !inside.isEmpty()
                && Character.isDigit(inside.charAt(0))
                && (inside.indexOf(':') > 0 || inside.indexOf('-') == 4)
                && inside.chars().allMatch(c -> (c >= '0' && c <= '9') || "-:.,+TZ ".indexOf(c) >= 0);
        if (!dmesg && !delta && !date) {
            return false;
        }
        if (dmesg || delta) {
            kernel();
        }
        at = afterBlank(close + 1);
        return true;
    }

    private boolean priority() {
        int end = afterDigits(text, at + 1);
        if (end == at + 1 || end - at > 4 || end >= text.length() || text.charAt(end) != '>') {
            return false;
        }
        facility(Integer.parseInt(text.substring(at + 1, end)) >> 3);
        at = end + 1;
        return true;
    }

    private void facility(int number) {
        if (number == 0) {
            kernel();
        } else {
            source = Source.USER;
        }
    }

    private void kernel() {
        if (source == Source.UNKNOWN) {
            source = Source.KERNEL;
        }
    }

    /** {@code ** 12 printk messages dropped **} and {@code ** replaying previous printk message **}. */
    private boolean printkNote() {
        int end = text.indexOf("** ", at + 2);
        int note = end < 0 && text.endsWith("**") ? text.length() - 2 : end;
        if (!text.startsWith("** ", at) || note < 0 || !text.substring(at, note).contains("printk message")) {
            return false;
        }
        at = afterBlank(Math.min(text.length(), note + 2));
        return true;
    }

    /** A line of LAVA's output.yaml: {@code - {"dt": "…", "lvl": "target", "msg": "…"}}. */
    private boolean lavaRecord() {
        int words = text.startsWith("- {\"dt\":", at) ? text.indexOf("\"msg\": \"", at) : -1;
        if (words < 0) {
            return false;
        }
        at = words + 8;
        return true;
    }

    /** /dev/kmsg: {@code priority,sequence,microseconds,flags[,caller=T1];message}. */
    private boolean kmsgHeader() {
        int semicolon = text.indexOf(';', at);
        if (semicolon < 0 || semicolon - at > 80 || micros >= 0) {
            return false;
        }
        String[] fields = text.substring(at, semicolon).split(",", -1);
        if (fields.length < 4 || !number(fields[0]) || !number(fields[1]) || !number(fields[2])) {
            return false;
        }
        facility((int) (Long.parseLong(fields[0]) >> 3));
        micros = Long.parseLong(fields[2]);
        for (String field : fields) {
            if (field.startsWith("caller=")) {
                tag = field.substring(7);
            }
        }
        kmsgRecord = true;
        at = semicolon + 1;
        return true;
    }

    private static boolean number(String field) {
        return !field.isEmpty() && field.length() <= 15 && afterDigits(field, 0) == field.length();
    }

    /** {@code 2026-05-16T16:53:14,123456+02:00 }, {@code 2018/01/09 14:28:48 }, then perhaps {@code host kernel: }. */
    private boolean isoDate() {
        if (text.length() < at + 19 || (text.charAt(at + 4) != '-' && text.charAt(at + 4) != '/')) {
            return false;
        }
        if (text.charAt(at + 7) != text.charAt(at + 4) || text.charAt(at + 13) != ':' || text.charAt(at + 16) != ':') {
            return false;
        }
        int end = at + 19;
        while (end < text.length() && "0123456789.,:+-Z".indexOf(text.charAt(end)) >= 0) {
            end++;
        }
        if (end < text.length() && text.charAt(end) != ' ') {
            return false;
        }
        boolean dmesg =
                text.charAt(at + 10) == 'T' && text.substring(at + 19, end).startsWith(",");
        // Syslog and journald name the time zone; test labs that stamp a console's lines do not.
        String zone = text.substring(at + 19, end);
        boolean syslog = !dmesg && (zone.indexOf('+') >= 0 || zone.indexOf('-') >= 0 || zone.endsWith("Z"));
        at = afterBlank(end);
        if (dmesg) {
            kernel();
        } else if (syslog) {
            hostAndIdentifier();
        }
        return true;
    }

    private boolean clockTime() {
        if (text.length() < at + 9 || text.charAt(at + 2) != ':' || text.charAt(at + 5) != ':') {
            return false;
        }
        int end = at + 8;
        while (end < text.length() && "0123456789.,".indexOf(text.charAt(end)) >= 0) {
            end++;
        }
        if (end >= text.length() || text.charAt(end) != ' ') {
            return false;
        }
        at = end + 1;
        return true;
    }

    /** RFC 3164, as journalctl -o short and syslog files have it: {@code May 16 16:53:14 host kernel: }. */
    private boolean syslogHeader() {
        if (text.length() < at + 16 || text.charAt(at + 3) != ' ' || text.charAt(at + 9) != ':') {
            return false;
        }
        if (!MONTHS.contains(text.substring(at, at + 3)) || text.charAt(at + 12) != ':') {
            return false;
        }
        int end = at + 15;
        while (end < text.length() && text.charAt(end) != ' ') {
            end++;
        }
        at = afterBlank(end);
        hostAndIdentifier();
        return true;
    }

    /** {@code host kernel: }, or {@code host } before another identifier; anything else is left alone. */
    private void hostAndIdentifier() {
        int space = text.indexOf(' ', at);
        int colon = text.indexOf(": ", at);
        int end = colon < 0 && text.endsWith(":") ? text.length() - 1 : colon;
        if (space < 0 || end < space || end - at > 120 || text.charAt(at) == '[' || text.charAt(at) == '<') {
            return;
        }
        String identifier = text.substring(space + 1, end);
        int bracket = identifier.indexOf('[');
        String name = bracket < 0 ? identifier : identifier.substring(0, bracket);
        String host = text.substring(at, space);
        if (name.isEmpty() || name.indexOf(' ') >= 0 || host.endsWith(":")) {
            return;
        }
        boolean kernel = name.equals("kernel");
        source = kernel ? Source.KERNEL : Source.USER;
        // Who else spoke stays in the text: that systemd shuts down matters.
        at = kernel ? afterBlank(Math.min(text.length(), end + 1)) : space + 1;
    }

    /** journalctl -o short-monotonic: {@code [  100.123456] host kernel: }. */
    private boolean monotonicHeader() {
        if (micros < 0 || at != afterBlank(text.indexOf(']') + 1)) {
            return false;
        }
        int space = text.indexOf(' ', at);
        if (space < 0 || text.charAt(space - 1) == ':') {
            return false;
        }
        int name = space + 1;
        boolean kernel =
                text.startsWith("kernel: ", name) || text.substring(name).equals("kernel:");
        if (!kernel && !isProcess(text.substring(name))) {
            return false;
        }
        int before = at;
        source = Source.UNKNOWN;
        hostAndIdentifier();
        return at > before;
    }

    /** {@code name[pid]: }. */
    static boolean isProcess(String text) {
        int open = text.indexOf('[');
        if (open <= 0 || open > 40) {
            return false;
        }
        for (int i = 0; i < open; i++) {
            char c = text.charAt(i);
            if (!Character.isLetterOrDigit(c) && "-_.@()".indexOf(c) < 0) {
                return false;
            }
        }
        int close = afterDigits(text, open + 1);
        return close > open + 1 && text.startsWith("]: ", close);
    }

    /** dmesg -x: {@code kern  :warn  : }. */
    private boolean facilityAndLevel() {
        int colon = text.indexOf(':', at);
        int second = colon < 0 ? -1 : text.indexOf(':', colon + 1);
        if (second < 0 || colon - at > 8 || second - colon > 8) {
            return false;
        }
        String facility = text.substring(at, colon).trim();
        if (!FACILITIES.contains(facility)) {
            return false;
        }
        facility(facility.equals("kern") ? 0 : 1);
        at = afterBlank(second + 1);
        return true;
    }

    private int afterBlank(int index) {
        return index < text.length() && text.charAt(index) == ' ' ? index + 1 : index;
    }

    static int afterDigits(String text, int from) {
        int i = from;
        while (i < text.length() && text.charAt(i) >= '0' && text.charAt(i) <= '9') {
            i++;
        }
        return i;
    }

    private static String unescape(String words) {
        StringBuilder plain = new StringBuilder(words.length());
        int i = 0;
        while (i < words.length()) {
            char c = words.charAt(i);
            if (c == '\\' && words.startsWith("x", i + 1) && i + 4 <= words.length()) {
                int high = Character.digit(words.charAt(i + 2), 16);
                int low = Character.digit(words.charAt(i + 3), 16);
                if (high >= 0 && low >= 0) {
                    plain.append((char) (high * 16 + low));
                    i += 4;
                    continue;
                }
            }
            plain.append(c);
            i++;
        }
        return plain.toString();
    }
}
