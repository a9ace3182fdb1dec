package dev.hil.report;

import dev.hil.report.Report.BootInfo;
import dev.hil.report.Report.Mark;
import dev.hil.report.Report.Phase;
import dev.hil.report.Report.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The timeline with places: lanes from top to bottom, in each lane bars and dots from left to right. Places are percents
 * of the run's length, so that it fits any width.
 *
 * @param lanes steps, work, then one a boot
 * @param ticks of the time axis
 */
public record TimelinePicture(List<Lane> lanes, List<Tick> ticks) {
    private static final double SMALLEST = 0.4;
    private static final int TICKS = 6;
    private static final Set<String> DOTS = Set.of("finding", "reset", "crash", "power", "not-restored", "undo-failed");
    private static final long[] NICE = {
        1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 28_800, 86_400
    };

    /**
     * A lane.
     *
     * @param label of it
     * @param detail small, beside it
     * @param bars in it
     * @param dots in it
     */
    public record Lane(String label, String detail, List<Bar> bars, List<Dot> dots) {}

    /**
     * Something that took its time.
     *
     * @param left where it begins
     * @param width of it
     * @param estimate how wide it was expected to be; 0 if that is not known
     * @param style a CSS class
     * @param label in it
     * @param title all that is known of it
     * @param ref the id of what tells more; may be empty
     */
    public record Bar(
            double left, double width, double estimate, String style, String label, String title, String ref) {}

    /** Something that happened at one moment, as {@link Bar}. */
    public record Dot(double left, String style, String title, String ref) {}

    /** A mark of the time axis. */
    public record Tick(double left, String label) {}

    static TimelinePicture of(Report report) {
        long whole = Math.max(1, report.run().millis());
        List<Lane> lanes = new ArrayList<>();
        List<Bar> steps = new ArrayList<>();
        for (Step step : report.steps()) {
            if (step.began() >= 0) {
                steps.add(bar(
                        whole,
                        step.began(),
                        step.ended(),
                        step.estimated(),
                        "is-" + step.result().replace(' ', '-'),
                        step.title(),
                        step.title() + ": " + step.result(),
                        step.id()));
            }
        }
        lanes.add(new Lane("gates and steps", "", steps, List.of()));
        lanes.add(new Lane("work", "", phases(report.phases(), whole), List.of()));
        for (BootInfo boot : report.boots()) {
            List<Dot> dots = new ArrayList<>();
            for (Mark mark : report.marks()) {
                if (mark.boot().equals(boot.id()) && DOTS.contains(mark.kind())) {
                    dots.add(new Dot(at(whole, mark.at()), style(report, mark), text(mark), mark.ref()));
                }
            }
            Bar bar = bar(
                    whole,
                    boot.began(),
                    boot.ended(),
                    -1,
                    bad(boot.end()) ? "is-boot ends-badly" : "is-boot",
                    "",
                    "boot %s, %s%s"
                            .formatted(
                                    boot.id(), boot.kernel(), boot.end().isEmpty() ? "" : "; ended by " + boot.end()),
                    "");
            lanes.add(new Lane(boot.id(), boot.kernel().split(" ", 2)[0], List.of(bar), dots));
        }
        return new TimelinePicture(lanes, ticks(whole));
    }

    private static List<Bar> phases(List<Phase> phases, long whole) {
        List<Bar> bars = new ArrayList<>();
        for (Phase phase : phases) {
            if (!phase.kind().equals("step")) {
                long ended = phase.ended() < 0 ? whole : phase.ended();
                bars.add(bar(
                        whole,
                        phase.began(),
                        ended,
                        phase.estimated(),
                        "is-" + phase.kind().replaceAll("[^a-z]", ""),
                        phase.kind(),
                        phase.text() + (phase.ended() < 0 ? " (it never ended)" : ""),
                        ""));
            }
        }
        return bars;
    }

    private static boolean bad(String verdict) {
        return Set.of("SILENT_WATCHDOG", "UNKNOWN", "POWER_LOSS").contains(verdict);
    }

    private static String style(Report report, Mark mark) {
        if (mark.kind().equals("finding")) {
            return report.findings().stream()
                    .filter(finding -> finding.id().equals(mark.ref()))
                    .findFirst()
                    .map(finding -> "dot-" + finding.status())
                    .orElse("dot-remark");
        }
        if (mark.kind().equals("reset")) {
            return report.resets().stream()
                    .filter(reset -> reset.id().equals(mark.ref()) && bad(reset.verdict()))
                    .findFirst()
                    .map(reset -> "dot-unexpected")
                    .orElse("dot-reset");
        }
        return mark.kind().equals("crash") || mark.kind().equals("power") ? "dot-reset" : "dot-unexpected";
    }

    private static String text(Mark mark) {
        return "%s, %s: %s"
                .formatted(Page.time(mark.at()), mark.kind(), mark.text().split("\n", 2)[0]);
    }

    private static Bar bar(
            long whole, long began, long ended, long estimated, String style, String label, String title, String ref) {
        double left = at(whole, began);
        double width = Math.max(SMALLEST, at(whole, ended) - left);
        String took = Page.duration(ended - began);
        return new Bar(
                left,
                Math.min(width, 100 - left + SMALLEST),
                estimated <= 0 ? 0 : Math.min(100 - left, 100.0 * estimated / whole),
                style,
                label,
                "%s; %s, from %s%s"
                        .formatted(
                                title,
                                took,
                                Page.time(began),
                                estimated <= 0 ? "" : ", estimated " + Page.duration(estimated)),
                ref);
    }

    private static double at(long whole, long millis) {
        return Math.round(Math.max(0, Math.min(whole, millis)) * 10_000.0 / whole) / 100.0;
    }

    private static List<Tick> ticks(long whole) {
        long seconds = whole / 1000;
        long distance = NICE[NICE.length - 1];
        for (int i = NICE.length - 1; i >= 0; i--) {
            distance = seconds / NICE[i] <= TICKS ? NICE[i] : distance;
        }
        List<Tick> ticks = new ArrayList<>();
        for (long at = 0; at <= seconds; at += distance) {
            ticks.add(new Tick(at(whole, at * 1000), label(at)));
        }
        return ticks;
    }

    private static String label(long seconds) {
        Duration at = Duration.ofSeconds(seconds);
        return at.toHours() > 0
                ? String.format(Locale.ROOT, "%d:%02d:%02d", at.toHours(), at.toMinutesPart(), at.toSecondsPart())
                : String.format(Locale.ROOT, "%d:%02d", at.toMinutes(), at.toSecondsPart());
    }
}
