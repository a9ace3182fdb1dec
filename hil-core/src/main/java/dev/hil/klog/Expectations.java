package dev.hil.klog;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Knows of the tests that make a kernel report on purpose. */
final class Expectations {

    /** What lkdtm or sysrq-c set off is printed at once. */
    private static final long REACH_MICROS = 10_000_000;

    private static final long REACH_LINES = 200;

    private static final Pattern KUNIT_OVER = Pattern.compile("^(?:not )?ok \\d+");
    private static final Pattern TEST_MODULE = Pattern.compile(
            "\\[(?:\\w*_kunit|\\w*_test|test_\\w+)\\]|Comm: kunit_try_catch|CPU#\\d+: kunit_try_catch/");

    private String provoked = "";
    private long provokedLine;
    private long provokedMicros;
    private String suite = "";
    private boolean backtraceTest;

    /** Inside a KUnit run each line may be the one that ends it. */
    boolean wantsEveryLine() {
        return !suite.isEmpty();
    }

    void hear(Event event, Message message) {
        switch (event) {
            case SYSRQ_CRASH -> provoke("sysrq-c", message);
            case LKDTM -> {
                Matcher matcher = event.pattern().matcher(message.text());
                String test = matcher.find() ? matcher.group(1) : null;
                provoke(test == null ? "lkdtm" : "lkdtm " + test, message);
            }
            case KUNIT -> suite = message.text().strip();
            case BACKTRACE_TEST -> backtraceTest = true;
            case BACKTRACE_TEST_END -> backtraceTest = false;
            default -> {}
        }
    }

    private void provoke(String by, Message message) {
        provoked = by;
        provokedLine = message.line();
        provokedMicros = message.micros();
    }

    void line(Message message) {
        if (!suite.isEmpty() && KUNIT_OVER.matcher(message.text()).find()) {
            suite = "";
        }
    }

    void newBoot() {
        provoked = "";
        suite = "";
        backtraceTest = false;
    }

    /** What is in force where a report starts, or null. */
    @Nullable String at(Message first) {
        if (backtraceTest) {
            return "backtrace test";
        }
        if (!suite.isEmpty()) {
            return "KUnit" + (suite.startsWith("# Subtest: ") ? " " + suite.substring(11) : "");
        }
        boolean near = first.line() - provokedLine <= REACH_LINES
                && (first.micros() < 0 || provokedMicros < 0 || first.micros() - provokedMicros <= REACH_MICROS);
        return !provoked.isEmpty() && near ? provoked : null;
    }

    /** What only the report as a whole tells. */
    static @Nullable String fromReport(OpenReport report) {
        for (String line : report.lines()) {
            if (line.contains("not syncing: sysrq triggered crash")) {
                return "sysrq-c";
            }
            boolean test = line.contains("test") || line.contains("kunit");
            if (test && TEST_MODULE.matcher(line).find()) {
                return "KUnit";
            }
            if (line.contains("lkdtm_do_action") || line.contains("[lkdtm]")) {
                return "lkdtm";
            }
        }
        return null;
    }
}
