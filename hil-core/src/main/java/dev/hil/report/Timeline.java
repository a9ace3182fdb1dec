package dev.hil.report;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hil.link.Recording;
import dev.hil.report.Report.BootInfo;
import dev.hil.report.Report.Mark;
import dev.hil.report.Report.Phase;
import dev.hil.report.Report.ResetInfo;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** When what happened: read from {@code events.jsonl}, {@code phases.jsonl} and {@code resets.jsonl}. */
final class Timeline {
    private static final int MOST_MARKS = 5000;
    private static final int LONGEST_TEXT = 2000;
    private static final int SHORT_ID = 8;
    private static final Pattern BOOT = Pattern.compile("boot ([0-9a-f]{8}) of (.*)", Pattern.DOTALL);
    private static final Pattern COPIED =
            Pattern.compile("copied \\d+ records to .*[/\\\\](pstore-\\d+):", Pattern.DOTALL);

    private final List<JsonNode> events;
    private final List<ResetInfo> resets = new ArrayList<>();
    private final List<BootInfo> boots = new ArrayList<>();
    private final List<Phase> phases = new ArrayList<>();
    private final Map<String, Long> estimates = new LinkedHashMap<>();
    private final Instant start;
    private final long end;

    /** @param files of the evidence folder, by their paths in it */
    Timeline(Folder folder, List<String> files) {
        this.events = folder.lines("events.jsonl");
        this.start = start(folder);
        List<JsonNode> begun = folder.lines("phases.jsonl");
        this.end = Math.max(last(events, "millis"), Math.max(last(begun, "ended"), last(begun, "began")));
        resets(folder, files);
        boots(files);
        phases(begun);
    }

    private Instant start(Folder folder) {
        if (events.isEmpty()) {
            return instant(Folder.text(folder.json("index.json"), "started")).orElse(Instant.EPOCH);
        }
        JsonNode first = events.get(0);
        return instant(Folder.text(first, "at"))
                .map(at -> at.minusMillis(first.path("millis").asLong(0)))
                .orElse(Instant.EPOCH);
    }

    static Optional<Instant> instant(String text) {
        try {
            return Optional.of(Instant.parse(text));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    private static long last(List<JsonNode> lines, String key) {
        return lines.stream().mapToLong(line -> Folder.number(line, key)).max().orElse(0);
    }

    /** Milliseconds since the run began of a moment of wall clock time; -1 if it is none. */
    long millis(String at) {
        return instant(at)
                .map(moment -> Math.max(0, Duration.between(start, moment).toMillis()))
                .orElse(-1L);
    }

    /** When the last thing happened that is known. */
    long end() {
        return end;
    }

    List<BootInfo> boots() {
        return boots;
    }

    List<ResetInfo> resets() {
        return resets;
    }

    List<Phase> phases() {
        return phases;
    }

    /** How long a class of tests was expected to take, by its title; -1 where that is not known. */
    long estimated(String title) {
        return estimates.getOrDefault(title, -1L);
    }

    List<JsonNode> events() {
        return events;
    }

    /** The end of what {@link #phases} holds that was still going on. */
    Optional<Phase> unfinished() {
        return phases.stream().filter(phase -> phase.ended() < 0).reduce((first, second) -> second);
    }

    private void resets(Folder folder, List<String> files) {
        List<List<String>> copies = new ArrayList<>();
        List<String> pending = List.of();
        for (JsonNode event : events) {
            Matcher copied = COPIED.matcher(Folder.text(event, "text"));
            if (Folder.text(event, "kind").equals("pstore") && copied.find()) {
                String prefix = copied.group(1) + "/";
                pending = files.stream().filter(file -> file.startsWith(prefix)).toList();
            } else if (Folder.text(event, "kind").equals("reset")) {
                copies.add(pending);
                pending = List.of();
            }
        }
        for (JsonNode reset : folder.lines("resets.jsonl")) {
            int n = resets.size();
            resets.add(new ResetInfo(
                    "reset-" + (n + 1),
                    millis(Folder.text(reset, "at")),
                    Folder.text(reset, "verdict"),
                    Folder.text(reset, "confidence"),
                    shortId(Folder.text(reset, "before")),
                    shortId(Folder.text(reset, "after")),
                    Folder.number(reset, "tookMillis"),
                    Folder.text(reset, "capture"),
                    Folder.texts(reset.path("evidence")),
                    n < copies.size() ? copies.get(n) : List.of()));
        }
    }

    static String shortId(String id) {
        return id.length() <= SHORT_ID ? id : id.substring(0, SHORT_ID);
    }

    private void boots(List<String> files) {
        Map<String, BootInfo> known = new LinkedHashMap<>();
        for (JsonNode event : events) {
            Matcher boot = BOOT.matcher(Folder.text(event, "text"));
            if (Folder.text(event, "kind").equals("boot") && boot.matches()) {
                String id = boot.group(1);
                String log = files.stream()
                        .filter(file -> file.startsWith("kmsg-") && file.endsWith("-" + id + ".log"))
                        .findFirst()
                        .orElse("");
                known.putIfAbsent(
                        id,
                        new BootInfo(
                                id, Recording.excerpt(boot.group(2)), Folder.number(event, "millis"), -1, "", log));
            }
        }
        List<BootInfo> all = List.copyOf(known.values());
        for (int i = 0; i < all.size(); i++) {
            BootInfo boot = all.get(i);
            long next = i + 1 < all.size() ? all.get(i + 1).began() : end;
            Optional<ResetInfo> reset = resets.stream()
                    .filter(one -> one.before().equals(boot.id()))
                    .findFirst();
            long ended = reset.map(one -> next - Math.max(0, one.millis())).orElse(next);
            boots.add(new BootInfo(
                    boot.id(),
                    boot.kernel(),
                    boot.began(),
                    Math.max(boot.began(), ended),
                    reset.map(ResetInfo::verdict).orElse(""),
                    boot.log()));
        }
    }

    private void phases(List<JsonNode> lines) {
        Map<Long, JsonNode> ends = new LinkedHashMap<>();
        lines.stream().filter(line -> line.has("ended")).forEach(line -> ends.put(Folder.number(line, "id"), line));
        for (JsonNode line : lines) {
            String kind = Folder.text(line, "kind");
            // Tests are told by the steps.
            if (line.has("began") && kind.equals("class")) {
                estimates.put(Folder.text(line, "what"), Folder.number(line, "estimate"));
            } else if (line.has("began") && !kind.equals("test")) {
                JsonNode over = ends.get(Folder.number(line, "id"));
                phases.add(new Phase(
                        kind,
                        Folder.text(line, "what"),
                        Folder.number(line, "began"),
                        over == null ? -1 : Folder.number(over, "ended"),
                        Folder.number(line, "estimate")));
            }
        }
    }

    /** In which boot a moment lies, by its first digits; empty where the board was between two. */
    String bootAt(long at) {
        return boots.stream()
                .filter(boot -> boot.began() <= at && at <= boot.ended())
                .map(BootInfo::id)
                .reduce((first, second) -> second)
                .orElse("");
    }

    /** The boot before a moment, also if it has ended by then. */
    String bootBefore(long at) {
        return boots.stream()
                .filter(boot -> boot.began() <= at)
                .map(BootInfo::id)
                .reduce((first, second) -> second)
                .orElse("");
    }

    /** The boot that a moment before its first sign of life belongs to. */
    String bootAfter(long at) {
        return boots.stream()
                .filter(boot -> boot.began() >= at)
                .map(BootInfo::id)
                .findFirst()
                .orElse("");
    }

    /** Everything that happened, with links to what is told of it elsewhere. */
    List<Mark> marks(List<Report.Splat> findings) {
        List<Mark> marks = new ArrayList<>();
        int reset = 0;
        for (JsonNode event : events.subList(0, Math.min(MOST_MARKS, events.size()))) {
            String kind = Folder.text(event, "kind");
            String text = Folder.text(event, "text");
            long at = Folder.number(event, "millis");
            String ref = "";
            if (kind.equals("reset") && reset < resets.size()) {
                ref = resets.get(reset++).id();
            } else if (kind.equals("finding")) {
                ref = findings.stream()
                        .filter(finding -> text.startsWith(finding.title()))
                        .reduce((one, other) -> Math.abs(one.at() - at) <= Math.abs(other.at() - at) ? one : other)
                        .map(Report.Splat::id)
                        .orElse("");
            }
            marks.add(new Mark(
                    at,
                    kind,
                    text.length() <= LONGEST_TEXT ? text : text.substring(0, LONGEST_TEXT) + "...",
                    bootAt(at).isEmpty() ? bootBefore(at) : bootAt(at),
                    ref));
        }
        return marks;
    }
}
