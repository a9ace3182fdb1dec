package dev.hil.lint;

import dev.hil.boot.CommandLine;

/** Trap 10: a splat is no oops. */
final class ConsoleCaptureRule extends Rule {
    ConsoleCaptureRule() {
        super(
                "console-capture",
                "The console goes to ramoops too",
                "A lockdep splat makes no dmesg record unless a panic follows, and panic_on_warn does not "
                        + "fire for it: what keeps it over a reset is the console's ring.",
                "fs/pstore/platform.c, pstore_register_console; kernel/locking/lockdep.c prints by pr_warn "
                        + "and calls no panic");
    }

    @Override
    void check(Facts facts, RuleSheet sheet) {
        if (!facts.capturesByRamoops()) {
            return;
        }
        sheet.need(Option.of(facts, "PSTORE_CONSOLE"), "whether the console goes to ramoops")
                .ifPresent(option -> {
                    if (!option.value().equals("y")) {
                        sheet.error(
                                option.from(),
                                "PSTORE_CONSOLE=%s: no splat will survive a reset".formatted(option.value()),
                                "plan.config.PSTORE_CONSOLE = \"y\"");
                    }
                });
        sheet.need(facts.geometry(), "whether the console has a part of the region")
                .ifPresent(geometry -> {
                    if (geometry.value().console() == 0) {
                        sheet.error(
                                facts.at("ramoops.console_size"),
                                "the console has no part of the region",
                                "console-size = <0x40000> or more in the device tree's node, and ramoops.console_size");
                    }
                });
        for (Fact.Known<CommandLine> line : facts.testLines(sheet, "panic_on_warn on the planned command line")) {
            line.value()
                    .last("panic_on_warn")
                    .ifPresent(parameter -> sheet.note(
                            Facts.at(line, parameter),
                            parameter + " does not turn a lockdep splat into a panic",
                            "rely on the console's ring and on the live log; WARN()s do panic"));
        }
    }
}
