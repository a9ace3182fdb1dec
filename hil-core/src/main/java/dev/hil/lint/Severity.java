package dev.hil.lint;

import java.util.Locale;

/** How bad a finding of the linter is; worst first. */
public enum Severity {
    /** The plan fails, loses evidence or harms the board: the hard gate stops here. */
    ERROR,
    /** The plan may still do what is meant, but proof or evidence gets weaker. */
    WARNING,
    /** Good to know. */
    NOTE;

    /** As printed. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
