package dev.hil.record;

import dev.hil.link.Recording;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** A ledger for people: what was done, what of it is still in force, and how to take that back by hand. */
public final class LedgerText {
    private LedgerText() {}

    /** The lines, oldest first, each with the number under which the ledger has it. */
    public static List<String> lines(List<LedgerEntry> entries) {
        Set<Long> open = new HashSet<>();
        Ledger.open(entries).forEach(entry -> open.add(entry.sequence()));
        List<String> lines = new ArrayList<>();
        String run = "";
        for (LedgerEntry entry : entries) {
            if (!entry.run().equals(run)) {
                run = entry.run();
                lines.add("run " + clean(run));
            }
            lines.add("%5d  %s  %s %s%s"
                    .formatted(
                            entry.sequence(),
                            second(entry.at()),
                            open.contains(entry.sequence()) ? "OPEN" : "    ",
                            word(entry),
                            clean(entry.what())));
            details(entry, open.contains(entry.sequence()), lines);
        }
        return lines;
    }

    private static void details(LedgerEntry entry, boolean open, List<String> lines) {
        Undo undo = entry.undo();
        if (undo != null && open) {
            lines.add("         to undo it: " + clean(undo.inWords()));
        }
        FoundState found = entry.found();
        if (found != null) {
            found.facts().entrySet().stream()
                    .sorted(java.util.Map.Entry.comparingByKey())
                    .forEach(fact ->
                            lines.add("         %s: %s".formatted(clean(fact.getKey()), clean(fact.getValue()))));
        }
        StepOutcome step = entry.step();
        if (step != null) {
            lines.add("         %s; evidence: %s".formatted(clean(step.why()), clean(step.evidence())));
        }
    }

    private static String word(LedgerEntry entry) {
        String word = entry.kind().name().toLowerCase(Locale.ROOT).replace('_', ' ');
        String of = entry.of() == 0 ? "" : " " + entry.of();
        return "%-14s ".formatted(word + of);
    }

    /** To the second: what people compare with their own clocks. */
    private static String second(String at) {
        return clean(at.length() > 19 ? at.substring(0, 19) + "Z" : at);
    }

    /** One line without control characters: what a ledger holds may have come from a board, and this is a person's terminal. */
    public static String clean(String text) {
        return Recording.clean(text).replace('\n', ' ');
    }
}
