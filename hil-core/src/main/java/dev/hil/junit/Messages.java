package dev.hil.junit;

import dev.hil.board.Board;
import dev.hil.board.Lockdep;
import dev.hil.board.Reset;
import dev.hil.board.Sighting;
import dev.hil.link.Console;
import java.util.List;

/** The messages of failed assertions: what the board said comes first, where to read on comes last. */
final class Messages {
    private static final int CONSOLE_LINES = 15;
    private static final int MOST_REPORTS = 5;
    private static final int REPORT_LINES = 12;

    private Messages() {}

    static String of(Lockdep lockdep) {
        StringBuilder text = new StringBuilder("lockdep is %s: %s".formatted(lockdep.state(), lockdep.reason()));
        if (!lockdep.splats().isEmpty()) {
            text.append("%n%s".formatted(of(lockdep.splats())));
        }
        text.append("%n  - %s".formatted(String.join("%n  - ".formatted(), lockdep.evidence())));
        return text.toString();
    }

    static String of(Board board, Lockdep lockdep) {
        return "board %s, %s: %s%s".formatted(board.name(), board.boot(), of(lockdep), console(board));
    }

    static String of(Board board, Reset reset) {
        return "board %s was reset and nobody ordered it: %s%s"
                .formatted(board.name(), reset.describe(), console(board));
    }

    static String of(Board board, List<Sighting> reports) {
        return "board %s, %s: the kernel reported%n%s%s"
                .formatted(board.name(), board.boot(), of(reports), console(board));
    }

    /** Each with its headline, its locks and its first lines. */
    static String of(List<Sighting> reports) {
        StringBuilder text = new StringBuilder();
        for (Sighting report : reports.subList(0, Math.min(MOST_REPORTS, reports.size()))) {
            text.append(text.isEmpty() ? "" : "%n".formatted()).append(report);
            if (!report.locks().isEmpty()) {
                text.append("%n    locks: %s".formatted(String.join(", ", report.locks())));
            }
            if (report.finding() != null) {
                report.finding().lines().stream()
                        .filter(line -> !line.isBlank())
                        .limit(REPORT_LINES)
                        .forEach(line -> text.append("%n    | %s".formatted(line)));
            }
        }
        if (reports.size() > MOST_REPORTS) {
            text.append("%nand %d more: see findings.jsonl".formatted(reports.size() - MOST_REPORTS));
        }
        return text.toString();
    }

    private static String console(Board board) {
        return board.console()
                .map(Messages::tail)
                .orElseGet(() -> "%nlast of the kernel's log:%n%s".formatted(lastOfLog(board)));
    }

    private static String tail(Console console) {
        return "%nlast on the console (%s):%n%s".formatted(console.name(), console.tail(CONSOLE_LINES));
    }

    private static String lastOfLog(Board board) {
        List<String> lines = board.kmsg().text().lines().toList();
        return String.join("%n".formatted(), lines.subList(Math.max(0, lines.size() - CONSOLE_LINES), lines.size()));
    }
}
