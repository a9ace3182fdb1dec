package dev.hil.report;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hil.klog.LockGraph;
import dev.hil.link.Recording;
import dev.hil.report.Report.ConsoleTail;
import dev.hil.report.Report.Known;
import dev.hil.report.Report.Splat;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What the kernel reported: {@code findings.jsonl}, each report once though several channels have it. */
final class Findings {
    private static final int MOST = 500;
    private static final int MOST_LINES = 1000;
    private static final int TAIL_BYTES = 256 << 10;
    private static final int TAIL_LINES = 150;
    private static final String CONSOLE = "console.log";

    /** Resets are judged with more than the log. */
    private static final Set<String> REMARKS = Set.of("silent-reset", "firmware-start", "watchdog-not-stopped");

    private static final Set<String> LAST_WORDS = Set.of("panic", "oops", "hang");

    private final Folder folder;
    private final Timeline timeline;
    private final Map<String, Sight> reports = new LinkedHashMap<>();

    /** A report as the channel has it that has most of it, and as all have it. */
    private record Sight(String id, JsonNode node, List<JsonNode> all) {
        List<String> channels() {
            return all.stream()
                    .map(one -> Folder.text(one, "channel"))
                    .distinct()
                    .toList();
        }
    }

    Findings(Folder folder, Timeline timeline) {
        this.folder = folder;
        this.timeline = timeline;
        Map<String, Integer> counts = new HashMap<>();
        List<JsonNode> lines = folder.lines("findings.jsonl");
        for (JsonNode line : lines.subList(0, Math.min(MOST, lines.size()))) {
            String what = Folder.text(line, "kind") + " " + Folder.text(line, "fingerprintFine");
            String channel = Folder.text(line, "channel");
            // The second time a channel has it, it is another report.
            int nth = counts.merge(what + " " + channel, 1, Integer::sum);
            reports.merge(
                    what + " " + nth,
                    new Sight("finding-" + (reports.size() + 1), line, List.of(line)),
                    Findings::better);
        }
        if (lines.size() > MOST) {
            folder.remarks()
                    .add("findings.jsonl: only the first %d of %d are shown here".formatted(MOST, lines.size()));
        }
    }

    private static Sight better(Sight one, Sight other) {
        List<JsonNode> all = new ArrayList<>(one.all());
        all.addAll(other.all());
        boolean whole = one.node().path("complete").asBoolean();
        boolean otherWhole = other.node().path("complete").asBoolean();
        boolean knowsBoot = !Folder.text(one.node(), "boot").isEmpty();
        boolean take = whole == otherWhole ? !knowsBoot : otherWhole;
        return new Sight(one.id(), take ? other.node() : one.node(), all);
    }

    List<Splat> all() {
        List<Splat> all = new ArrayList<>();
        for (Sight sight : reports.values()) {
            all.add(splat(sight));
        }
        return all;
    }

    private Splat splat(Sight sight) {
        JsonNode node = sight.node();
        String kind = Folder.text(node, "kind");
        String category = Folder.text(node, "category");
        String known = Folder.text(node, "known");
        String expected = Folder.text(node, "expected");
        List<String> lines = Folder.texts(node.path("lines"));
        long at = timeline.millis(Folder.text(node, "at"));
        String log = Folder.text(node, "log");
        return new Splat(
                sight.id(),
                Folder.text(node, "title"),
                kind,
                category,
                Folder.text(node, "severity"),
                !known.isEmpty()
                        ? "known"
                        : !expected.isEmpty()
                                ? "expected"
                                : REMARKS.contains(kind)
                                                || Folder.text(node, "severity").equals("info")
                                        ? "remark"
                                        : "unexpected",
                known.isEmpty() ? expected : known,
                Folder.text(node, "pattern"),
                node.path("complete").asBoolean(),
                at,
                Folder.text(node, "stamp"),
                boot(Folder.text(node, "boot"), category, at),
                sight.channels(),
                Folder.text(node, "fingerprint"),
                folder.has(log) ? log : "",
                folder.lineAt(log, Folder.number(node, "startOffset")),
                lines.subList(0, Math.min(MOST_LINES, lines.size())),
                Folder.texts(node.path("locks")),
                category.equals("lockdep") ? LockGraph.of(kind, lines) : new LockGraph(List.of(), List.of()));
    }

    /** What was seen between two boots is the last of the one, if it is such a thing, or of the other's beginning. */
    private String boot(String named, String category, long at) {
        if (named.matches("[0-9a-f-]{36}")) {
            return Timeline.shortId(named);
        }
        String in = timeline.bootAt(at);
        if (!in.isEmpty()) {
            return in;
        }
        return LAST_WORDS.contains(category) ? timeline.bootBefore(at) : timeline.bootAfter(at);
    }

    /** One for each entry of the known-issues file that something matched. */
    static List<Known> known(List<Splat> findings) {
        Map<Known, List<String>> entries = new LinkedHashMap<>();
        findings.stream()
                .filter(finding -> finding.status().equals("known"))
                .forEach(finding -> entries.computeIfAbsent(
                                new Known(finding.because(), finding.pattern(), 0, List.of()), key -> new ArrayList<>())
                        .add(finding.id()));
        List<Known> known = new ArrayList<>();
        entries.forEach((entry, ids) -> known.add(new Known(entry.reason(), entry.pattern(), ids.size(), ids)));
        return known;
    }

    /** The console's last lines, with what was found in them. */
    ConsoleTail console() {
        Folder.Tail tail = folder.tail(CONSOLE, TAIL_BYTES);
        if (tail.bytes().length == 0) {
            return new ConsoleTail("", 1, List.of());
        }
        List<ConsoleTail.Line> lines = new ArrayList<>();
        int from = 0;
        for (int i = 0; i <= tail.bytes().length; i++) {
            boolean last = i == tail.bytes().length;
            boolean ends = last || tail.bytes()[i] == '\n';
            if (ends && !(last && i == from)) {
                String text = new String(tail.bytes(), from, i - from, StandardCharsets.UTF_8);
                lines.add(new ConsoleTail.Line(Recording.clean(text), findingAt(tail.offset() + from)));
            }
            from = ends ? i + 1 : from;
        }
        int dropped = Math.max(0, lines.size() - TAIL_LINES);
        return new ConsoleTail(
                CONSOLE, folder.lineAt(CONSOLE, tail.offset()) + dropped, lines.subList(dropped, lines.size()));
    }

    private String findingAt(long offset) {
        for (Sight sight : reports.values()) {
            for (JsonNode node : sight.all()) {
                if (Folder.text(node, "log").equals(CONSOLE)
                        && Folder.number(node, "startOffset") <= offset
                        && offset < Folder.number(node, "endOffset")) {
                    return sight.id();
                }
            }
        }
        return "";
    }
}
