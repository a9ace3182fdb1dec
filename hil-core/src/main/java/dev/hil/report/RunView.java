package dev.hil.report;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hil.link.Durations;
import dev.hil.link.InfrastructureException;
import dev.hil.link.Recording;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A run as somebody sees it who looks on from another terminal: read from its evidence folder, at one moment.
 *
 * @param folder the evidence
 * @param id its name
 * @param state what becomes of it: {@code running}, {@code cut off}, or its outcome
 * @param over whether nothing more comes
 * @param success whether it ended as it should
 * @param doing what is going on, from the whole to the part; empty where nothing is
 * @param now the same for people, with times; may be empty
 * @param elapsed since the run began
 * @param tests how each test so far came out, a line each
 * @param findings what the kernel reported, a line each
 * @param console the last lines of it
 */
public record RunView(
        Path folder,
        String id,
        String state,
        boolean over,
        boolean success,
        List<String> doing,
        String now,
        Duration elapsed,
        List<String> tests,
        List<String> findings,
        List<String> console) {
    private static final int TAIL_BYTES = 64 << 10;
    private static final int MOST_CONSOLE = 40;

    /** Copies what it is given. */
    public RunView {
        doing = List.copyOf(doing);
        tests = List.copyOf(tests);
        findings = List.copyOf(findings);
        console = List.copyOf(console);
    }

    /**
     * The run that began last.
     *
     * @param board {@code HOME/BOARD}
     * @return empty where there was none
     */
    public static Optional<RunView> latest(Path board) {
        Path runs = board.resolve("runs");
        if (!Files.isDirectory(runs)) {
            return Optional.empty();
        }
        try (Stream<Path> folders = Files.list(runs)) {
            return folders.filter(folder -> Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS))
                    .max(java.util.Comparator.comparing(folder -> String.valueOf(folder.getFileName())))
                    .map(RunView::of);
        } catch (IOException e) {
            throw new InfrastructureException("cannot look at the runs in %s: %s".formatted(runs, e), e);
        }
    }

    /** The run whose evidence this is. */
    public static RunView of(Path path) {
        Folder folder = new Folder(path);
        JsonNode index = folder.json("index.json");
        boolean ended = index.has("ended");
        boolean alive = !ended && isAlive(index);
        // Made when the last thing has been said; a run is over a moment before.
        String outcome = Folder.text(folder.json(Reports.JSON).path("outcome"), "result");
        JsonNode now = folder.json("now.json");
        List<String> tests = new ArrayList<>();
        for (JsonNode test : folder.lines("tests.jsonl")) {
            tests.add("%-8s %s / %s"
                    .formatted(Folder.text(test, "result"), Folder.text(test, "title"), Folder.text(test, "name")));
        }
        List<String> findings = new ArrayList<>();
        for (JsonNode finding : folder.lines("findings.jsonl")) {
            String line = Folder.text(finding, "title");
            if (!findings.contains(line)) {
                findings.add(line);
            }
        }
        return new RunView(
                path,
                String.valueOf(path.getFileName()),
                alive ? "running" : !ended ? "cut off" : outcome.isEmpty() ? "ended" : outcome,
                !alive,
                ended && outcome.equals(Report.Result.SUCCESS.name()),
                alive ? Folder.texts(now.path("doing")) : List.of(),
                alive ? Folder.text(now, "text") : "",
                elapsed(index, ended),
                tests.stream().map(Recording::clean).toList(),
                findings.stream().map(Recording::clean).toList(),
                console(folder));
    }

    private static Duration elapsed(JsonNode index, boolean ended) {
        Instant start = Timeline.instant(Folder.text(index, "started")).orElse(Instant.now());
        Instant end = ended ? Timeline.instant(Folder.text(index, "ended")).orElse(start) : Instant.now();
        return Duration.between(start, end);
    }

    private static List<String> console(Folder folder) {
        List<String> lines = Recording.clean(
                        new String(folder.tail("console.log", TAIL_BYTES).bytes(), StandardCharsets.UTF_8))
                .lines()
                .toList();
        return lines.subList(Math.max(0, lines.size() - MOST_CONSOLE), lines.size());
    }

    /** A number of a process may have gone to another one since; their start times tell them apart. */
    private static boolean isAlive(JsonNode index) {
        return ProcessHandle.of(index.path("pid").asLong())
                .flatMap(process -> process.info().startInstant())
                .map(Instant::toString)
                .filter(Folder.text(index, "process-started")::equals)
                .isPresent();
    }

    /**
     * As a screen.
     *
     * @param consoleLines how many of the console's last lines
     */
    public List<String> screen(int consoleLines) {
        List<String> screen = new ArrayList<>();
        screen.add("run %s: %s, %s".formatted(id, state, Durations.text(Duration.ofSeconds(elapsed.toSeconds()))));
        for (int i = 0; i + 1 < doing.size(); i++) {
            screen.add("  ".repeat(i) + doing.get(i));
        }
        if (!now.isEmpty()) {
            screen.add("now: " + now);
        }
        screen.add("");
        tests.subList(Math.max(0, tests.size() - 12), tests.size()).forEach(screen::add);
        findings.forEach(finding -> screen.add("FINDING  " + finding));
        screen.add("");
        console.subList(Math.max(0, console.size() - consoleLines), console.size())
                .forEach(line -> screen.add("| " + line));
        screen.add("evidence: " + folder);
        return screen;
    }
}
