package dev.hil.cli;

import dev.hil.link.InfrastructureException;
import dev.hil.link.Recording;
import dev.hil.report.Report;
import dev.hil.report.Reports;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code hil report}: the report of a run, made anew from its evidence. */
@Command(
        name = "report",
        description = {
            "Writes report.html and report.json into the evidence folder of a run, made anew from what is there.",
            "Each run does so when it ends; this is for runs that were killed."
        },
        footer = {"", "Example: hil report ~/.local/state/hil/ampere/runs/20261122T202331-3278"},
        mixinStandardHelpOptions = true,
        exitCodeOnInvalidInput = ReportCommand.COULD_NOT,
        exitCodeOnExecutionException = ReportCommand.COULD_NOT,
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {
            "0:written; the run was a success",
            "1:written; the run was a partial success or a failure, or was cut off",
            "2:the folder is not the evidence of a run, or cannot be written to"
        })
final class ReportCommand implements Callable<Integer> {
    static final int SUCCESS = 0;
    static final int OTHER = 1;
    static final int COULD_NOT = 2;

    @Parameters(paramLabel = "DIR", description = "HOME/BOARD/runs/RUN.")
    private Path folder = Path.of("");

    @Override
    public Integer call() {
        try {
            Report report = Reports.write(folder);
            System.out.printf(
                    "%s: %s%n%s%n",
                    report.outcome().result(),
                    Recording.clean(report.outcome().headline()),
                    folder.resolve(Reports.HTML).toAbsolutePath().normalize());
            return report.outcome().result() == Report.Result.SUCCESS ? SUCCESS : OTHER;
        } catch (InfrastructureException e) {
            Complaint.print("report", e);
            return COULD_NOT;
        }
    }
}
