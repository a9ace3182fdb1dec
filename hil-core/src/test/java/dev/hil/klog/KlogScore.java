package dev.hil.klog;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * Measures how good and how fast the scanner is. After {@code ./mvnw -q -pl hil-core test-compile}:
 *
 * <pre>
 * java -cp hil-core/target/classes:hil-core/target/test-classes dev.hil.klog.KlogScore            quality, on the corpus
 * java -cp … dev.hil.klog.KlogScore speed [MEGABYTES]                     300 MB with 2,660 and 26,600 reports, beside grep and rg
 * </pre>
 */
public final class KlogScore {

    private static final int REPORTS = 2_660;
    private static final int PASSES = 12;
    private static final List<String> OFF_LINES = List.of(
            "BUG: MAX_LOCKDEP_ENTRIES too low!",
            "BUG: MAX_LOCKDEP_KEYS too low!",
            "BUG: MAX_LOCKDEP_CHAINS too low!",
            "BUG: MAX_LOCKDEP_CHAIN_HLOCKS too low!",
            "BUG: MAX_STACK_TRACE_ENTRIES too low!",
            "BUG: MAX_LOCK_DEPTH too low!",
            "BUG: looking up invalid subclass: 9",
            "INFO: trying to register non-static key.",
            "BUG: key ffff888101f0a0d8 has not been registered!",
            "BUG: key ffff888101f0a0d8 not in .data!",
            "DEBUG_LOCKS_WARN_ON(lock->magic != lock)",
            "DEBUG_RWSEMS_WARN_ON((rwsem_owner(sem) != current)): count = 0x0, magic = 0x0, owner = 0x0",
            "BUG: spinlock bad magic on CPU#1, cat/812",
            "BUG: rwlock recursion on CPU#1, cat/812, ffff888101f0a0d8",
            "hm#1, depth: 10 [11], 0000000000000001 != 0000000000000002",
            "hm#2, depth: 10 [11], 0000000000000001 != 0000000000000002",
            "lockdep bfs error:-1",
            "Disabling lock debugging due to kernel taint",
            "INFO: lockdep is turned off.",
            "rcu_scheduler_active = 2, debug_locks = 0",
            "BUG:   3 unexpected failures (out of 261) - debugging disabled! |",
            "turning off the locking correctness validator.",
            "Kernel panic - not syncing: Attempted to kill init!",
            "Oops: general protection fault, probably for non-canonical address 0xdffffc0000000000: 0000 [#1] SMP",
            "Unable to handle kernel NULL pointer dereference at virtual address 0000000000000008",
            "BUG: KASAN: slab-out-of-bounds in foo+0x1/0x2",
            "BUG: Bad page state in process cat  pfn:199e00");

    private KlogScore() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        if (args.length > 1 && args[0].equals("scan")) {
            scan(Path.of(args[1]));
        } else if (args.length > 0 && args[0].equals("speed")) {
            speed(args.length > 1 ? Long.parseLong(args[1]) : 300);
        } else {
            quality(Corpus.find());
        }
    }

    private static void quality(Path corpus) {
        List<Corpus.Case> cases = Corpus.cases(corpus);
        List<Corpus.Case> titled =
                cases.stream().filter(c -> !c.title().isEmpty()).toList();
        List<Corpus.Case> untitled =
                cases.stream().filter(c -> c.title().isEmpty()).toList();
        List<Corpus.Case> lockdep = cases.stream().filter(Corpus.Case::lockdep).toList();
        print("syzkaller titled found", titled.stream().filter(KlogScore::found).count(), titled.size());
        print(
                "syzkaller untitled false alarms",
                untitled.stream().filter(KlogScore::found).count(),
                untitled.size());
        print(
                "LOCKDEP detected",
                lockdep.stream().filter(c -> first(c.log()) != null).count(),
                lockdep.size());
        print(
                "LOCKDEP right kind",
                lockdep.stream().filter(KlogScore::rightKind).count(),
                lockdep.size());
        List<Corpus.Case> withLocks = lockdep.stream()
                .filter(c -> !LockdepOracle.locks(c.log()).isEmpty())
                .toList();
        print(
                "LOCKDEP all locks the text has",
                withLocks.stream().filter(KlogScore::rightLocks).count(),
                withLocks.size());
        var headers = Corpus.headers(corpus);
        print(
                "headers found",
                headers.values().stream()
                        .filter(log -> !CorpusTest.scan(log).findings().isEmpty())
                        .count(),
                headers.size());
        print("lockdep-off lines", OFF_LINES.stream().filter(KlogScore::goesOff).count(), OFF_LINES.size());
        print(
                "fingerprints stable over 3 rebuilds each",
                lockdep.stream().filter(KlogScore::stable).count(),
                lockdep.size());
    }

    private static void print(String what, long count, int of) {
        System.out.printf(Locale.ROOT, "%-45s %5d of %5d%n", what, count, of);
    }

    private static boolean found(Corpus.Case sample) {
        return !CorpusTest.scan(sample.log()).findings().isEmpty();
    }

    private static @org.jspecify.annotations.Nullable Finding first(byte[] log) {
        return CorpusTest.scan(log).findings().stream()
                .filter(finding -> finding.category() == Category.LOCKDEP)
                .findFirst()
                .orElse(null);
    }

    private static boolean rightKind(Corpus.Case sample) {
        Finding finding = first(sample.log());
        return finding != null && finding.kind().id().equals(LockdepOracle.kind(sample.log()));
    }

    private static boolean rightLocks(Corpus.Case sample) {
        Finding finding = first(sample.log());
        return finding != null && finding.locks().containsAll(LockdepOracle.locks(sample.log()));
    }

    private static boolean goesOff(String line) {
        String log = "[    0.000000] Linux version 7.2.13\n[    0.000001] Lock dependency validator: Copyright\n"
                + "[    9.000000] " + line + "\n[   10.000000] usb 1-1: new device\n";
        LockdepState state = CorpusTest.scan(log.getBytes(StandardCharsets.UTF_8))
                .boots()
                .get(0)
                .lockdep();
        return state.offLine() == 3 && state.verdict().compareTo(LockdepState.Verdict.BLIND) <= 0;
    }

    private static boolean stable(Corpus.Case sample) {
        Random random = new Random(sample.name().hashCode());
        Finding before = first(sample.log());
        for (int i = 0; i < 3 && before != null; i++) {
            Finding after = first(Rebuild.mutate(sample.log(), random));
            if (after == null
                    || !after.fingerprint().equals(before.fingerprint())
                    || !after.fingerprintFine().equals(before.fingerprintFine())) {
                return false;
            }
        }
        return before != null;
    }

    private static void speed(long megabytes) throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory("klog-score");
        Path few = directory.resolve("few.log");
        Path many = directory.resolve("many.log");
        Path patterns = directory.resolve("patterns");
        try {
            generate(few, megabytes, REPORTS);
            generate(many, megabytes, REPORTS * 10);
            Files.write(patterns, GrepPatterns.FORTY);
            child("scanner, " + REPORTS + " reports", few, java(few));
            child("scanner, " + REPORTS * 10 + " reports", many, java(many));
            child(
                    "grep -E, 40 patterns",
                    few,
                    List.of("grep", "-c", "-a", "-E", "-f", patterns.toString(), few.toString()));
            child(
                    "ripgrep, 40 patterns",
                    few,
                    List.of("rg", "-j1", "-c", "-a", "-f", patterns.toString(), few.toString()));
        } finally {
            for (Path file : List.of(few, many, patterns, directory)) {
                Files.deleteIfExists(file);
            }
        }
    }

    private static void generate(Path file, long megabytes, int reports) throws IOException {
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 20)) {
            NoisyLog.write(out, megabytes * 1_000_000, reports, 1);
        }
    }

    /** A JVM of its own with a heap of 64 MB, one thread for the collector. */
    private static List<String> java(Path log) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                KlogScore.class.getName(),
                "scan",
                log.toString());
    }

    private static void child(String what, Path log, List<String> command) throws InterruptedException, IOException {
        // The shell's time keyword adds what the child used of the processor: on a busy machine the clock says little.
        List<String> locale = new ArrayList<>(List.of(
                "env", "LC_ALL=C", "bash", "-c", "TIMEFORMAT='  cpu %U s user, %S s system'; time \"$@\"", "bash"));
        locale.addAll(command);
        boolean ours = command.contains("scan");
        double best = Double.MAX_VALUE;
        for (int i = 0; i < (ours ? 1 : 3); i++) {
            long start = System.nanoTime();
            ProcessBuilder builder = new ProcessBuilder(locale).redirectErrorStream(true);
            // Not to /dev/null: grep stops at the first match if nobody reads on.
            builder.redirectOutput(ours ? ProcessBuilder.Redirect.INHERIT : ProcessBuilder.Redirect.PIPE);
            Process process = builder.start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            System.out.print(said.replaceFirst("(?m)^\\d+$\\R", ""));
            int exit = process.waitFor();
            best = Math.min(best, (System.nanoTime() - start) / 1e9);
            if (exit > 1) {
                System.out.println(what + ": not available");
                return;
            }
        }
        System.out.printf(
                Locale.ROOT, "%-32s %.3f s whole process, %.2f GB/s%n", what, best, Files.size(log) / best / 1e9);
    }

    private static void scan(Path log) throws IOException {
        for (int i = 0; i < PASSES; i++) {
            long start = System.nanoTime();
            long cpuStart = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
            int[] findings = {0};
            long bytes = stream(log, findings);
            double seconds = (System.nanoTime() - start) / 1e9;
            double cpu = (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - cpuStart) / 1e9;
            System.out.printf(
                    Locale.ROOT,
                    "  pass %d: %.3f s, %.2f GB/s; cpu %.3f s, %.2f GB/s; %d findings, heap %d MB%n",
                    i + 1,
                    seconds,
                    bytes / seconds / 1e9,
                    cpu,
                    bytes / cpu / 1e9,
                    findings[0],
                    (Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory()) >> 20);
        }
    }

    /** As the command does it: nothing is kept. */
    private static long stream(Path log, int[] findings) throws IOException {
        KlogScanner scanner = new KlogScanner(new KlogListener() {
            @Override
            public void finding(Finding finding) {
                findings[0]++;
            }
        });
        byte[] buffer = new byte[1 << 16];
        long bytes = 0;
        try (InputStream in = Files.newInputStream(log)) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                scanner.accept(buffer, 0, n);
                bytes += n;
            }
        }
        scanner.finish();
        return bytes;
    }
}
