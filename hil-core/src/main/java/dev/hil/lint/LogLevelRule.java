package dev.hil.lint;

import dev.hil.boot.CommandLine;
import java.util.List;
import java.util.Optional;

/** Trap 9: the log level eats the evidence. */
final class LogLevelRule extends Rule {
    LogLevelRule() {
        super(
                "log-level",
                "Warnings reach the console",
                "lockdep prints at warning level, which is 4: with a console log level of 4 or less no splat "
                        + "reaches serial line or console-ramoops.",
                "kernel/printk/printk.c, suppress_message_printing; Documentation/admin-guide/kernel- "
                        + "parameters.txt: loglevel, quiet, ignore_loglevel");
    }

    private static final int SHOWS_WARNINGS = 5;
    private static final int WANTED = 7;
    private static final String INSTEAD = "loglevel=7 (or more), or ignore_loglevel";

    @Override
    void check(Facts facts, RuleSheet sheet) {
        facts.testLines(sheet, "the log level on the planned command line").forEach(line -> look(line, sheet));
        sheet.need(facts.board().logLevel(), "the console log level of the running board")
                .ifPresent(level -> {
                    if (level.value() < WANTED) {
                        sheet.warning(
                                level.from(),
                                "the running kernel has console log level %d; whatever sets it there may set it for the test kernel too"
                                        .formatted(level.value()),
                                INSTEAD + " on the command line, and look for kernel.printk in sysctl.d");
                    }
                });
    }

    private static void look(Fact.Known<CommandLine> line, RuleSheet sheet) {
        if (line.value().has("ignore_loglevel")) {
            return;
        }
        // The kernel takes them in order: the last one counts.
        Optional<CommandLine.Parameter> last = line.value().parameters().stream()
                .filter(parameter -> List.of("quiet", "loglevel", "debug").contains(parameter.name()))
                .reduce((first, second) -> second);
        if (last.isEmpty()) {
            return;
        }
        int level = level(last.get());
        String what = "%s keeps %s from the console"
                .formatted(last.get(), level < SHOWS_WARNINGS ? "lockdep's splats" : "part of the log");
        if (level < SHOWS_WARNINGS) {
            sheet.error(Facts.at(line, last.get()), what, INSTEAD);
        } else if (level < WANTED) {
            sheet.warning(Facts.at(line, last.get()), what, INSTEAD);
        }
    }

    private static int level(CommandLine.Parameter parameter) {
        if (parameter.is("quiet")) {
            return 4;
        }
        if (parameter.is("debug")) {
            return 10;
        }
        try {
            return Integer.parseInt(parameter.text());
        } catch (NumberFormatException e) {
            return WANTED;
        }
    }
}
