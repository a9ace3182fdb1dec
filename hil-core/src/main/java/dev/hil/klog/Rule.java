package dev.hil.klog;

import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * How one kind of message is known. Nothing but the literal is looked for in the bytes of a log; only where it stands
 * is the line decoded and the pattern asked.
 *
 * @param literal a fixed string that every message the pattern accepts contains
 * @param role what such a message means to the reader
 * @param kind the kind of the report it starts or belongs to
 * @param pattern must be found in the message's text
 */
record Rule(String literal, Role role, Kind kind, Pattern pattern) {

    enum Role {
        /** Opens a report. */
        START,
        /** Opens a report too, though the line before may have done so already: refines it. */
        HEADLINE,
        /** A headline that names a report only by the source file it comes from; any other text says more. */
        PLACE,
        /** Stands inside a report; opens a torn one where none is open. */
        BODY,
        /** Tells of boots, resets and of what is expected; opens no report. */
        EVENT
    }

    /** How much this names: a report takes the kind of the first headline that says most. */
    int rank() {
        if (role == Role.PLACE) {
            return 3;
        }
        return switch (kind) {
            case CUT_HERE, TAINT_OFF, TORN, LOCKDEP_TORN, LOCKDEP_OFF -> 0;
            case BUG_TEXT, WARN_TEXT -> 1;
            case WARN_ON -> 2;
            case OOPS_OTHER -> 3;
            default -> 4;
        };
    }

    boolean matches(String text, Predicate<String> trap) {
        return text.contains(literal) && pattern.matcher(text).find() && !trap.test(text);
    }
}
