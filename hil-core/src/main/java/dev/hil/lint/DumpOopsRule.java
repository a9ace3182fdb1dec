package dev.hil.lint;

/** Trap 18: a parameter of the past. */
final class DumpOopsRule extends Rule {
    DumpOopsRule() {
        super(
                "dump-oops",
                "`max_reason`, not `dump_oops`",
                "dump_oops is deprecated, and is ignored where max_reason is given.",
                "fs/pstore/ram.c: \"deprecated: use max_reason instead\"; KMSG_DUMP_OOPS is 2 "
                        + "(include/linux/kmsg_dump.h)");
    }

    @Override
    void check(Facts facts, RuleSheet sheet) {
        facts.testLines(sheet, "ramoops.dump_oops on the planned command line")
                .forEach(line -> line.value()
                        .all("ramoops.dump_oops")
                        .forEach(parameter -> sheet.warning(
                                Facts.at(line, parameter),
                                parameter + " is deprecated",
                                parameter.text().equals("0")
                                        ? "ramoops.max_reason=1 (panics only)"
                                        : "ramoops.max_reason=2 (panics and oopses)")));
    }
}
