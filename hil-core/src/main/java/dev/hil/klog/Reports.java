package dev.hil.klog;

import dev.hil.klog.Rule.Role;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The reports that are open at this point of the log. CPUs print at the same time; where the kernel says who printed a
 * line ({@code [T812]}, {@code [C1]}), each context has a report of its own.
 */
final class Reports {

    private static final int MAX_OPEN = 16;
    private static final int MAX_TOLD = 4096;
    /** A panic so soon after a report is that report's consequence. */
    private static final long AFTERMATH_LINES = 1000;

    private final Map<String, OpenReport> open = new LinkedHashMap<>();
    private final Map<OpenReport, String> expected = new HashMap<>();
    private final Findings findings;
    private final Expectations expectations;
    private final KlogListener listener;
    private final Replay replay;
    /** The headlines of this boot: what is printed again is no second finding. */
    private final Set<Long> told = new HashSet<>();

    /** Where the last report of each kind ended. */
    private final Map<Kind, Long> lastLines = new EnumMap<>(Kind.class);

    private boolean anyInBoot;

    Reports(Findings findings, Expectations expectations, KlogListener listener, Replay replay) {
        this.replay = replay;
        this.findings = findings;
        this.expectations = expectations;
        this.listener = listener;
    }

    boolean isEmpty() {
        return open.isEmpty();
    }

    void take(Message message, @Nullable Rule rule, int boot) {
        OpenReport current = find(message);
        if (rule == null) {
            offer(current, message);
            return;
        }
        if (current != null && Merging.absorbs(current, rule, message)) {
            absorb(current, rule, message);
            return;
        }
        if (rule.kind() == Kind.PANIC && joinsEarlier(message)) {
            return;
        }
        if (rule.role() == Role.BODY && !startsTorn(rule, current, message)) {
            return;
        }
        if (current != null) {
            close(current);
        }
        start(message, rule, boot);
    }

    private @Nullable OpenReport find(Message message) {
        OpenReport own = open.get(message.tag());
        if (own != null || message.tag().isEmpty()) {
            return own;
        }
        // The backtrace of a stuck CPU is printed by that CPU, under its own tag.
        for (OpenReport report : open.values()) {
            if (report.kind().category() == Category.HANG && message.tag().startsWith("C")) {
                return report;
            }
        }
        return null;
    }

    private void offer(@Nullable OpenReport report, Message message) {
        // Where the kernel stamps its lines, one without a stamp is a process writing to the console.
        if (report == null || (report.first().stamped() && !message.stamped())) {
            return;
        }
        report.offer(message);
        if (report.isOver()) {
            close(report);
        }
    }

    private void absorb(OpenReport report, Rule rule, Message message) {
        if (rule.kind() == Kind.PANIC) {
            report.panicked(message);
            return;
        }
        boolean unnamed = report.kind() == Kind.CUT_HERE;
        report.refine(rule);
        report.add(message);
        if (unnamed && report.kind() != Kind.CUT_HERE) {
            announce(report, message);
        }
    }

    /** Whether the panic ends an event that was told already, or is still being told. */
    private boolean joinsEarlier(Message message) {
        OpenReport newest = null;
        for (OpenReport report : open.values()) {
            if (Merging.endsWith(report.kind(), message.text())) {
                newest = report;
            }
        }
        if (newest != null) {
            newest.panicked(message);
            return true;
        }
        for (Map.Entry<Kind, Long> closed : lastLines.entrySet()) {
            if (message.line() - closed.getValue() < AFTERMATH_LINES
                    && Merging.endsWith(closed.getKey(), message.text())) {
                return true;
            }
        }
        return false;
    }

    private boolean startsTorn(Rule rule, @Nullable OpenReport current, Message message) {
        if (current != null) {
            offer(current, message);
            return false;
        }
        // With other contexts printing as well, a stray line is theirs rather than a report of its own.
        return open.isEmpty() && (rule.kind() != Kind.TORN || !anyInBoot);
    }

    private void start(Message message, Rule rule, int boot) {
        if (open.size() >= MAX_OPEN) {
            close(open.values().iterator().next());
        }
        OpenReport report = new OpenReport(rule, message, boot);
        open.put(message.tag(), report);
        String why = expectations.at(message);
        if (why != null) {
            expected.put(report, why);
        }
        if (rule.kind() != Kind.CUT_HERE) {
            announce(report, message);
        }
    }

    private void announce(OpenReport report, Message headline) {
        anyInBoot = true;
        if (headline.micros() > 0 && !told.add(Replay.key(headline)) && replay.on()) {
            report.repeats();
            return;
        }
        if (told.size() > MAX_TOLD) {
            told.clear();
        }
        listener.started(report.kind(), headline.line(), headline.text());
    }

    /** Ends the reports of a boot that is over, or of a log. */
    void closeAll() {
        for (OpenReport report : new ArrayList<>(open.values())) {
            close(report);
        }
    }

    /** Ends the reports that have their end already; the others may go on. */
    void closeEnded() {
        List<OpenReport> ended =
                open.values().stream().filter(OpenReport::complete).toList();
        ended.forEach(this::close);
    }

    void newBoot() {
        closeAll();
        told.clear();
        anyInBoot = false;
        lastLines.clear();
    }

    private void close(OpenReport report) {
        Iterator<OpenReport> all = open.values().iterator();
        while (all.hasNext()) {
            if (all.next() == report) {
                all.remove();
            }
        }
        String why = expected.remove(report);
        if (report.kind() == Kind.CUT_HERE) {
            announce(report, report.first());
        }
        if (report.isRepeated()) {
            return;
        }
        lastLines.put(report.kind(), report.lastLine());
        findings.report(report, why);
    }
}
