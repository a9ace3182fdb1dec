package dev.hil.report;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hil.link.Recording;
import dev.hil.report.Report.BootInfo;
import dev.hil.report.Report.Proof;
import dev.hil.report.Report.ResetInfo;
import dev.hil.report.Report.Step;
import dev.hil.report.Report.Test;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Gates and steps: {@code tests.jsonl} held against {@code plan.txt}, with what happened while they ran. */
final class Steps {
    static final String PASSED = "passed";
    static final String FAILED = "failed";
    static final String ERROR = "error";
    static final String SKIPPED = "skipped";
    static final String ABORTED = "aborted";
    static final String NOT_RUN = "not run";

    private static final int LONGEST_HEADLINE = 300;
    private static final int SHORTEST_HEADLINE = 30;
    private static final int MOST_PROOFS = 60;
    private static final Pattern PLANNED = Pattern.compile("^ *\\S+  (.*)  \\(([\\w.$]+)\\)(?:  patch (\\S+))?$");
    /** What messages about the board begin with: the page says it elsewhere. */
    private static final Pattern ADDRESS =
            Pattern.compile("^board \\S+, boot [0-9a-f]{8} of [^:]*(?::\\d\\d:\\d\\d [^:]*)?: ");

    private static final Set<String> SPEAKS = Set.of(
            "proof",
            "lockdep",
            "reset",
            "smoke",
            "build",
            "change",
            "undo-failed",
            "finding",
            "link",
            "acknowledged",
            "lint",
            "qualify",
            "pstore",
            "boot",
            "crash",
            "reboot");

    private final Timeline timeline;
    private final List<String> files;
    private final List<Step> steps = new ArrayList<>();

    /** A class as the plan has it. */
    private record Planned(String title, String type, String patch) {}

    /** @param files of the evidence folder, by their paths in it */
    Steps(Folder folder, Timeline timeline, List<String> files) {
        this.timeline = timeline;
        this.files = files;
        Map<String, List<JsonNode>> byClass = new LinkedHashMap<>();
        Map<String, Planned> planned = new LinkedHashMap<>();
        for (String line : folder.text("plan.txt")) {
            Matcher matcher = PLANNED.matcher(line);
            if (matcher.matches()) {
                String patch = matcher.group(3) == null ? "" : matcher.group(3);
                planned.put(matcher.group(2), new Planned(matcher.group(1), matcher.group(2), patch));
                byClass.put(matcher.group(2), new ArrayList<>());
            }
        }
        for (JsonNode test : folder.lines("tests.jsonl")) {
            byClass.computeIfAbsent(Folder.text(test, "class"), key -> new ArrayList<>())
                    .add(test);
        }
        byClass.forEach((type, tests) -> steps.add(step(type, tests, planned.get(type))));
    }

    List<Step> all() {
        return steps;
    }

    private Step step(String type, List<JsonNode> lines, @org.jspecify.annotations.Nullable Planned planned) {
        List<Test> tests = new ArrayList<>();
        for (JsonNode line : lines) {
            tests.add(new Test(
                    Folder.text(line, "name").isEmpty() ? "(around the tests of the class)" : Folder.text(line, "name"),
                    Folder.text(line, "test"),
                    Folder.text(line, "result"),
                    Folder.text(line, "reason"),
                    Folder.number(line, "began"),
                    Folder.number(line, "ended")));
        }
        boolean ran = tests.stream().anyMatch(test -> !test.result().equals(SKIPPED));
        long ended = tests.stream().mapToLong(Test::ended).max().orElse(-1);
        long began = lines.stream()
                .mapToLong(line ->
                        line.has("classBegan") ? Folder.number(line, "classBegan") : Folder.number(line, "began"))
                .min()
                .orElse(-1);
        String patch = lines.isEmpty() ? planned == null ? "" : planned.patch() : Folder.text(lines.get(0), "step");
        boolean gate = lines.stream().anyMatch(line -> line.path("gate").asBoolean());
        List<Proof> proofs = ran ? proofs(began, ended) : List.of();
        String title = lines.isEmpty() ? planned == null ? type : planned.title() : Folder.text(lines.get(0), "title");
        return new Step(
                "step-" + (steps.size() + 1),
                title,
                type,
                !patch.isEmpty() ? "step" : gate ? "gate" : "tests",
                patch,
                result(tests),
                headline(tests),
                ran ? began : -1,
                ran ? ended : -1,
                timeline.estimated(title),
                lastOf(proofs, "lockdep"),
                ran ? worstReset(began, ended) : "",
                tests,
                proofs);
    }

    private static String result(List<Test> tests) {
        if (tests.isEmpty()) {
            return NOT_RUN;
        }
        for (String result : List.of(FAILED, ERROR)) {
            if (tests.stream().anyMatch(test -> test.result().equals(result))) {
                return result;
            }
        }
        for (String result : List.of(PASSED, SKIPPED)) {
            if (tests.stream().allMatch(test -> test.result().equals(result))) {
                return result;
            }
        }
        return ABORTED;
    }

    private static String headline(List<Test> tests) {
        return tests.stream()
                .filter(test -> test.result().equals(FAILED) || test.result().equals(ERROR))
                .findFirst()
                .or(() -> tests.stream()
                        .filter(test -> !test.result().equals(PASSED))
                        .findFirst())
                .map(test -> headline(test.reason()))
                .orElse("");
    }

    /** The first words of a message that say something. */
    static String headline(String message) {
        String whole = "";
        for (String line : Recording.clean(message).strip().lines().toList()) {
            if (line.startsWith("evidence: ")) {
                break;
            }
            whole = whole.isEmpty() ? line.strip() : whole + " " + line.strip();
            if (whole.length() >= SHORTEST_HEADLINE && !whole.endsWith(":") && !whole.endsWith("reported")) {
                break;
            }
        }
        String plain = ADDRESS.matcher(whole).replaceFirst("");
        return plain.length() <= LONGEST_HEADLINE ? plain : plain.substring(0, LONGEST_HEADLINE - 3) + "...";
    }

    private List<Proof> proofs(long began, long ended) {
        List<Proof> proofs = new ArrayList<>();
        for (JsonNode event : timeline.events()) {
            long at = Folder.number(event, "millis");
            String kind = Folder.text(event, "kind");
            if (at >= began && at <= ended && SPEAKS.contains(kind) && proofs.size() < MOST_PROOFS) {
                String text = Folder.text(event, "text");
                proofs.add(new Proof(at, kind, firstLine(text), file(kind, text, at)));
            }
        }
        return proofs;
    }

    private static String firstLine(String text) {
        String line = Recording.clean(text).strip().split("\n", 2)[0];
        return line.length() <= LONGEST_HEADLINE ? line : line.substring(0, LONGEST_HEADLINE - 3) + "...";
    }

    /** The file of the evidence that shows it; empty where none does, or none is there. */
    private String file(String kind, String text, long at) {
        String wanted = switch (kind) {
            case "smoke" -> "smoke-" + text.split(" ", 2)[0] + ".log";
            case "reset" -> "resets.jsonl";
            case "lint" -> "lint.txt";
            case "finding" -> "findings.jsonl";
            case "lockdep", "boot", "proof", "link" -> log(kind, at);
            case "build" ->
                files.stream()
                        .filter(file -> file.startsWith("build-") && mentions(text, file))
                        .findFirst()
                        .orElse("");
            case "change" -> files.contains("ledger-extract.jsonl") ? "ledger-extract.jsonl" : "ledger.jsonl";
            case "qualify" -> "qualification.txt";
            default -> "";
        };
        return files.contains(wanted) ? wanted : "";
    }

    /** A build's log has the name of its patch. */
    private static boolean mentions(String text, String file) {
        String name = file.replaceAll("^build-|\\.log$", "");
        return !name.isEmpty() && (text.contains(name) || (name.length() > 4 && text.contains(name.substring(0, 4))));
    }

    private String log(String kind, long at) {
        String id = kind.equals("link") ? timeline.bootBefore(at) : timeline.bootAt(at);
        return timeline.boots().stream()
                .filter(boot -> boot.id().equals(id))
                .map(BootInfo::log)
                .findFirst()
                .orElse("");
    }

    private static String lastOf(List<Proof> proofs, String kind) {
        return proofs.stream()
                .filter(proof -> proof.kind().equals(kind))
                .map(Proof::text)
                .reduce((first, second) -> second)
                .orElse("");
    }

    /** The verdicts from harmless to bad, as docs/verdicts.md has them. */
    private static final List<String> VERDICTS =
            List.of("NONE", "ORDERED", "NETWORK_ONLY", "DIAGNOSED", "POWER_LOSS", "UNKNOWN", "SILENT_WATCHDOG");

    private String worstReset(long began, long ended) {
        return timeline.resets().stream()
                .filter(reset -> reset.at() >= began && reset.at() <= ended)
                .max(Comparator.comparingInt((ResetInfo reset) -> VERDICTS.indexOf(reset.verdict())))
                .map(reset ->
                        "%s (%s)".formatted(reset.verdict(), reset.confidence().toLowerCase(Locale.ROOT)))
                .orElse("");
    }
}
