package dev.hil.lint;

/** Trap 16: the reset reason can lie. */
final class ResetReasonRule extends Rule {
    ResetReasonRule() {
        super(
                "reset-reason",
                "The watchdog's word about the last reset is understood",
                "dw_wdt, the watchdog of RK3588 and others, implements no bootstatus: zero means \"unknown\", "
                        + "never \"no watchdog\".",
                "drivers/watchdog/dw_wdt.c: bootstatus is never set; RK3588 TRM: CRU_GLB_RST_ST");
    }

    @Override
    void check(Facts facts, RuleSheet sheet) {
        sheet.need(facts.board().watchdogs(), "which watchdog the board has").ifPresent(watchdogs -> {
            if (watchdogs.value().isEmpty()) {
                sheet.warning(
                        watchdogs.from(),
                        "the board has no watchdog: a kernel that hangs stays as it is until somebody switches it off",
                        "a watchdog driver in the kernel under test, and somebody who feeds it");
            }
            watchdogs.value().stream()
                    .filter(name -> name.contains("DesignWare"))
                    .forEach(
                            name -> sheet.note(
                                    watchdogs.from(),
                                    "\"%s\" has no bootstatus: a zero there does not clear the watchdog"
                                            .formatted(name),
                                    "on RK3588 read CRU_GLB_RST_ST, 0xfd7c0c04 (bits 4 and 5: watchdog; 2 and 3: temperature)"));
        });
    }
}
