package dev.hil.boot;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One label of a boot menu.
 *
 * @param label its name, which is matched exactly
 * @param line the line of its LABEL keyword, from 1
 * @param linux the kernel image (LINUX, or KERNEL)
 * @param initrd the initial RAM disk
 * @param fdt the device tree (FDT, or DEVICETREE)
 * @param append the kernel command line
 * @param shown what the menu shows for it (MENU LABEL), where that is not its name
 */
public record BootEntry(
        String label,
        int line,
        Optional<String> linux,
        Optional<String> initrd,
        Optional<String> fdt,
        Optional<String> append,
        Optional<String> shown) {

    /** The files that must exist for this label to boot. */
    public List<String> files() {
        return Stream.of(linux, initrd, fdt).flatMap(Optional::stream).toList();
    }

    /** What the menu shows for it. */
    public String title() {
        return shown.orElse(label);
    }
}
