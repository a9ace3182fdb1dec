package dev.hil.klog;

import java.util.List;
import java.util.regex.Pattern;

/** Messages that look like a diagnostic and are none; each was seen in a real log. */
final class Traps {

    private static final List<Pattern> TRAPS = List.of(
            Pattern.compile("^Kernel command line:|^Command line:|^Unknown kernel command line parameters"),
            Pattern.compile("Unknown parameter '|Unrecognized mount option|unrecognized mount option|bad mount option"),
            Pattern.compile("ODEBUG: Out of memory"),
            Pattern.compile("INFO: Stall ended before state dump start|INFO: NMI handler|took too long"),
            Pattern.compile("^audit: |^audit_|^type=\\d+ audit\\("),
            Pattern.compile("^FAULT_INJECTION: "),
            Pattern.compile("^traps: "));

    /** Texts that start with WARNING: and come from the kernel, but tell of the user, the file system or the CPU. */
    private static final Pattern HARMLESS_WARNING = Pattern.compile("deprecat|obsolete"
            + "|WARNING: /|WARNING: workqueue cpumask: online intersect|WARNING: fbcon: Driver "
            + "|WARNING: [Uu]nprivileged eBPF|WARNING: See https?://|WARNING: kernel not compiled with"
            + "|WARNING: Spectre |WARNING: Reset corrupted AGFL|uses 32-bit capabilities|supports timestamps until"
            + "|WARNING: You are running |WARNING: Multiple console|WARNING: no syscalls can create");

    private Traps() {}

    static boolean isTrap(String text) {
        for (Pattern trap : TRAPS) {
            if (trap.matcher(text).find()) {
                return true;
            }
        }
        return false;
    }

    static boolean isHarmlessWarning(String text) {
        return HARMLESS_WARNING.matcher(text).find();
    }
}
