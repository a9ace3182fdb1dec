package dev.hil.cli;

import dev.hil.board.BoardDefinitions;
import dev.hil.board.DefinitionException;
import dev.hil.link.InfrastructureException;
import dev.hil.record.Evidence;
import dev.hil.record.Runs;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code hil prune}: removes the evidence of old runs, which nothing else does. */
@Command(
        name = "prune",
        description = {
            "Removes the evidence of old runs of a board. Without --yes it only says what it would remove.",
            "Runs that are going on, that have open changes in the ledger, or that hold the proof of a step stay."
        },
        footer = {"", "Example: hil prune ampere --keep 20"},
        mixinStandardHelpOptions = true,
        exitCodeOnInvalidInput = PruneCommand.USAGE,
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {
            "0:done, or said what would be done",
            "1:something could not be removed, or the ledger is damaged",
            "2:the command line or the board's definition is wrong"
        })
final class PruneCommand implements Callable<Integer> {
    static final int DONE = 0;
    static final int FAILED = 1;
    static final int USAGE = 2;

    @Parameters(paramLabel = "BOARD", description = "The name of a board definition.")
    private String board = "";

    @Option(names = "--keep", paramLabel = "N", required = true, description = "How many of the latest runs to keep.")
    private int keep;

    @Option(names = "--yes", description = "Remove them.")
    private boolean yes;

    @Option(names = "--home", paramLabel = "DIR", description = "Where ledger and evidence are kept.")
    private @Nullable Path home;

    @Override
    public Integer call() {
        if (keep < 0) {
            System.err.println("hil prune: --keep %d: a number of runs is 0 or more".formatted(keep));
            return USAGE;
        }
        try {
            String name = BoardDefinitions.find().get(board).name();
            Path where = home == null ? Evidence.defaultHome() : home;
            prune(new Runs(where.resolve(name)));
            return DONE;
        } catch (DefinitionException e) {
            Complaint.print("prune", e);
            return USAGE;
        } catch (InfrastructureException e) {
            Complaint.print("prune", e);
            return FAILED;
        }
    }

    private void prune(Runs runs) {
        List<Runs.Kept> all = runs.all();
        for (Runs.Kept run : all.subList(0, Math.max(0, all.size() - keep))) {
            String size = "%s (%.1f MB)".formatted(run.folder().getFileName(), run.bytes() / 1e6);
            if (run.keep().isPresent()) {
                System.out.printf("stays        %s: %s%n", size, run.keep().get());
            } else if (yes) {
                runs.remove(run);
                System.out.printf("removed      %s%n", size);
            } else {
                System.out.printf("would remove %s%n", size);
            }
        }
    }
}
