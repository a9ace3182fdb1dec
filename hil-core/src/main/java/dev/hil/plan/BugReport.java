package dev.hil.plan;

import dev.hil.link.Recording;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What regressed with a patch, as a page in Markdown that can be sent as it is: what, where, the kernel's own words,
 * exact versions, and how to see it again.
 *
 * @param title one line
 * @param what the verdict, in the words of the assertion that failed
 * @param patch which patch it is
 * @param report the kernel's report, if it made one
 * @param channels which channels have it
 * @param versions names and values, in order
 * @param reproduce steps, in order; what is to be typed stands in its own lines, indented by four blanks
 * @param evidence the folder with everything
 */
public record BugReport(
        String title,
        String what,
        Position patch,
        Optional<StackDecoder.Decoded> report,
        List<String> channels,
        Map<String, String> versions,
        List<String> reproduce,
        String evidence) {
    private static final int LONGEST = 64 * 1024;

    /**
     * The place of a patch in its series.
     *
     * @param name the patch
     * @param subject the first line of its message
     * @param number from 1
     * @param of how many
     * @param series the series
     * @param sha256 of the patch
     * @param proven the patches before it with which all was well
     */
    public record Position(
            String name, String subject, int number, int of, String series, String sha256, List<String> proven) {
        public Position {
            proven = List.copyOf(proven);
        }
    }

    public BugReport {
        channels = List.copyOf(channels);
        reproduce = List.copyOf(reproduce);
    }

    /** The page. */
    public String markdown() {
        StringBuilder text = new StringBuilder("# [REGRESSION] %s%n%n".formatted(line(title)));
        text.append("Patch %d of %d of the series %s:%n%n".formatted(patch.number(), patch.of(), line(patch.series())));
        text.append(
                "- `%s` (%s), SHA-256 `%s`%n".formatted(plain(patch.name()), line(patch.subject()), patch.sha256()));
        text.append(
                patch.proven().isEmpty()
                        ? "- without it the same kernel passes the same tests\n"
                        : "- with the patches before it the same kernel passes the same tests: %s%n"
                                .formatted(line(String.join(", ", patch.proven()))));
        text.append("\n## What is seen\n\n").append(block(what));
        if (report.isPresent()) {
            text.append("\n## What the kernel says\n\n");
            if (!channels.isEmpty()) {
                text.append("Seen on: %s.%n%n".formatted(line(String.join(", ", channels))));
            }
            text.append(block(report.get().text()));
            text.append("%n%d of %d functions are given with file and line, found by `scripts/decode_stacktrace.sh`%s%n"
                    .formatted(
                            report.get().placed(),
                            report.get().frames(),
                            report.get().why().isEmpty()
                                    ? "."
                                    : "; " + line(report.get().why()) + "."));
        }
        text.append("\n## Versions\n\n");
        versions.forEach((name, value) -> text.append("- %s: `%s`%n".formatted(line(name), plain(value))));
        text.append("\n## How to reproduce\n\n");
        int number = 1;
        for (String step : reproduce) {
            List<String> lines = step.lines().toList();
            text.append("%d. %s%n".formatted(number++, line(lines.get(0))));
            lines.stream()
                    .skip(1)
                    .forEach(command ->
                            text.append("   ").append(Recording.clean(command)).append('\n'));
        }
        return text.append(
                        "%n## Evidence%n%nLogs of all channels, what survived the reset, and all that make said: `%s`%n"
                                .formatted(plain(evidence)))
                .toString();
    }

    /** What a board or a patch says, so that it stays one line and marks nothing up. */
    private static String line(String text) {
        return Recording.clean(text).replaceAll("\\s+", " ").strip().replaceAll("([\\\\`*<\\[\\]#|])", "\\\\$1");
    }

    /** For between back-ticks. */
    private static String plain(String text) {
        return Recording.clean(text).replaceAll("[`\\s]+", " ").strip();
    }

    /** A fence that is longer than any in the text. */
    private static String block(String text) {
        String shown = text.length() <= LONGEST
                ? text
                : text.substring(0, LONGEST) + "\n[cut here; the rest is in the evidence]";
        String clean = shown.lines().map(Recording::clean).collect(Collectors.joining("\n"));
        String fence = "```";
        while (clean.contains(fence)) {
            fence += "`";
        }
        return "%s%n%s%n%s%n".formatted(fence, clean.stripTrailing(), fence);
    }
}
