package dev.hil.lint;

/** Trap 17: what tells two boots apart. */
final class BootIdRule extends Rule {
    BootIdRule() {
        super(
                "boot-id",
                "Boots can be told apart",
                "Without an RTC uptime, `who -b` and btime all fail, and a kernel's banner is the same after "
                        + "a watchdog reset into the same kernel. Only boot_id differs at each boot.",
                "drivers/char/random.c: /proc/sys/kernel/random/boot_id");
    }

    @Override
    void check(Facts facts, RuleSheet sheet) {
        boolean asked = facts.board().release().known().isPresent();
        if (asked && facts.board().bootId().known().isEmpty()) {
            sheet.error(
                    "/proc/sys/kernel/random/boot_id of %s"
                            .formatted(facts.definition().name()),
                    "it cannot be read, so that no reset can be seen",
                    "a kernel with CONFIG_SYSCTL, and /proc mounted");
        } else {
            sheet.need(facts.board().bootId(), "whether boots can be told apart");
        }
    }
}
