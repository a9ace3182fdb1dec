package dev.hil.lint;

import dev.hil.boot.CommandLine;
import java.util.List;

/** Trap 11: "lockdep clean" can be vacuous. */
final class LockdepOnRule extends Rule {
    LockdepOnRule() {
        super(
                "lockdep-on",
                "Lockdep is built in, and nothing turns it off",
                "Without PROVE_LOCKING, with prove_locking=0, or after a proprietary or forced module, "
                        + "lockdep proves nothing, and that it reports nothing means nothing.",
                "kernel/locking/lockdep.c: prove_locking; kernel/module/main.c: add_taint_module(..., "
                        + "LOCKDEP_NOW_UNRELIABLE); /proc/lockdep_stats: debug_locks");
    }

    private static final long PROPRIETARY = 1;
    private static final long FORCED = 2;

    @Override
    void check(Facts facts, RuleSheet sheet) {
        sheet.need(Option.of(facts, "PROVE_LOCKING"), "whether the kernel under test has lockdep")
                .ifPresent(option -> {
                    if (!option.value().equals("y")) {
                        sheet.error(
                                option.from(),
                                "PROVE_LOCKING=%s: the kernel under test proves nothing about locks"
                                        .formatted(option.value()),
                                "plan.config.PROVE_LOCKING = \"y\"");
                    }
                });
        for (Fact.Known<CommandLine> line : facts.testLines(sheet, "whether the command line turns lockdep off")) {
            for (String name : List.of("prove_locking", "lockdep.prove_locking")) {
                line.value()
                        .last(name)
                        .filter(parameter -> parameter.text().equals("0"))
                        .ifPresent(parameter -> sheet.error(
                                Facts.at(line, parameter), parameter + " turns lockdep's proofs off", "leave it out"));
            }
        }
        sheet.need(facts.board().tainted(), "whether the board loads modules that turn lockdep off")
                .ifPresent(taint -> {
                    if ((taint.value() & (PROPRIETARY | FORCED)) != 0) {
                        sheet.warning(
                                taint.from(),
                                "the running kernel is tainted (%d): a proprietary or forced module is loaded, which turns lockdep off"
                                        .formatted(taint.value()),
                                "keep that module from being loaded under the kernel under test");
                    }
                });
        facts.board()
                .debugLocks()
                .known()
                .filter(on -> !on)
                .ifPresent(off -> sheet.warning(
                        "/proc/lockdep_stats",
                        "lockdep is off in the running boot: debug_locks is 0",
                        "reboot before anything is judged; the kernel log says what turned it off"));
    }
}
