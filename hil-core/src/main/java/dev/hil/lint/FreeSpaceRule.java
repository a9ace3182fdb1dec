package dev.hil.lint;

import java.util.TreeMap;

/** Trap 21: a full /boot. */
final class FreeSpaceRule extends Rule {
    FreeSpaceRule() {
        super(
                "free-space",
                "/boot and /lib/modules have room",
                "An image or an initramfs that was cut off by a full disk does not boot, and backups need "
                        + "room as well.",
                "df; an arm64 Image with debug options has 40 to 60 MiB, an initramfs as much");
    }

    private static final long LEAST_KIB = 128 << 10;

    @Override
    void check(Facts facts, RuleSheet sheet) {
        sheet.need(facts.board().free(), "whether there is room for a kernel and backups")
                .ifPresent(free -> new TreeMap<>(free.value()).forEach((mount, kib) -> {
                    if (kib < LEAST_KIB) {
                        sheet.error(
                                free.from(),
                                "%s has %d MiB left".formatted(mount, kib >> 10),
                                "make room: %d MiB for image, initramfs, modules and their backups"
                                        .formatted(LEAST_KIB >> 10));
                    }
                }));
    }
}
