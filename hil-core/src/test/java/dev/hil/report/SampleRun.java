package dev.hil.report;

import dev.hil.klog.Finding;
import dev.hil.klog.KlogScanner;
import dev.hil.record.Evidence;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The evidence of a run as hil writes it, without a board: a step is proven, the next one meets the fence case. */
public final class SampleRun {
    private static final String FIRST = "0252618d-6f27-4a65-986e-4e078790703c";
    private static final String SECOND = "31c8559d-cd01-4ad1-ab4e-2f79bb5fd1fb";

    private final Evidence evidence;
    private final String text;
    private long last;

    private SampleRun(Path home, String text) {
        this.evidence = Evidence.start(home, "virtual", new PrintStream(OutputStream.nullOutputStream()));
        this.text = text;
    }

    /** A run that ended. */
    public static Path partial(Path home) throws IOException {
        return partial(home, "");
    }

    /** @param text is put into everything that a board, a tree or a test could have said */
    static Path partial(Path home, String text) throws IOException {
        SampleRun run = new SampleRun(home, text);
        run.write();
        run.evidence.end("the board was given back");
        return run.evidence.folder();
    }

    /** A run that was killed while it built, in the middle of a line. */
    static Path killed(Path home) throws IOException {
        SampleRun run = new SampleRun(home, "");
        run.write();
        run.evidence.progress().begin("build", "build drivers/media", "make M=drivers/media modules");
        Files.writeString(
                run.evidence.file("events.jsonl"),
                Files.readString(run.evidence.file("events.jsonl")) + "{\"at\":\"2026-");
        return run.evidence.folder();
    }

    private void write() throws IOException {
        evidence.fact("board: /proc/version", "Linux version 6.1.192-lockdep" + text);
        evidence.write("plan.txt", """
                  117  1.7 lockdep kernel  (dev.hil.iter6.Base17LockdepKernelIT)
                  201  2.1 vim2m counts frames  (dev.hil.iter6.Step21IT)  patch 0001
                  202  2.2 fences  (dev.hil.iter6.Step22IT)  patch 0005
                  203  2.3 more fences  (dev.hil.iter6.Step23IT)  patch 0006
                """);
        evidence.event("run", "board virtual, evidence in " + evidence.folder() + text);
        evidence.event("boot", "boot 0252618d of 6.1.192-safe #hil.d020fcb0 SMP PREEMPT" + text);
        test("Base17LockdepKernelIT", "1.7 lockdep kernel", "boots", "passed", "", true, "");
        evidence.event("reboot", "ordered, of 0252618d");
        evidence.event("boot", "boot 31c8559d of 6.1.192-lockdep #hil.659d9480 SMP PREEMPT");
        evidence.json(
                "resets.jsonl",
                Map.of(
                        "at",
                        Instant.now().toString(),
                        "verdict",
                        "ORDERED",
                        "confidence",
                        "CERTAIN",
                        "before",
                        FIRST,
                        "after",
                        SECOND,
                        "tookMillis",
                        1,
                        "capture",
                        "console came back" + text,
                        "evidence",
                        List.of("this run ordered the reboot" + text)));
        evidence.event("reset", "ORDERED (CERTAIN): from boot 0252618d to boot 31c8559d" + text);
        evidence.event("lockdep", "PROVEN: on since the boot began");
        test("Step21IT", "2.1 vim2m counts frames", "lockdep clean", "passed", "", false, "0001");
        Finding splat = splat();
        evidence.write(
                "console.log",
                "[    1.0] before" + text + "\n" + String.join("\n", splat.lines()) + "\n[ 9.9] after\n");
        finding(splat, "SERIAL", "");
        finding(splat, "KMSG", SECOND);
        evidence.event("finding", splat.title() + " at 3.1 s, on serial" + text);
        evidence.event("lockdep", "SPLAT: there is a report");
        evidence.append("smoke-decode.log", "$ v4l2-ctl\n");
        evidence.event("smoke", "decode moved 60 frames in 2 s" + text);
        test(
                "Step22IT",
                "2.2 fences",
                "lockdep clean",
                "failed",
                "board virtual, boot 31c8559d of 6.1.192-lockdep #hil.659d9480: lockdep is SPLAT: there is a report"
                        + text,
                false,
                "0005");
        test("Step23IT", "2.3 more fences", "decodes", "skipped", "not run: step 0005 failed" + text, false, "0006");
        evidence.json(
                "lint.jsonl",
                Map.of(
                        "rule",
                        "memmap",
                        "severity",
                        "error",
                        "where",
                        "x.toml:1:1" + text,
                        "what",
                        "what" + text,
                        "why",
                        "why" + text,
                        "source",
                        "source",
                        "instead",
                        "instead" + text));
        evidence.write(
                "qualification.json",
                "{\"board\":\"virtual\",\"key\":\"k\",\"rows\":{\"PANIC\":{\"at\":\"2026-11-22T20:01:38Z\",\"verdict\":\"DIAGNOSED\","
                        + "\"console\":true,\"dmesg\":true,\"pmsg\":true,\"wrongBits\":0,\"bits\":15744}}}");
        evidence.json("commands.jsonl", Map.of("what", "as in build.log", "command", "make modules" + text));
        try (var build = evidence.progress().begin("build", "build x", "make M=x modules" + text)) {
            build.counting("objects", 0).accept(3);
        }
    }

    private void test(String type, String title, String name, String result, String reason, boolean gate, String step) {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("class", "dev.hil.iter6." + type);
        values.put("title", title + text);
        values.put("test", "method");
        values.put("name", name + text);
        values.put("gate", gate);
        values.put("step", step);
        long now = evidence.elapsed().toMillis();
        values.put("began", last);
        last = now;
        values.put("ended", now);
        values.put("result", result);
        values.put("reason", reason);
        evidence.json("tests.jsonl", values);
    }

    private void finding(Finding splat, String channel, String boot) {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("channel", channel);
        values.put("boot", boot);
        values.put("at", Instant.now().toString());
        values.put("stamp", "3.1");
        values.put("kind", splat.kind().id());
        values.put("category", splat.category().id());
        values.put("severity", splat.severity().id());
        values.put("title", splat.title() + text);
        values.put("fingerprint", splat.fingerprint());
        values.put("fingerprintFine", splat.fingerprintFine());
        values.put("complete", true);
        values.put("expected", "");
        values.put("known", "");
        values.put("locks", splat.locks().stream().map(lock -> lock + text).toList());
        values.put("log", "console.log");
        values.put("startOffset", ("[    1.0] before" + text + "\n").getBytes(StandardCharsets.UTF_8).length);
        values.put("endOffset", 4000);
        List<String> lines = new ArrayList<>();
        // A lock's name is the kernel's, and so whatever a module calls it.
        splat.lines().forEach(line -> lines.add(line.replace("fs_reclaim", "fs_reclaim" + text.replace("\n", ""))));
        values.put("lines", lines);
        evidence.json("findings.jsonl", values);
    }

    /** What the emulated board's kernel has printed. */
    static Finding splat() throws IOException {
        Path log = Path.of("..", "fixtures", "klog", "virtual", "dma-fence.kmsg");
        return KlogScanner.scan(Files.newInputStream(log)).findings().stream()
                .filter(finding -> finding.kind().id().equals("circular"))
                .findFirst()
                .orElseThrow();
    }
}
