package dev.hil.virtual;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Fault by phase: what the user sees, what state the board is in, what was kept. Filled by the tests that make the faults. */
final class FaultMatrix {
    private static final String HEAD = """
            # Faults, and what becomes of the board

            Written by `RecoveryIT` from what it saw (`./mvnw verify -Pselftest`); do not edit. A phase is a transition of the
            ledger: before a line of it is written, or when it is on the disk. "Changed until then" is what differed from the
            state before the run when the fault had happened and nothing had been recovered yet; what is read for that is every
            file below /boot and /lib/modules, the kernel tree, and which kernel runs. After `hil recover` (or at the start of
            the next run) nothing differed any more, in every row.

            | fault | phase | what the user sees | changed until then | kept |
            |---|---|---|---|---|
            """;

    private final List<String> rows = new ArrayList<>();

    synchronized void add(String fault, String phase, String seen, String changed, String kept) {
        rows.add("| %s | %s | %s | %s | %s |".formatted(fault, phase, seen, changed, kept));
    }

    synchronized int size() {
        return rows.size();
    }

    synchronized String markdown() {
        return HEAD + String.join("\n", rows) + "\n";
    }

    /** A transition as people say it. */
    static String phase(String pattern) {
        return "`" + pattern.strip() + "`";
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

    /** What the last run under a home has left as evidence. */
    static String kept(Path runs) throws IOException {
        Path last;
        try (Stream<Path> folders = Files.list(runs)) {
            last = folders.max(java.util.Comparator.naturalOrder()).orElseThrow();
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
