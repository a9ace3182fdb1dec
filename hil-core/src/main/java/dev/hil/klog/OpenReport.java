package dev.hil.klog;

import java.util.ArrayList;
import java.util.List;

/** A report while its lines still come in. Bounded: what is too much is counted in, but not kept. */
final class OpenReport {

    static final int MAX_LINES = 4000;
    private static final int MAX_CHARS = 400_000;
    /** So many foreign messages in a row and the report is taken to have been cut off. */
    private static final int PATIENCE = 40;

    private static final int LOOSE_PATIENCE = 6;
    /** A report that has not ended after so many lines of its own never will. */
    private static final int ENDLESS = 20_000;

    private static final long MAX_GAP_MICROS = 60_000_000;

    private Kind kind;
    private int rank;
    private final Message first;
    private final int boot;
    private final boolean headerSeen;
    private final boolean startsCut;
    private final List<String> lines = new ArrayList<>();
    private int chars;
    private int taken;
    private long lastLine;
    private long end;
    private long lastMicros;
    private int foreign;
    private int frames;
    private int traceHeaders;
    private int held;
    private int heldBy;
    private boolean entryFrame;
    private boolean endSeen;
    private boolean over;
    private boolean panicked;
    private boolean repeated;
    private boolean traceOver;
    private boolean warningSeen;

    OpenReport(Rule rule, Message first, int boot) {
        kind = rule.kind();
        // What a report starts with names it; as the words of a WARN() the same text says less than the place.
        rank = Merging.isWords(kind) ? Integer.MAX_VALUE : rule.rank();
        startsCut = kind == Kind.CUT_HERE;
        this.first = first;
        this.boot = boot;
        headerSeen = rule.role() != Rule.Role.BODY;
        keep(first);
        if (kind.end() == Kind.End.LINE) {
            endSeen = true;
        }
    }

    Kind kind() {
        return kind;
    }

    /** A second headline of the same event: the report takes its kind if it says more. */
    void refine(Rule next) {
        if (next.rank() > rank) {
            kind = next.kind();
            rank = next.rank();
        }
    }

    Message first() {
        return first;
    }

    int boot() {
        return boot;
    }

    List<String> lines() {
        return lines;
    }

    long lastLine() {
        return lastLine;
    }

    long end() {
        return end;
    }

    int size() {
        return taken;
    }

    int frames() {
        return frames;
    }

    /** Whether {@code ---[ cut here ]---} was its first line. */
    boolean startsCut() {
        return startsCut;
    }

    /** Whether a {@code WARNING:} headline is among its first lines. */
    boolean warningSeen() {
        return warningSeen;
    }

    boolean panicked() {
        return panicked;
    }

    /** It was told before: a log was printed into itself. */
    void repeats() {
        repeated = true;
    }

    boolean isRepeated() {
        return repeated;
    }

    void panicked(Message message) {
        panicked = true;
        keep(message);
    }

    boolean endSeen() {
        return endSeen;
    }

    /** Whether the report's own end was read, so that nothing of it is missing. */
    boolean complete() {
        if (!headerSeen) {
            return false;
        }
        return switch (kind.end()) {
            case LINE -> true;
            case HELD_LIST -> held >= heldBy && heldBy > 0;
            case LOOSE -> frames == 0 || traceOver || entryFrame;
            case TRACE -> frames > 0 && (traceOver || entryFrame);
            case END_TRACE, CLOSING_RULE -> endSeen || (panicked && frames > 0);
        };
    }

    /** True once the report is over; the message that said so was not taken in. */
    boolean isOver() {
        return over;
    }

    /** Offers a message of the report's own context. */
    void offer(Message message) {
        Body body = Body.of(message.text());
        if (taken > ENDLESS || gapTooLong(message)) {
            over = true;
            return;
        }
        boolean belongs = body != Body.OTHER && body != Body.RULE;
        if (body == Body.OTHER && endsHere()) {
            traceOver = true;
            over = true;
            return;
        }
        if (body == Body.RULE) {
            rule(message);
            return;
        }
        if (!belongs && ++foreign > patience()) {
            over = true;
            return;
        }
        if (belongs) {
            foreign = 0;
        }
        keep(message);
        count(body, message.text());
    }

    private boolean gapTooLong(Message message) {
        return message.stamped() && lastMicros >= 0 && message.micros() - lastMicros > MAX_GAP_MICROS;
    }

    private int patience() {
        return kind.end() == Kind.End.LOOSE ? LOOSE_PATIENCE + (frames == 0 ? 6 : 0) : PATIENCE;
    }

    /** Whether a message that cannot belong to a stack trace ends this report. */
    private boolean endsHere() {
        if (endSeen || (kind.end() == Kind.End.HELD_LIST && held > 0)) {
            return true;
        }
        return kind.end() == Kind.End.TRACE && frames > 0 && lastTraceStarted();
    }

    /** Lockdep's framed reports have many traces in them; the last stands after {@code stack backtrace:}. */
    private boolean lastTraceStarted() {
        return switch (kind) {
            case CIRCULAR,
                    RECURSIVE,
                    IRQ_ORDER,
                    INCONSISTENT,
                    IRQ_INVERSION,
                    WAIT_CONTEXT,
                    BAD_UNLOCK,
                    BAD_CONTENTION,
                    HELD_FREED,
                    STILL_HELD,
                    SUSP_RCU,
                    CHAIN_KEY,
                    LOCKDEP_TORN -> traceHeaders >= 1;
            case NESTED -> traceHeaders >= 2;
            default -> true;
        };
    }

    private void rule(Message message) {
        boolean closes = kind.end() == Kind.End.CLOSING_RULE && taken > 2;
        if (closes) {
            keep(message);
            endSeen = true;
        } else if (kind == Kind.HUNG_TASK && taken > 2) {
            keep(message);
            traceOver = true;
            over = true;
        } else if (endsHere()) {
            traceOver = true;
            over = true;
        }
    }

    private void count(Body body, String text) {
        if (body == Body.FRAME) {
            frames++;
            entryFrame = isEntry(text);
        } else if (body == Body.TRACE_HEADER) {
            if (text.contains("stack backtrace:")) {
                traceHeaders++;
                frames = 0;
            }
        } else if (body == Body.END_TRACE) {
            endSeen = true;
        } else if (body == Body.CONTEXT && text.startsWith("---[ end Kernel panic")) {
            endSeen = true;
            over = kind == Kind.PANIC;
        } else if (body == Body.CONTEXT && kind.end() == Kind.End.HELD_LIST) {
            countHeld(text);
        } else if (body == Body.CONTEXT && text.startsWith("Rebooting in ") && kind == Kind.PANIC) {
            endSeen = true;
        }
    }

    /** {@code 2 locks held by cat/99:}, then {@code  #0: …}, {@code  #1: …}. */
    private void countHeld(String text) {
        String line = text.strip();
        int digits = Layers.afterDigits(line, 0);
        if (line.startsWith("#")) {
            held++;
        } else if (digits > 0 && digits < 4) {
            heldBy = Integer.parseInt(line.substring(0, digits));
        }
    }

    private static boolean isEntry(String text) {
        return text.contains("</TASK>")
                || text.contains("entry_")
                || text.contains("ret_from_fork")
                || text.contains("ret_fast_syscall")
                || text.contains("el0_")
                || text.contains("el0t_")
                || text.contains("secondary_startup")
                || text.contains("ret_from_exception")
                || text.contains("start_kernel");
    }

    private void keep(Message message) {
        taken++;
        warningSeen |= taken <= 12 && message.text().contains("WARNING: ");
        lastLine = message.line();
        end = message.end();
        if (message.stamped()) {
            lastMicros = message.micros();
        }
        if (lines.size() < MAX_LINES && chars < MAX_CHARS) {
            lines.add(message.text());
            chars += message.text().length();
        }
    }

    /** Takes a line in as part of the report whatever it looks like: a second headline, a note. */
    void add(Message message) {
        foreign = 0;
        keep(message);
        count(Body.of(message.text()), message.text());
    }
}
