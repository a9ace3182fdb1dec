package dev.hil.klog;

import java.time.LocalDate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An entry of a known-issues file.
 *
 * @param line its line in that file
 * @param fingerprint a coarse or fine fingerprint, or its first eight digits or more; empty if the title decides
 * @param title must be found in the finding's title, or null if the fingerprint decides
 * @param reason why it is known
 * @param expires the last day on which the entry holds, or null
 */
public record KnownIssue(
        int line,
        String fingerprint,
        @Nullable Pattern title,
        String reason,
        @Nullable LocalDate expires) {

    /** What it matches, as in the file: {@code fingerprint 3fa94c0182b1d7e0} or {@code title REGEX}. */
    public String pattern() {
        return title == null ? "fingerprint " + fingerprint : "title " + title;
    }

    boolean matches(Finding finding) {
        if (title != null) {
            return title.matcher(finding.title()).find();
        }
        return finding.fingerprint().startsWith(fingerprint)
                || finding.fingerprintFine().startsWith(fingerprint);
    }

    boolean expired(LocalDate today) {
        return expires != null && today.isAfter(expires);
    }
}
