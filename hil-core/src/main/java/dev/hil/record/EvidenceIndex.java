package dev.hil.record;

import dev.hil.link.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What a run's folder holds, for people and programs: {@code index.json}, rewritten as a whole when something is learnt,
 * so that a killed run leaves one too. Without {@code ended} the run was killed, or lives.
 */
final class EvidenceIndex {
    static final String NAME = "index.json";

    private static final int MOST_FILES = 5000;

    /** What files are, by the beginnings of their names. */
    private static final Map<String, String> KINDS = kinds();

    private static final String README = """
            The evidence of one run of hil on a board, written as it happened: what is here was so even if the run was
            killed a moment later. index.json lists it, with what is known of the board and with versions.

            %s
            A file ends with a line "[hil: ...]" where a limit of size cut it off. Nothing here is ever removed by a run;
            `hil prune BOARD` removes old runs when it is asked to.
            """;

    private final Path folder;
    private final Map<String, Object> head = new LinkedHashMap<>();
    private final Map<String, String> facts = new TreeMap<>();
    private Optional<String> ended = Optional.empty();

    EvidenceIndex(Path folder, String board) {
        this.folder = folder;
        ProcessHandle self = ProcessHandle.current();
        head.put("run", String.valueOf(folder.getFileName()));
        head.put("board", board);
        head.put("started", now());
        head.put("user", System.getProperty("user.name"));
        head.put("pid", self.pid());
        head.put(
                "process-started",
                self.info().startInstant().map(Instant::toString).orElse(""));
    }

    private static Map<String, String> kinds() {
        Map<String, String> kinds = new LinkedHashMap<>();
        kinds.put("events.jsonl", "what happened, a line each, with wall clock and milliseconds of the run");
        kinds.put("outcome", "how the run came out, with reasons, and estimated against actual times");
        kinds.put("bug-report", "what regressed, ready to be sent");
        kinds.put(
                "report.html",
                "the run on one page, for a browser; it needs nothing beside it but the files it links to");
        kinds.put("report.json", "what report.html shows, for programs: docs/report-schema.md");
        kinds.put("tests.jsonl", "each test: when it ran, how it came out and why");
        kinds.put(
                "phases.jsonl",
                "builds, reboots, smokes: when they began and ended, how long they were expected to take");
        kinds.put("definition.toml", "the board's definition");
        kinds.put("qualification.json", "what of the board's log survives which reset, as it was tried out");
        kinds.put("lint.", "what the linter said of definition, plan and board");
        kinds.put("resets.jsonl", "each reset with its verdict and what led to it");
        kinds.put("smoke-", "what a smoke test said");
        kinds.put("plan.txt", "the classes of the plan in the order they were to run in");
        kinds.put("ledger-extract.jsonl", "this run's lines of the board's ledger: what was changed, how to undo it");
        kinds.put("ledger.jsonl", "the ledger of a board that ends with its run");
        kinds.put("console", "the serial console, every byte as it came");
        kinds.put("kmsg-", "the live kernel log (/dev/kmsg) of one boot");
        kinds.put("pstore-", "records that survived a reset; index.json has their checksums");
        kinds.put("findings", "what was found in kernel logs");
        kinds.put("build-", "all that make said");
        kinds.put("patches", "the patches that were applied, and the files they changed as they were before");
        kinds.put("board-files", "small files of the board, as read and as written");
        kinds.put("backups", "what was put by before the kernel was touched, and where it lies; copies under way");
        kinds.put("kernel-config.txt", "how the kernels were configured that were there before");
        kinds.put("pulled", "files that a test copied from the board");
        kinds.put("not-restored", "files to put back on the board by hand");
        kinds.put("qmp-events", "what QEMU reported of its machine");
        kinds.put("qemu.log", "what QEMU said");
        kinds.put("ssh_config", "the way to the emulated board: ssh -F ssh_config NAME");
        return kinds;
    }

    private static String now() {
        return Instant.now().truncatedTo(ChronoUnit.MILLIS).toString();
    }

    void writeReadme() throws IOException {
        StringBuilder list = new StringBuilder();
        KINDS.forEach((name, what) ->
                list.append("%-22s %s%n".formatted(name + (name.endsWith("-") ? "*" : ""), what)));
        Files.writeString(folder.resolve("README.txt"), README.formatted(list));
    }

    void fact(String name, String value) {
        facts.put(name, value);
    }

    void end(String how) {
        ended = Optional.of(now());
        head.put("outcome", how);
    }

    /** Writes the index anew; the old one is there until the new one is whole. */
    void write() throws IOException {
        Map<String, Object> index = new LinkedHashMap<>(head);
        ended.ifPresent(at -> index.put("ended", at));
        index.put("facts", facts);
        index.put("files", files());
        Path part = folder.resolve(NAME + ".part");
        Files.writeString(part, Json.pretty(index) + "\n");
        Files.move(part, folder.resolve(NAME), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private List<Map<String, Object>> files() throws IOException {
        List<Map<String, Object>> files = new ArrayList<>();
        try (Stream<Path> tree = Files.walk(folder)) {
            for (Path file :
                    tree.filter(Files::isRegularFile).sorted().limit(MOST_FILES).toList()) {
                String name = folder.relativize(file).toString();
                if (!name.startsWith(NAME) && !name.startsWith(Progress.NOW) && !name.equals("README.txt")) {
                    files.add(describe(file, name));
                }
            }
        }
        return files;
    }

    private Map<String, Object> describe(Path file, String name) throws IOException {
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("file", name);
        entry.put("bytes", Files.size(file));
        KINDS.entrySet().stream()
                .filter(kind -> name.startsWith(kind.getKey()))
                .findFirst()
                .ifPresent(kind -> entry.put("what", kind.getValue()));
        if (name.startsWith("pstore-") || ended.isPresent()) {
            entry.put("sha256", Sha256.of(file));
        }
        return entry;
    }
}
