package dev.hil.report;

import dev.hil.link.InfrastructureException;
import dev.hil.link.Recording;
import dev.hil.report.Report.Step;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What CI servers understand of a run: annotations and a summary for GitHub, attachments for GitLab and Jenkins. */
public final class CiOutput {
    private static final Set<String> BAD = Set.of(Steps.FAILED, Steps.ERROR);

    private CiOutput() {}

    /**
     * Tells the server this run is on, if it is on one, by its environment.
     *
     * @param out where the job's log goes
     */
    public static void tell(Report report, Map<String, String> environment, PrintStream out) {
        if (!"true".equals(environment.get("GITHUB_ACTIONS"))) {
            return;
        }
        for (Step step : report.steps()) {
            if (BAD.contains(step.result())) {
                out.printf(
                        "::error title=%s::%s%n",
                        property("%s: %s".formatted(report.run().board(), step.title())), data(step.headline()));
            }
        }
        if (!report.outcome().left().isEmpty()) {
            out.printf(
                    "::error title=%s::%s%n",
                    property(report.run().board() + " is NOT as it was found"),
                    data(report.outcome().left()));
        }
        String summary = environment.get("GITHUB_STEP_SUMMARY");
        if (summary != null && !summary.isBlank()) {
            try {
                Files.writeString(
                        Path.of(summary),
                        summary(report),
                        StandardCharsets.UTF_8,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.APPEND);
            } catch (IOException e) {
                throw new InfrastructureException("cannot add to the step summary %s: %s".formatted(summary, e), e);
            }
        }
    }

    /**
     * The line by which GitLab, Jenkins and Azure find a file that belongs to a test that has just failed, in its output.
     *
     * @param environment of this process: GitLab wants the path within the project
     */
    public static String attachment(Path file, Map<String, String> environment) {
        Path whole = file.toAbsolutePath().normalize();
        String project = environment.get("CI_PROJECT_DIR");
        Path root = project == null ? null : Path.of(project).toAbsolutePath().normalize();
        return "[[ATTACHMENT|%s]]".formatted(root != null && whole.startsWith(root) ? root.relativize(whole) : whole);
    }

    /** In Markdown. What a board said must not become a part of it. */
    static String summary(Report report) {
        StringBuilder text = new StringBuilder("## %s: board %s%n%n"
                .formatted(report.outcome().result(), plain(report.run().board())));
        text.append(
                        report.outcome().step().isEmpty()
                                ? ""
                                : "**%s** ".formatted(plain(report.outcome().step())))
                .append(plain(report.outcome().headline()))
                .append("\n\n| gate or step | result | took | why |\n|---|---|---|---|\n");
        for (Step step : report.steps()) {
            text.append("| %s | %s | %s | %s |%n"
                    .formatted(
                            plain(step.title()),
                            step.result(),
                            step.began() < 0 ? "" : Page.duration(step.ended() - step.began()),
                            plain(step.headline())));
        }
        List<String> findings = report.findings().stream()
                .filter(splat -> splat.status().equals("unexpected"))
                .map(splat -> "- " + plain(splat.title()))
                .toList();
        if (!findings.isEmpty()) {
            text.append("\nThe kernel reported:\n\n")
                    .append(String.join("\n", findings))
                    .append('\n');
        }
        return text.append("\nEvidence: run %s of board %s, with report.html.%n"
                        .formatted(plain(report.run().id()), plain(report.run().board())))
                .toString();
    }

    private static String plain(String text) {
        String line =
                Recording.clean(text).replace('\n', ' ').replace("&", "&amp;").replace("<", "&lt;");
        return line.replaceAll("([\\\\`*_\\[\\]|#!~$@])", "\\\\$1");
    }

    /** As GitHub's own toolkit escapes the text of a command. */
    private static String data(String text) {
        return Recording.clean(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A");
    }

    private static String property(String text) {
        return data(text).replace(":", "%3A").replace(",", "%2C");
    }
}
