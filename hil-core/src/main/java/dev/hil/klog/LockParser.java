package dev.hil.klog;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads one lock as print_lock() of kernel/locking/lockdep.c has written it since 4.x. */
final class LockParser {

    private static final Pattern SUBCLASS = Pattern.compile("/(\\d{1,3})$");
    private static final Pattern VERSION = Pattern.compile("#(\\d{1,6})$");

    private LockParser() {}

    /** The first {@code (name){usage}} of a line, or null. */
    static @Nullable Lock first(String line) {
        return after(line, 0);
    }

    /** The {@code (name){usage}} that starts at or after {@code from}, or null. */
    static @Nullable Lock after(String line, int from) {
        int open = line.indexOf('(', from);
        int close = open < 0 ? -1 : line.indexOf("){", open);
        int usageEnd = close < 0 ? -1 : line.indexOf('}', close);
        if (usageEnd < 0) {
            return null;
        }
        String usage = line.substring(close + 2, usageEnd);
        String waitTypes = "";
        if (line.startsWith("-{", usageEnd + 1)) {
            int end = line.indexOf('}', usageEnd + 2);
            waitTypes = end < 0 ? "" : line.substring(usageEnd + 3, end);
        }
        int at = line.indexOf(" at: ", usageEnd);
        int offset = at < 0 ? -1 : line.indexOf("+0x", at);
        String site = offset < 0 ? "" : Frames.nameBefore(line, offset);
        return named(line.substring(open + 1, close), usage, waitTypes, site);
    }

    /** A lock of which the log has only the name. */
    static Lock named(String printed, String usage, String waitTypes, String acquiredAt) {
        String name = printed.strip();
        int subclass = 0;
        int version = 1;
        Matcher matcher = SUBCLASS.matcher(name);
        if (matcher.find()) {
            subclass = Integer.parseInt(matcher.group(1));
            name = name.substring(0, matcher.start());
        }
        matcher = VERSION.matcher(name);
        if (matcher.find()) {
            version = Integer.parseInt(matcher.group(1));
            name = name.substring(0, matcher.start());
        }
        return new Lock(name, version, subclass, usage, waitTypes, acquiredAt);
    }
}
