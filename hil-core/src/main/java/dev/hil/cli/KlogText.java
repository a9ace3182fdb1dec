package dev.hil.cli;

import dev.hil.klog.Boot;
import dev.hil.klog.Finding;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.stream.Collectors;

/** Findings for people. */
final class KlogText extends KlogPrinter {

    private final PrintWriter out;

    KlogText(PrintWriter out) {
        this.out = out;
    }

    @Override
    void print(Finding finding) {
        out.printf(
                "%s:%d: %s %s: %s%s  [%s]%n",
                places.file(finding.firstLine()),
                places.line(finding.firstLine()),
                finding.severity().id(),
                finding.category().id(),
                printable(finding.title()),
                notes(finding),
                finding.fingerprint());
    }

    @Override
    void print(Boot boot) {
        out.printf(
                "%s: boot %d, lines %d-%d: lockdep %s%s%s; %s%n",
                places.file(boot.firstLine()),
                boot.index(),
                places.line(boot.firstLine()),
                places.line(boot.lastLine()),
                boot.lockdep().verdict(),
                off(boot),
                tables(boot),
                end(boot));
    }

    @Override
    void summary(String file) {}

    private static String notes(Finding finding) {
        return (finding.complete() ? "" : " (torn)")
                + (finding.expected() == null ? "" : " (expected: " + finding.expected() + ")")
                + (finding.known() == null ? "" : " (known: " + finding.known().reason() + ")");
    }

    private static String off(Boot boot) {
        return boot.lockdep().offLine() < 0
                ? ""
                : ", off since line " + boot.lockdep().offLine() + ": "
                        + printable(boot.lockdep().offReason());
    }

    /** How full lockdep's tables are, where the log says. */
    private static String tables(Boot boot) {
        return boot.lockdep().tables().stream()
                .filter(table -> table.used() >= 0)
                .map(table -> ", " + table)
                .collect(Collectors.joining());
    }

    private static String end(Boot boot) {
        String words = boot.endWords().isEmpty() ? "" : ": " + printable(boot.endWords());
        return switch (boot.end()) {
            case OPEN -> "the log ends";
            case SILENT -> "ended without a word";
            case ORDERED, DIED -> boot.end().name().toLowerCase(Locale.ROOT) + words;
        };
    }

    /** A log may hold anything; a terminal should not obey it. */
    private static String printable(String text) {
        return text.codePoints()
                .map(c -> Character.isISOControl(c) ? ' ' : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
