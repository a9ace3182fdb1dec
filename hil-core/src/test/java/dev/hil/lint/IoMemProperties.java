package dev.hil.lint;

/** What holds for any text that is taken for /proc/iomem. */
final class IoMemProperties {
    private static final long[] ADDRESSES = {0, 1, 0xfff, 0x1000, 0x110000, Long.MAX_VALUE, Long.MIN_VALUE, -1, -0x1000
    };
    private static final long[] SIZES = {1, 0xf0000, 0x100000, Long.MAX_VALUE, -1};

    private IoMemProperties() {}

    /** @throws AssertionError where one does not hold */
    static void check(String text) {
        IoMem memory = IoMem.parse(text);
        for (long address : ADDRESSES) {
            for (long size : SIZES) {
                boolean plain = memory.isPlainRam(address, size);
                require(!plain || memory.isRam(address, size), "plain RAM is RAM", text);
                require(!plain || !memory.isReserved(address, size), "plain RAM is not reserved", text);
                boolean wraps = Long.compareUnsigned(address + size - 1, address) < 0;
                require(!wraps || !memory.isRam(address, size), "nothing lies beyond the last address", text);
                require(!memory.isHidden() || !memory.isRam(address + 1, 1) || address == -1, "nothing is known", text);
            }
        }
    }

    private static void require(boolean holds, String what, String text) {
        if (!holds) {
            throw new AssertionError(what + ", but not with: " + text);
        }
    }
}
