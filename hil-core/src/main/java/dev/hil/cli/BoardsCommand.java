package dev.hil.cli;

import dev.hil.board.BoardDefinition;
import dev.hil.board.BoardDefinitions;
import dev.hil.board.DefinitionException;
import dev.hil.record.Evidence;
import dev.hil.record.Lease;
import dev.hil.record.LedgerText;
import dev.hil.report.RunView;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code hil boards}: which boards are defined, who has them, and what was last run there. */
@Command(
        name = "boards",
        description = "Lists the boards that are defined, who has them now, and how the last run on each came out.",
        footer = {"", "Example: hil boards --boards ~/lab/boards"},
        mixinStandardHelpOptions = true,
        exitCodeOnInvalidInput = BoardsCommand.WRONG,
        exitCodeOnExecutionException = BoardsCommand.WRONG,
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {"0:all definitions can be used", "2:there are none, or one has an error"})
final class BoardsCommand implements Callable<Integer> {
    static final int WELL = 0;
    static final int WRONG = 2;

    @Option(names = "--boards", paramLabel = "DIR", description = "The folder with the board definitions.")
    private @Nullable Path boards;

    @Option(names = "--home", paramLabel = "DIR", description = "Where ledger and evidence are kept.")
    private @Nullable Path home;

    @Override
    public Integer call() {
        try {
            BoardDefinitions definitions = boards == null ? BoardDefinitions.find() : new BoardDefinitions(boards);
            int exit = WELL;
            for (String name : definitions.names()) {
                exit = Math.max(exit, print(definitions, name));
            }
            return exit;
        } catch (DefinitionException e) {
            Complaint.print("boards", e);
            return WRONG;
        }
    }

    private int print(BoardDefinitions definitions, String name) {
        BoardDefinition definition;
        try {
            definition = definitions.get(name);
        } catch (DefinitionException e) {
            System.out.printf("%-16s cannot be used: %s%n", name, LedgerText.clean(String.valueOf(e.getMessage())));
            return WRONG;
        }
        Path folder = (home == null ? Evidence.defaultHome() : home).resolve(name);
        String where =
                definition.provider().equals("ssh") ? "ssh " + definition.ssh().host() : definition.provider();
        Optional<String> holder = Lease.holder(folder.resolve("lease"));
        String last = RunView.latest(folder)
                .map(run -> "; last run %s: %s".formatted(run.id(), run.state()))
                .orElse("; never run");
        System.out.printf(
                "%-16s %-24s %s%s%n",
                name,
                LedgerText.clean(where),
                holder.map(who -> "in use by " + LedgerText.clean(who)).orElse("free"),
                LedgerText.clean(last));
        return WELL;
    }
}
