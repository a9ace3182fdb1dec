package dev.hil.lint;

import dev.hil.boot.RamoopsGeometry;

/**
 * Physical memory that something uses.
 *
 * @param address where it begins
 * @param size in bytes
 * @param what uses it
 * @param source how that is known
 */
public record MemoryUse(long address, long size, String what, String source) {

    boolean overlaps(long otherAddress, long otherSize) {
        return Long.compareUnsigned(address, otherAddress + otherSize) < 0
                && Long.compareUnsigned(otherAddress, address + size) < 0;
    }

    /** As in messages: {@code 0xa000000 to 0x12000000}. */
    String range() {
        return "%s to %s".formatted(RamoopsGeometry.hex(address), RamoopsGeometry.hex(address + size));
    }
}
