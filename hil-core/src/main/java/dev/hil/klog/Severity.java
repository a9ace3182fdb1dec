package dev.hil.klog;

import java.util.Locale;

/** How bad a finding is for the kernel that printed it, worst first. */
public enum Severity {
    /** The kernel did not go on, or could not be trusted to: oops, panic. */
    FATAL,
    /** A defect, proven by the kernel itself. */
    BUG,
    /** A sign of a defect, or of a test that is no longer valid. */
    WARNING,
    /** Worth knowing; nobody's fault. */
    INFO;

    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }
}
