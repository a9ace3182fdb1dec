package dev.hil.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.hil.link.InfrastructureException;
import dev.hil.report.Report.FileInfo;
import dev.hil.report.Report.Lint;
import dev.hil.report.Report.Outcome;
import dev.hil.report.Report.Phase;
import dev.hil.report.Report.Qualified;
import dev.hil.report.Report.Reproduce;
import dev.hil.report.Report.RunInfo;
import dev.hil.report.Report.Splat;
import dev.hil.report.Report.Step;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Makes {@code report.json} and {@code report.html} of the evidence of a run, also of one that was killed. */
public final class Reports {
    /** The report for programs. */
    public static final String JSON = "report.json";
    /** The report for people. */
    public static final String HTML = "report.html";

    private static final int MOST_FILES = 2000;
    private static final JsonMapper MAPPER = JsonMapper.builder()
            // Names as in the records, whatever is added by a later version.
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private Reports() {}

    /**
     * Reads the evidence of a run and writes both reports into its folder. The page is made from the JSON that was
     * written, so it shows nothing that is not in there.
     *
     * @param folder of the run, {@code HOME/BOARD/runs/RUN}
     * @return what they say
     * @throws InfrastructureException where there is no evidence, or the reports cannot be written
     */
    public static Report write(Path folder) {
        Report report = read(folder);
        try {
            replace(
                    folder.resolve(JSON),
                    MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(report) + "\n");
            Report written = MAPPER.readValue(folder.resolve(JSON).toFile(), Report.class);
            replace(folder.resolve(HTML), Page.of(written));
            return written;
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the report of " + folder + " does not fit its own form", e);
        } catch (IOException e) {
            throw new InfrastructureException("cannot write the report into %s: %s".formatted(folder, e), e);
        }
    }

    /** The old one is there until the new one is whole. */
    private static void replace(Path file, String text) throws IOException {
        Path part = file.resolveSibling(file.getFileName() + ".part");
        Files.writeString(part, text, StandardCharsets.UTF_8);
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Reads the evidence of a run. */
    static Report read(Path path) {
        if (!Files.isRegularFile(path.resolve("index.json")) && !Files.isRegularFile(path.resolve("events.jsonl"))) {
            throw new InfrastructureException(
                    "%s is not the evidence of a run: it has neither index.json nor events.jsonl. Name a folder HOME/BOARD/runs/RUN."
                            .formatted(path));
        }
        Folder folder = new Folder(path);
        JsonNode index = folder.json("index.json");
        List<FileInfo> files = files(path, index, folder);
        List<String> names = files.stream().map(FileInfo::file).toList();
        Timeline timeline = new Timeline(folder, names);
        Findings findings = new Findings(folder, timeline);
        List<Splat> splats = findings.all();
        List<Step> steps = new Steps(folder, timeline, names).all();
        Optional<String> cutOff = cutOff(index, timeline);
        Outcome outcome = Judge.judge(folder.json("outcome.json"), index, cutOff, steps, splats, timeline.events());
        Map<String, String> facts = new LinkedHashMap<>();
        Map<String, String> versions = new LinkedHashMap<>();
        index.path("facts").properties().forEach(fact -> {
            boolean version = fact.getKey().startsWith("version: ");
            (version ? versions : facts)
                    .put(
                            fact.getKey().replaceFirst("^version: ", ""),
                            fact.getValue().asText(""));
        });
        RunInfo run = run(path, index, timeline, cutOff);
        return new Report(
                Report.SCHEMA,
                run,
                outcome,
                steps,
                timeline.boots(),
                timeline.phases(),
                timeline.marks(splats),
                splats,
                timeline.resets(),
                findings.console(),
                qualification(folder),
                lint(folder),
                Findings.known(splats),
                facts,
                versions,
                commands(path, run, steps, folder),
                files,
                folder.remarks());
    }

    private static RunInfo run(Path path, JsonNode index, Timeline timeline, Optional<String> cutOff) {
        String ended = Folder.text(index, "ended");
        Path name = path.toAbsolutePath().normalize().getFileName();
        return new RunInfo(
                Folder.text(index, "run").isEmpty() ? String.valueOf(name) : Folder.text(index, "run"),
                Folder.text(index, "board"),
                Folder.text(index, "started"),
                ended,
                Math.max(timeline.end(), ended.isEmpty() ? -1 : timeline.millis(ended)),
                Folder.text(index, "user"),
                cutOff.orElse(Folder.text(index, "outcome")));
    }

    private static Optional<String> cutOff(JsonNode index, Timeline timeline) {
        if (index.has("ended")) {
            return Optional.empty();
        }
        return Optional.of(timeline.unfinished()
                .map(Phase::text)
                .map("the run was cut off, or goes on: its last words are of \"%s\""::formatted)
                .orElse("the run was cut off, or goes on"));
    }

    private static List<FileInfo> files(Path path, JsonNode index, Folder folder) {
        Map<String, String> kinds = new LinkedHashMap<>();
        index.path("files").forEach(file -> kinds.put(Folder.text(file, "file"), Folder.text(file, "what")));
        List<FileInfo> files = new ArrayList<>();
        try (Stream<Path> tree = Files.walk(path)) {
            for (Path file :
                    tree.filter(Files::isRegularFile).sorted().limit(MOST_FILES).toList()) {
                String name = path.relativize(file).toString();
                if (!name.endsWith(".part")) {
                    files.add(new FileInfo(name, Files.size(file), kinds.getOrDefault(name, "")));
                }
            }
        } catch (IOException | java.io.UncheckedIOException e) {
            folder.remarks().add("not all files could be listed: " + e.getMessage());
        }
        return files;
    }

    private static List<Qualified> qualification(Folder folder) {
        List<Qualified> rows = new ArrayList<>();
        folder.json("qualification.json").path("rows").properties().forEach(row -> {
            JsonNode seen = row.getValue();
            rows.add(new Qualified(
                    row.getKey(),
                    Folder.text(seen, "at"),
                    Folder.text(seen, "verdict"),
                    seen.path("console").asBoolean(),
                    seen.path("dmesg").asBoolean(),
                    seen.path("pmsg").asBoolean(),
                    seen.path("wrongBits").asLong(),
                    seen.path("bits").asLong()));
        });
        return rows;
    }

    private static List<Lint> lint(Folder folder) {
        List<Lint> lint = new ArrayList<>();
        for (JsonNode line : folder.lines("lint.jsonl")) {
            lint.add(new Lint(
                    Folder.text(line, "rule"),
                    Folder.text(line, "severity"),
                    Folder.text(line, "where"),
                    Folder.text(line, "what"),
                    Folder.text(line, "why"),
                    Folder.text(line, "source"),
                    Folder.text(line, "instead")));
        }
        return lint;
    }

    private static List<Reproduce> commands(Path path, RunInfo run, List<Step> steps, Folder folder) {
        List<Reproduce> commands = new ArrayList<>();
        String board = word(run.board());
        commands.add(new Reproduce("the whole run again", "./mvnw verify -Pboard=" + board));
        steps.stream()
                .filter(step ->
                        step.result().equals(Steps.FAILED) || step.result().equals(Steps.ERROR))
                .findFirst()
                .ifPresent(step -> commands.add(new Reproduce(
                        "only \"%s\"".formatted(step.title()),
                        "./mvnw verify -Pboard=%s -Dit.test=%s"
                                .formatted(
                                        board,
                                        word(step.type().substring(step.type().lastIndexOf('.') + 1))))));
        for (JsonNode line : folder.lines("commands.jsonl")) {
            commands.add(new Reproduce(Folder.text(line, "what"), Folder.text(line, "command")));
        }
        String here = quote(path.toAbsolutePath().normalize().toString());
        String jar = "java -jar hil-core/target/hil.jar";
        if (folder.has("console.log")) {
            commands.add(new Reproduce("what the console's log holds", "%s klog %s/console.log".formatted(jar, here)));
        }
        commands.add(new Reproduce("what is still changed on the board", "%s recover --show %s".formatted(jar, board)));
        commands.add(new Reproduce("this report again", "%s report %s".formatted(jar, here)));
        return commands;
    }

    private static String word(String text) {
        return text.matches("[\\w.$-]+") ? text : quote(text);
    }

    private static String quote(String text) {
        return text.matches("[\\w./,:@%+=-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
    }
}
