package dev.hil.boot;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How the memory of ramoops is divided (fs/pstore/ram.c): dump records first, then console, ftrace and pmsg. Sizes are
 * in bytes.
 *
 * @param size of the whole region
 * @param record of one dump record
 * @param console of the console's ring; 0 for none
 * @param ftrace of the function trace; 0 for none
 * @param pmsg of what user space writes to /dev/pmsg0; 0 for none
 * @param ecc bytes of error correction for each block of 128; 0 for none
 */
public record RamoopsGeometry(long size, long record, long console, long ftrace, long pmsg, long ecc) {
    /** What a size is where the command line is silent: MIN_MEM_SIZE of fs/pstore/ram.c. */
    public static final long COMMAND_LINE_DEFAULT = 4096;

    /** The bytes of error correction that {@code ramoops.ecc=1} stands for: 1 is a special value, for 16. */
    public static final long ECC_FOR_ONE = 16;

    /**
     * The geometry that the parameters {@code ramoops.*} of a command line ask for; empty where they name no size.
     *
     * @throws NumberFormatException for a number that the kernel would not take
     */
    public static Optional<RamoopsGeometry> of(CommandLine line) {
        if (!line.has("ramoops.mem_size") && !line.has("ramoops.mem_name")) {
            return Optional.empty();
        }
        long ecc = number(line, "ramoops.ecc", 0);
        return Optional.of(new RamoopsGeometry(
                number(line, "ramoops.mem_size", 0),
                number(line, "ramoops.record_size", COMMAND_LINE_DEFAULT),
                number(line, "ramoops.console_size", COMMAND_LINE_DEFAULT),
                number(line, "ramoops.ftrace_size", COMMAND_LINE_DEFAULT),
                number(line, "ramoops.pmsg_size", COMMAND_LINE_DEFAULT),
                ecc == 1 ? ECC_FOR_ONE : ecc));
    }

    private static long number(CommandLine line, String name, long standard) {
        return line.last(name).map(parameter -> number(parameter.text())).orElse(standard);
    }

    /**
     * A number as kstrtoull with base 0 reads it: decimal, 0x hexadecimal, 0 octal; suffixes such as {@code 1M} are for
     * memparse, which module parameters do not go through.
     *
     * @throws NumberFormatException naming what the kernel would not take
     */
    public static long number(String text) {
        String digits = text.startsWith("+") ? text.substring(1) : text;
        if (digits.startsWith("0x") || digits.startsWith("0X")) {
            return Long.parseUnsignedLong(digits.substring(2), 16);
        }
        return Long.parseUnsignedLong(digits, digits.length() > 1 && digits.startsWith("0") ? 8 : 10);
    }

    /** As the kernel uses it: each part but the whole is rounded down to a power of two. */
    public RamoopsGeometry rounded() {
        return new RamoopsGeometry(size, down(record), down(console), down(ftrace), down(pmsg), ecc);
    }

    private static long down(long bytes) {
        return Long.highestOneBit(Math.max(0, bytes));
    }

    /** How many dump records there are: (size - console - ftrace - pmsg) / record, after rounding. */
    public long dumpRecords() {
        RamoopsGeometry used = rounded();
        long left = used.size - used.console - used.ftrace - used.pmsg;
        return used.record == 0 || left < 0 ? 0 : left / used.record;
    }

    /** What the kernel would do otherwise than was meant; empty for a sound geometry. */
    public List<String> problems() {
        List<String> problems = new ArrayList<>();
        RamoopsGeometry used = rounded();
        rounding(problems, "record", record, used.record);
        rounding(problems, "console", console, used.console);
        rounding(problems, "ftrace", ftrace, used.ftrace);
        rounding(problems, "pmsg", pmsg, used.pmsg);
        long rings = used.console + used.ftrace + used.pmsg;
        if (rings > size) {
            problems.add("console, ftrace and pmsg take %s of %s".formatted(hex(rings), hex(size)));
        } else if (record > 0 && dumpRecords() == 0) {
            problems.add("no dump record of %s fits into the %s that console, ftrace and pmsg leave of %s"
                    .formatted(hex(used.record), hex(size - rings), hex(size)));
        }
        return List.copyOf(problems);
    }

    private static void rounding(List<String> problems, String part, long given, long used) {
        if (given != used) {
            problems.add(
                    "the %s size %s is no power of two: the kernel uses %s".formatted(part, hex(given), hex(used)));
        }
    }

    /** A size or an address, as kernel sources write it. */
    public static String hex(long number) {
        return "0x" + Long.toHexString(number);
    }
}
