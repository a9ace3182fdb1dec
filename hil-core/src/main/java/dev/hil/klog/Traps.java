package dev.hil.klog;

import java.util.List;
import java.util.regex.Pattern;

/** Messages that look like a diagnostic and are none; each was seen in a real log. */
final class Traps {

    private static final List<String> STARTS = List.of(
            "Kernel command line:",
            "Command line:",
            "Unknown kernel command line parameters",
            "audit: ",
            "audit_",
            "type=",
            "FAULT_INJECTION: ");
    private static final List<String> PARTS = List.of(
            "Unknown parameter '",
            "nrecognized mount option",
            "bad mount option",
            "ODEBUG: Out of memory",
            "INFO: Stall ended before",
            "INFO: NMI handler",
            "took too long");

    /** Texts that start with WARNING: and come from the kernel, but tell of the user, the file system or the CPU. */
    private static final Pattern HARMLESS_WARNING = Pattern.compile("deprecat|obsolete"
            + "|WARNING: /|WARNING: workqueue cpumask: online intersect|WARNING: fbcon: Driver "
            + "|WARNING: [Uu]nprivileged eBPF|WARNING: See https?://|WARNING: kernel not compiled with"
            + "|WARNING: Spectre |WARNING: Reset corrupted AGFL|uses 32-bit capabilities|supports timestamps until"
            + "|WARNING: Unsupported flag value"
            + "|WARNING: You are running |WARNING: Multiple console|WARNING: no syscalls can create");

    /** How the kernel tells of a process that died of its own fault (arch/x86/kernel/traps.c). */
    private static final Pattern USER_FAULT = Pattern.compile("^traps: .{1,32}\\[\\d+\\] ");

    private Traps() {}

    static boolean isTrap(String text) {
        for (String start : STARTS) {
            if (text.startsWith(start)) {
                return true;
            }
        }
        for (String part : PARTS) {
            if (text.contains(part)) {
                return true;
            }
        }
        return text.startsWith("traps: ") && USER_FAULT.matcher(text).find();
    }

    static boolean isHarmlessWarning(String text) {
        return HARMLESS_WARNING.matcher(text).find();
    }
}
