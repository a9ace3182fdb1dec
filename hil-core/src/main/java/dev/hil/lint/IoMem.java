package dev.hil.lint;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * /proc/iomem: who has which physical addresses.
 *
 * @param ranges in the order of the file
 */
public record IoMem(List<Range> ranges) {
    private static final Pattern LINE = Pattern.compile("( {0,40})([0-9a-f]{1,16})-([0-9a-f]{1,16}) : (.{0,200})");
    private static final int MOST = 10_000;

    /**
     * One line.
     *
     * @param depth 0 for the outermost
     * @param start first address
     * @param end last address
     * @param name such as {@code System RAM} or {@code reserved}
     */
    public record Range(int depth, long start, long end, String name) {
        /** Whether all of a region lies in it; of one that goes beyond the last address there is, nothing does. */
        boolean holds(long address, long size) {
            long last = address + size - 1;
            return Long.compareUnsigned(address, last) <= 0
                    && Long.compareUnsigned(start, address) <= 0
                    && Long.compareUnsigned(last, end) <= 0;
        }
    }

    /** Reads it; a line of another form is passed over. */
    public static IoMem parse(String text) {
        List<Range> ranges = new ArrayList<>();
        text.lines().limit(MOST).forEach(line -> {
            Matcher matcher = LINE.matcher(line);
            if (matcher.matches()) {
                ranges.add(new Range(
                        matcher.group(1).length() / 2,
                        Long.parseUnsignedLong(matcher.group(2), 16),
                        Long.parseUnsignedLong(matcher.group(3), 16),
                        matcher.group(4)));
            }
        });
        return new IoMem(List.copyOf(ranges));
    }

    /** Whether the kernel showed zeros in place of addresses, as it does to everybody but root. */
    public boolean isHidden() {
        return ranges.stream().allMatch(range -> range.start() == 0 && range.end() == 0);
    }

    /** Whether a region is RAM that the kernel hands out: System RAM with no reservation over it. */
    public boolean isPlainRam(long address, long size) {
        return isRam(address, size) && !isReserved(address, size);
    }

    /** Whether a region is RAM at all. */
    public boolean isRam(long address, long size) {
        return ranges.stream().anyMatch(range -> range.name().equals("System RAM") && range.holds(address, size));
    }

    /** Whether a region lies in what is reserved. */
    public boolean isReserved(long address, long size) {
        return ranges.stream()
                .anyMatch(range -> range.holds(address, size)
                        && (range.name().equals("reserved") || range.name().startsWith("ramoops")));
    }
}
