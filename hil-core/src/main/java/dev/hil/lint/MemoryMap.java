package dev.hil.lint;

import java.util.List;
import java.util.Map;

/** What the boot loaders of a SoC are known to overwrite, and where its vendor's kernels put their pools. */
final class MemoryMap {
    private static final String RK3588 = "U-Boot include/configs/rk3588_common.h";
    private static final String QEMU = "U-Boot include/configs/qemu-arm.h";
    private static final long MIB = 1 << 20;

    /** Where only a start is given, a size that what is loaded there really has: a kernel, a device tree. */
    private static final Map<String, List<MemoryUse>> KNOWN = Map.of(
            "rk3588",
            List.of(
                    new MemoryUse(0x00c0_0000, 2 * MIB, "U-Boot's scriptaddr", RK3588),
                    new MemoryUse(0x00e0_0000, MIB, "U-Boot's pxefile_addr_r, which holds extlinux.conf", RK3588),
                    new MemoryUse(0x0200_0000, 128 * MIB, "U-Boot's kernel_addr_r", RK3588),
                    new MemoryUse(
                            0x0a00_0000, 0x0800_0000, "U-Boot's kernel_comp_addr_r with kernel_comp_size", RK3588),
                    new MemoryUse(
                            0x1000_0000,
                            0x1000_0000,
                            "the CMA of Rockchip's kernels",
                            "Rockchip's boot log: 'reserved-memory' cma: addr=10000000 size=10000000"),
                    new MemoryUse(0x1200_0000, MIB, "U-Boot's fdt_addr_r", RK3588),
                    new MemoryUse(0x1210_0000, MIB / 2, "U-Boot's fdtoverlay_addr_r", RK3588),
                    new MemoryUse(0x1218_0000, 64 * MIB, "U-Boot's ramdisk_addr_r", RK3588)),
            "qemu-virt",
            List.of(
                    new MemoryUse(0x4000_0000, 2 * MIB, "the device tree that QEMU puts at the start of RAM", QEMU),
                    new MemoryUse(0x4020_0000, MIB, "U-Boot's scriptaddr", QEMU),
                    new MemoryUse(0x4030_0000, MIB, "U-Boot's pxefile_addr_r", QEMU),
                    new MemoryUse(0x4040_0000, 60 * MIB, "U-Boot's kernel_addr_r", QEMU),
                    new MemoryUse(0x4400_0000, 64 * MIB, "U-Boot's ramdisk_addr_r", QEMU)));

    private MemoryMap() {}

    /** What is known of a SoC; empty where nothing is. */
    static List<MemoryUse> of(String soc) {
        return KNOWN.getOrDefault(soc, List.of());
    }

    static List<String> socs() {
        return KNOWN.keySet().stream().sorted().toList();
    }

    /** The place that a SoC's vendor uses for ramoops itself. */
    static String advice(String soc) {
        return soc.equals("rk3588")
                ? "address = 0x110000 and size = 0xf0000, as Rockchip's own node ramoops@110000 has it"
                : "an address in RAM that neither boot loader nor kernel uses";
    }
}
