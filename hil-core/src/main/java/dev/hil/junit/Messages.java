package dev.hil.junit;

import dev.hil.board.Board;
import dev.hil.board.Lockdep;
import dev.hil.board.Reset;
import dev.hil.board.Sighting;
import dev.hil.link.Console;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

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
                .formatted(
                        board.name(), reset.describe(), reset.last().lines().isEmpty() ? console(board) : last(reset));
    }

    /** The console has gone on to the next boot since. */
    private static String last(Reset reset) {
        return "%nlast of boot %s (%s):%n%s"
                .formatted(
                        reset.before().shortId(),
                        reset.last().where(),
                        String.join("%n".formatted(), reset.last().lines()));
    }

    static String of(Board board, List<Sighting> reports) {
        String[] first = of(reports).split("\n", 2);
        // The first line alone is what lists of failures show.
        return "board %s: the kernel reported %s%n    in %s%s%s"
                .formatted(
                        board.name(),
                        first[0].strip(),
                        board.boot(),
                        first.length == 1 ? "" : "%n%s".formatted(first[1]),
                        console(board));
    }

    /** Each once, with its headline, its locks and its first lines. */
    static String of(List<Sighting> reports) {
        List<List<Sighting>> once = once(reports);
        StringBuilder text = new StringBuilder();
        for (List<Sighting> same : once.subList(0, Math.min(MOST_REPORTS, once.size()))) {
            Sighting report = same.get(0);
            text.append(text.isEmpty() ? "" : "%n".formatted()).append(report);
            same.stream()
                    .skip(1)
                    .map(Sighting::channel)
                    .filter(channel -> channel != report.channel())
                    .distinct()
                    .forEach(channel ->
                            text.append(" and on %s".formatted(channel.name().toLowerCase(Locale.ROOT))));
            if (!report.locks().isEmpty()) {
                text.append("%n    locks: %s".formatted(String.join(", ", report.locks())));
            }
            if (report.finding() != null) {
                // A record of /dev/kmsg may hold several lines.
                report.finding().lines().stream()
                        .flatMap(String::lines)
                        .filter(line -> !line.isBlank())
                        .limit(REPORT_LINES)
                        .forEach(line -> text.append("%n    | %s".formatted(line)));
            }
        }
        if (once.size() > MOST_REPORTS) {
            text.append("%nand %d more: see findings.jsonl".formatted(once.size() - MOST_REPORTS));
        }
        return text.toString();
    }

    /** What several channels have seen at the same moment of a boot is one report. */
    private static List<List<Sighting>> once(List<Sighting> reports) {
        Map<Object, List<Sighting>> same = new LinkedHashMap<>();
        for (Sighting report : reports) {
            Object key = report.stamp().isEmpty() ? report : List.of(report.kind(), report.title(), report.stamp());
            same.computeIfAbsent(key, seen -> new ArrayList<>()).add(report);
        }
        return List.copyOf(same.values());
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
