package dev.hil.virtual;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Fault by phase: what the user sees, what state the board is in, what was kept. Filled by the tests that make the faults. */
final class FaultMatrix {
    /** As many as there are when every fault was made in every phase. */
    private static final int ALL = 29;

    /** A board that lost its power comes back by itself, while the run goes on: what follows depends on who is faster. */
    static final String POWER_SEEN = "red tests that say what became of the link; then what was still to be done, or"
            + " \"the board is NOT as it was found\" as with a link that is cut";

    static final String POWER_CHANGED = "all that was changed, or less: what the run took back when the board was back";

    private static final String HEAD = """
            # Faults, and what becomes of the board

            Written by `RecoveryIT` from what it saw, with `-Dhil.recovery=faults`; do not edit. Each row is a run of a plan
            that installs a file, a module tree and a label, changes another module tree, boots the test kernel, then patches,
            builds, installs and boots a module. A phase is a transition of the board's ledger: before a line of it is written,
            or after it is on the disk; the fault happens there. What is read to see what has changed is every file below
            /boot and /lib/modules, the kernel tree, and which kernel runs.

            **In every row** `hil recover` then put the board back, and nothing differed from the state before the run any more.
            The start of the next run does the same.

            | fault | phase | what the user sees | changed until `hil recover` | kept as evidence |
            |---|---|---|---|---|
            """;

    private final Map<String, String> rows = new LinkedHashMap<>();

    /**
     * Adds a row; a fault that was made twice in one phase is one.
     *
     * @param where the transition, as {@code -Dhil.stop-at} takes it
     * @param runs where the evidence of the runs lies
     */
    void add(String fault, String where, String seen, String changed, Path runs) throws IOException {
        rows.put(
                fault + where,
                "| %s | `%s` | %s | %s | %s |".formatted(fault, where.strip(), seen, changed, kept(runs)));
    }

    boolean isWhole() {
        return rows.size() >= ALL;
    }

    List<String> lines() {
        return List.copyOf(rows.values());
    }

    String markdown() {
        return HEAD + String.join("\n", rows.values()) + "\n";
    }

    /** What a person at the terminal reads, in outline. */
    static String seen(ChildRun run) {
        String output = run.output();
        List<String> seen = new ArrayList<>();
        if (output.contains("is in use by")) {
            seen.add("who has the board: user, host, process, since when, doing what");
        }
        if (output.contains("plan-failed ")) {
            seen.add("red tests that say what became of the link");
        }
        if (output.contains("NOT as it was found")) {
            seen.add("\"the board is NOT as it was found\": what is open, how to undo it by hand, `hil recover`");
        }
        return seen.isEmpty() ? "a run that ends in order" : String.join("; ", seen);
    }

    /** What differs, by kind and sorted. */
    static String changed(Map<String, String> before, Map<String, String> now) {
        TreeSet<String> kinds = new TreeSet<>();
        Stream.concat(before.keySet().stream(), now.keySet().stream())
                .filter(key -> !Objects.equals(before.get(key), now.get(key)))
                .map(FaultMatrix::kind)
                .forEach(kinds::add);
        return kinds.isEmpty() ? "nothing" : String.join(", ", kinds);
    }

    private static String kind(String key) {
        if (key.startsWith("board /boot/extlinux")) {
            return "boot menu";
        }
        if (key.startsWith("board /boot")) {
            return "files in /boot";
        }
        if (key.startsWith("board ")) {
            return "modules";
        }
        return key.startsWith("tree") ? "kernel tree" : key.startsWith("kernel") ? "running kernel" : "folder in /tmp";
    }

    /** What the last run has left as evidence. */
    private static String kept(Path runs) throws IOException {
        Path last;
        try (Stream<Path> folders = Files.list(runs)) {
            last = folders.max(Comparator.naturalOrder()).orElseThrow();
        }
        try (Stream<Path> files = Files.list(last)) {
            return files
                    .map(file -> file.getFileName().toString().toLowerCase(Locale.ROOT))
                    .map(name -> name.startsWith("kmsg-") ? "kernel log" : name)
                    .map(name -> name.startsWith("pstore-") ? "pstore records" : name)
                    .map(name -> name.startsWith("build-") ? "build log" : name)
                    .filter(name -> List.of(
                                    "index.json",
                                    "events.jsonl",
                                    "ledger-extract.jsonl",
                                    "kernel log",
                                    "pstore records",
                                    "build log",
                                    "patches")
                            .contains(name))
                    .collect(Collectors.toCollection(TreeSet::new))
                    .stream()
                    .collect(Collectors.joining(", "));
        }
    }
}
