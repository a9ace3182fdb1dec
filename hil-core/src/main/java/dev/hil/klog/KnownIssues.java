package dev.hil.klog;

import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * The findings that are already known. One entry a line, {@code #} starts a comment:
 *
 * <pre>
 * fingerprint 3fa94c0182b1d7e0 | rockchip-rga cycle, fix is queued | 2026-12-31
 * title ^circular locking dependency: .*vb2 | upstream bug 217
 * </pre>
 *
 * <p>A known finding is shown, not hidden. An entry that has expired holds no more; one that matched nothing is named
 * by {@link #unused()}, so that the file does not outlive the bugs.
 */
public final class KnownIssues {

    private static final int MIN_FINGERPRINT = 8;

    private final List<KnownIssue> issues;
    private final LocalDate today;
    private final Set<Integer> used = new HashSet<>();

    private KnownIssues(List<KnownIssue> issues, LocalDate today) {
        this.issues = List.copyOf(issues);
        this.today = today;
    }

    public static KnownIssues none() {
        return new KnownIssues(List.of(), LocalDate.EPOCH);
    }

    /**
     * Reads a known-issues file.
     *
     * @param today entries that expired before this day do not hold
     * @throws IllegalArgumentException naming the line that cannot be understood
     */
    public static KnownIssues parse(List<String> lines, LocalDate today) {
        List<KnownIssue> issues = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (!line.isEmpty() && !line.startsWith("#")) {
                issues.add(entry(line, i + 1));
            }
        }
        return new KnownIssues(issues, today);
    }

    private static KnownIssue entry(String line, int number) {
        String[] parts = line.split(" \\| ", -1);
        String[] match = parts[0].strip().split("\\s+", 2);
        if (parts.length < 2 || parts.length > 3 || match.length != 2 || parts[1].isBlank()) {
            throw wrong(number, line, "expected: fingerprint HEX | reason [| YYYY-MM-DD], or: title REGEX | reason …");
        }
        try {
            LocalDate expires = parts.length == 3 ? LocalDate.parse(parts[2].strip()) : null;
            String reason = parts[1].strip();
            return switch (match[0]) {
                case "fingerprint" -> new KnownIssue(number, fingerprint(match[1], number), null, reason, expires);
                case "title" -> new KnownIssue(number, "", Pattern.compile(match[1]), reason, expires);
                default -> throw wrong(number, line, "an entry starts with fingerprint or title, not " + match[0]);
            };
        } catch (DateTimeParseException | PatternSyntaxException e) {
            throw wrong(number, line, String.valueOf(e.getMessage()));
        }
    }

    private static String fingerprint(String hex, int number) {
        if (!hex.matches("[0-9a-f]{" + MIN_FINGERPRINT + ",}")) {
            throw wrong(number, hex, "a fingerprint is " + MIN_FINGERPRINT + " or more hexadecimal digits");
        }
        return hex;
    }

    private static IllegalArgumentException wrong(int number, String line, String why) {
        return new IllegalArgumentException("known issues, line " + number + ": " + why + " (" + line + ")");
    }

    @Nullable KnownIssue match(Finding finding) {
        for (KnownIssue issue : issues) {
            if (!issue.expired(today) && issue.matches(finding)) {
                used.add(issue.line());
                return issue;
            }
        }
        return null;
    }

    /** The entries that matched no finding so far, the expired ones among them. */
    public List<KnownIssue> unused() {
        return issues.stream().filter(issue -> !used.contains(issue.line())).toList();
    }

    /** The entries that no longer hold. */
    public List<KnownIssue> expired() {
        return issues.stream().filter(issue -> issue.expired(today)).toList();
    }
}
