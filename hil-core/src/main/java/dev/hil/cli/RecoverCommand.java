package dev.hil.cli;

import dev.hil.board.BoardDefinition;
import dev.hil.board.BoardDefinitions;
import dev.hil.board.BoardSession;
import dev.hil.board.DefinitionException;
import dev.hil.board.RecoveryReport;
import dev.hil.link.InfrastructureException;
import dev.hil.record.DamagedLedgerException;
import dev.hil.record.Evidence;
import dev.hil.record.Lease;
import dev.hil.record.LeaseHeldException;
import dev.hil.record.Ledger;
import dev.hil.record.LedgerEntry;
import dev.hil.record.LedgerText;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code hil recover}: puts a board back as it was found before a run that was cut off. */
@Command(
        name = "recover",
        description = "Puts a board back as it was found before a run that was cut off.",
        footer = {
            "",
            "Example: hil recover --show ampere",
            "Every test run does the same when it begins. What is to be done stands in the board's ledger,",
            "HOME/BOARD/ledger.jsonl, where HOME is -Dhil.home, $XDG_STATE_HOME/hil or ~/.local/state/hil."
        },
        mixinStandardHelpOptions = true,
        exitCodeOnInvalidInput = RecoverCommand.USAGE,
        exitCodeOnExecutionException = RecoverCommand.UNREACHABLE,
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {
            "0:the board is proven to be as it was found, or nothing was to be done",
            "1:something could not be undone, or differs from how it was found: said, with the commands to do it by hand",
            "2:the command line or the board's definition is wrong",
            "3:the board is in use; its holder is named",
            "4:the ledger is damaged: nothing was done",
            "5:the board, or the machine with the kernel tree, cannot be reached"
        })
final class RecoverCommand implements Callable<Integer> {
    static final int RESTORED = 0;
    static final int NOT_RESTORED = 1;
    static final int USAGE = 2;
    static final int IN_USE = 3;
    static final int DAMAGED = 4;
    static final int UNREACHABLE = 5;

    @Parameters(paramLabel = "BOARD", description = "The name of a board definition.")
    private String board = "";

    @Option(names = "--show", description = "Only print the ledger: what was done, and what of it is open.")
    private boolean show;

    @Option(
            names = "--accept",
            description =
                    "Take what differs when all is undone for somebody's own doing, and the board as it is from now on.")
    private boolean accept;

    @Option(
            names = "--consent",
            description = "The board may be rebooted, though its definition says that whoever uses it is to be asked.")
    private boolean consent;

    @Option(names = "--wait", paramLabel = "TIME", description = "How long to wait for a run that has the board: 10m.")
    private @Nullable String wait;

    @Option(names = "--home", paramLabel = "DIR", description = "Where ledger and evidence are kept.")
    private @Nullable Path home;

    @Override
    public Integer call() {
        PrintStream out = System.out;
        if (wait != null) {
            System.setProperty("hil.wait", wait);
        }
        if (consent) {
            System.setProperty("hil.consent", "reboot");
        }
        Path where = home == null ? Evidence.defaultHome() : home;
        try {
            BoardDefinition definition = BoardDefinitions.find().get(board);
            Path folder = where.resolve(definition.name());
            if (show) {
                return show(folder, out);
            }
            if (!BoardSession.outlivesRuns(definition)) {
                out.printf(
                        "board %s is made anew for each run and ends with it: there is nothing to put back.%n", board);
                return RESTORED;
            }
            return print(
                    BoardSession.recover(definition, Evidence.start(where, definition.name(), System.err), accept),
                    out);
        } catch (DefinitionException e) {
            return failed(e, USAGE);
        } catch (LeaseHeldException e) {
            return failed(e, IN_USE);
        } catch (DamagedLedgerException e) {
            return failed(e, DAMAGED);
        } catch (InfrastructureException e) {
            return failed(e, UNREACHABLE);
        }
    }

    private int print(RecoveryReport report, PrintStream out) {
        report.undone().forEach(what -> out.println("undone: " + LedgerText.clean(what)));
        report.remarks().forEach(what -> out.println("note: " + LedgerText.clean(what)));
        report.problems().forEach(what -> out.println("NOT RESTORED: " + LedgerText.clean(what)));
        out.printf(
                "board %s %s; %s%n",
                board,
                report.isRestored()
                        ? report.undone().isEmpty() ? "had nothing to be undone" : "is as it was found"
                        : "is NOT as it was found",
                LedgerText.clean(report.label()));
        return report.isRestored() ? RESTORED : NOT_RESTORED;
    }

    private int show(Path folder, PrintStream out) {
        Optional<String> holder = Lease.holder(folder.resolve("lease"));
        holder.ifPresent(who -> out.printf("in use by %s%n", LedgerText.clean(who)));
        List<LedgerEntry> entries = Ledger.read(folder.resolve("ledger.jsonl"));
        LedgerText.lines(entries).forEach(out::println);
        List<LedgerEntry> open = Ledger.open(entries);
        out.println(
                open.isEmpty()
                        ? "nothing is open"
                        : "%d changes are open; `hil recover %s` takes them back".formatted(open.size(), board));
        return RESTORED;
    }

    private static int failed(InfrastructureException e, int exit) {
        if (e instanceof DamagedLedgerException damaged) {
            LedgerText.lines(damaged.intact()).forEach(System.err::println);
        }
        Complaint.print("recover", e);
        return exit;
    }
}
