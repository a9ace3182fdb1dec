package dev.hil.lint;

/** Trap 19: a fast line loses bytes. */
final class SerialSpeedRule extends Rule {
    SerialSpeedRule() {
        super(
                "serial-speed",
                "The serial line is not faster than adapters can read",
                "Many PL2303, CH340 and CP210x adapters lose bytes at 1.5 Mbaud, just where the log is dense: "
                        + "in a splat.",
                "measured with many adapters; RK3588 boards come with 1500000 baud");
    }

    private static final int FAST = 1_000_000;

    @Override
    void check(Facts facts, RuleSheet sheet) {
        facts.definition()
                .console()
                .filter(line -> line.baud() > FAST)
                .ifPresent(line -> sheet.warning(
                        facts.at("console.baud"),
                        "%d baud: many adapters lose bytes at this speed".formatted(line.baud()),
                        "115200 on both sides (console= and U-Boot), or an adapter (FT232) that was proven by an echo with a"
                                + " checksum; then [lint.accept] serial-speed = \"how it was proven\""));
    }
}
