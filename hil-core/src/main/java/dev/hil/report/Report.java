package dev.hil.report;

import dev.hil.klog.LockGraph;
import java.util.List;
import java.util.Map;

/**
 * A run, as {@code report.json} has it and the page shows it. Times are milliseconds since the run began, unless they are
 * text; -1 is a number that is not known, an empty text one that is not there. docs/report-schema.md explains each key.
 *
 * @param schema which form this is
 * @param run which run it was
 * @param outcome how it came out
 * @param steps gates, steps and other classes of tests, in the order in which they ran
 * @param boots each boot of the board
 * @param phases what took its time
 * @param marks what happened at one moment
 * @param findings what the kernel reported, each once
 * @param resets with their verdicts
 * @param console the end of the console
 * @param qualification what of the log survives which reset
 * @param lint what the linter said
 * @param knownIssues known issues that were seen
 * @param facts of the board and of the lab host
 * @param versions what the run was made with
 * @param commands how to do it again
 * @param files what the evidence folder holds
 * @param remarks what is missing in this report, and why
 */
public record Report(
        String schema,
        RunInfo run,
        Outcome outcome,
        List<Step> steps,
        List<BootInfo> boots,
        List<Phase> phases,
        List<Mark> marks,
        List<Splat> findings,
        List<ResetInfo> resets,
        ConsoleTail console,
        List<Qualified> qualification,
        List<Lint> lint,
        List<Known> knownIssues,
        Map<String, String> facts,
        Map<String, String> versions,
        List<Reproduce> commands,
        List<FileInfo> files,
        List<String> remarks) {

    /** The form that this version of hil writes; another number for a form that older readers cannot read. */
    public static final String SCHEMA = "hil-report/1";

    /**
     * Which run.
     *
     * @param id the name of the evidence folder
     * @param board its name
     * @param started wall clock time, ISO 8601
     * @param ended the same; empty for a run that was killed or goes on
     * @param millis how long it took, as far as is known
     * @param user who ran it
     * @param end how the evidence says that the run ended
     */
    public record RunInfo(
            String id, String board, String started, String ended, long millis, String user, String end) {}

    /** How a run came out. */
    public enum Result {
        /** Everything of the plan ran and passed, and the board was given back. */
        SUCCESS,
        /** At least one step is proven, and something after it is not. */
        PARTIAL,
        /** No step is proven, or a plan without steps has something that did not pass. */
        FAILURE
    }

    /**
     * How a run came out.
     *
     * @param result in a word
     * @param step the gate or step that decided it; empty for a success
     * @param headline why, in a line
     * @param passed how many tests passed
     * @param failed by the kernel under test, or for want of proof
     * @param errors of the lab
     * @param skipped not run
     * @param proven names of proven steps, in their order
     * @param left what may still be on the board; empty where it was given back as it was found
     */
    public record Outcome(
            Result result,
            String step,
            String headline,
            int passed,
            int failed,
            int errors,
            int skipped,
            List<String> proven,
            String left) {
        /** Copies what it is given. */
        public Outcome {
            proven = List.copyOf(proven);
        }
    }

    /**
     * A class of tests: a gate, a step, or neither.
     *
     * @param id to be linked to on the page
     * @param title for people
     * @param type the name of the class
     * @param kind {@code gate}, {@code step} or {@code tests}
     * @param patch how the step's patch begins; empty for other classes
     * @param result {@code passed}, {@code failed}, {@code error}, {@code skipped}, {@code aborted} or {@code not run}
     * @param headline why it did not pass, in a line
     * @param began when; -1 if it did not
     * @param ended when
     * @param estimated how long it was expected to take, from earlier runs
     * @param lockdep what was last said of lockdep in it, such as {@code PROVEN: ...}; empty where nothing was
     * @param reset the worst reset in it, such as {@code SILENT_WATCHDOG (CERTAIN)}; empty where there was none
     * @param tests its tests
     * @param evidence what the verdict stands on
     */
    public record Step(
            String id,
            String title,
            String type,
            String kind,
            String patch,
            String result,
            String headline,
            long began,
            long ended,
            long estimated,
            String lockdep,
            String reset,
            List<Test> tests,
            List<Proof> evidence) {
        /** Copies what it is given. */
        public Step {
            tests = List.copyOf(tests);
            evidence = List.copyOf(evidence);
        }
    }

    /**
     * A test.
     *
     * @param name for people
     * @param method of the class; empty for what happened around the tests of a class
     * @param result as of {@link Step}
     * @param reason why it did not pass or run
     * @param began when
     * @param ended when
     */
    public record Test(String name, String method, String result, String reason, long began, long ended) {}

    /**
     * Something that speaks for a verdict.
     *
     * @param at when
     * @param kind such as {@code proof}, {@code lockdep}, {@code reset}, {@code smoke}, {@code build}
     * @param text in words
     * @param file of the evidence folder that shows it; may be empty
     */
    public record Proof(long at, String kind, String text, String file) {}

    /**
     * A boot.
     *
     * @param id the first digits of its boot_id
     * @param kernel release and version
     * @param began when the board answered in it
     * @param ended when it was left, or the run ended
     * @param end the verdict of the reset that ended it; empty where the run ended first
     * @param log its kernel log; may be empty
     */
    public record BootInfo(String id, String kernel, long began, long ended, String end, String log) {}

    /**
     * Something that took its time.
     *
     * @param kind {@code build}, {@code reboot}, {@code smoke}, {@code step}
     * @param text for people
     * @param began when
     * @param ended when; -1 if it never did
     * @param estimated how long it was expected to take, from earlier runs
     */
    public record Phase(String kind, String text, long began, long ended, long estimated) {}

    /**
     * Something that happened at one moment.
     *
     * @param at when
     * @param kind as in {@code events.jsonl}
     * @param text in words
     * @param boot the boot in which it happened, by its first digits; may be empty
     * @param ref the id of what on the page tells more; may be empty
     */
    public record Mark(long at, String kind, String text, String boot, String ref) {}

    /**
     * A report of the kernel.
     *
     * @param id to be linked to on the page
     * @param title one line
     * @param kind as in docs/klog.md
     * @param category as there
     * @param severity as there
     * @param status {@code unexpected}, {@code known}, {@code expected} or {@code remark}
     * @param because why it is known or was expected
     * @param pattern the entry of the known-issues file that matches it; empty where it is not known
     * @param complete false where its text is torn
     * @param at when it was first seen
     * @param stamp the kernel's own time in seconds
     * @param boot the boot, by its first digits; may be empty
     * @param channels which saw it
     * @param fingerprint of the defect
     * @param log the recording
     * @param line its first line there, from 1; -1 if it is not known
     * @param lines its text
     * @param locks its lock classes
     * @param graph in which order they were taken; without edges where the report is of no order
     */
    public record Splat(
            String id,
            String title,
            String kind,
            String category,
            String severity,
            String status,
            String because,
            String pattern,
            boolean complete,
            long at,
            String stamp,
            String boot,
            List<String> channels,
            String fingerprint,
            String log,
            long line,
            List<String> lines,
            List<String> locks,
            LockGraph graph) {
        /** Copies what it is given. */
        public Splat {
            channels = List.copyOf(channels);
            lines = List.copyOf(lines);
            locks = List.copyOf(locks);
        }
    }

    /**
     * A reset.
     *
     * @param id to be linked to on the page
     * @param at when its verdict was there
     * @param verdict as in docs/verdicts.md
     * @param confidence as there
     * @param before the boot that ended, by its first digits
     * @param after the boot after it
     * @param millis how long the board was away
     * @param capture what of the log came back
     * @param evidence what led to the verdict
     * @param files copies of what was found in pstore
     */
    public record ResetInfo(
            String id,
            long at,
            String verdict,
            String confidence,
            String before,
            String after,
            long millis,
            String capture,
            List<String> evidence,
            List<String> files) {
        /** Copies what it is given. */
        public ResetInfo {
            evidence = List.copyOf(evidence);
            files = List.copyOf(files);
        }
    }

    /**
     * The end of the console.
     *
     * @param file the whole recording; empty where there is none
     * @param from the number of the first line shown
     * @param lines cleaned of control characters
     */
    public record ConsoleTail(String file, long from, List<Line> lines) {
        /** Copies what it is given. */
        public ConsoleTail {
            lines = List.copyOf(lines);
        }

        /**
         * A line.
         *
         * @param text of it
         * @param finding the id of the finding that it is part of; may be empty
         */
        public record Line(String text, String finding) {}
    }

    /**
     * What came back after one class of reset, when it was tried out.
     *
     * @param reset which class
     * @param at when it was tried; empty if never
     * @param verdict what the reset was taken for
     * @param console whether the log came back
     * @param dmesg whether the last words did
     * @param pmsg whether what user space had written did
     * @param wrongBits of known content
     * @param bits of it that came back
     */
    public record Qualified(
            String reset,
            String at,
            String verdict,
            boolean console,
            boolean dmesg,
            boolean pmsg,
            long wrongBits,
            long bits) {}

    /** What the linter said; see {@link dev.hil.lint.LintFinding}. */
    public record Lint(
            String rule, String severity, String where, String what, String why, String source, String instead) {}

    /**
     * A known issue that was seen.
     *
     * @param reason from the known-issues file
     * @param pattern what the entry there matches: {@code fingerprint HEX} or {@code title REGEX}
     * @param count how often it was seen
     * @param findings the ids of the findings
     */
    public record Known(String reason, String pattern, int count, List<String> findings) {
        /** Copies what it is given. */
        public Known {
            findings = List.copyOf(findings);
        }
    }

    /**
     * How to do something again.
     *
     * @param what for people
     * @param command for a shell
     */
    public record Reproduce(String what, String command) {}

    /**
     * A file of the evidence folder.
     *
     * @param file its path in there
     * @param bytes its size
     * @param what it is
     */
    public record FileInfo(String file, long bytes, String what) {}

    /** Copies what it is given. */
    public Report {
        steps = List.copyOf(steps);
        boots = List.copyOf(boots);
        phases = List.copyOf(phases);
        marks = List.copyOf(marks);
        findings = List.copyOf(findings);
        resets = List.copyOf(resets);
        qualification = List.copyOf(qualification);
        lint = List.copyOf(lint);
        knownIssues = List.copyOf(knownIssues);
        facts = java.util.Collections.unmodifiableMap(new java.util.LinkedHashMap<>(facts));
        versions = java.util.Collections.unmodifiableMap(new java.util.LinkedHashMap<>(versions));
        commands = List.copyOf(commands);
        files = List.copyOf(files);
        remarks = List.copyOf(remarks);
    }
}
