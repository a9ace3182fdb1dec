package dev.hil.cli;

import dev.hil.board.Board;
import dev.hil.board.BoardDefinition;
import dev.hil.board.BoardDefinitions;
import dev.hil.board.BoardSession;
import dev.hil.board.Checkup;
import dev.hil.board.DefinitionException;
import dev.hil.board.Qualifier;
import dev.hil.board.Reset;
import dev.hil.board.ResetClass;
import dev.hil.board.SerialEcho;
import dev.hil.link.InfrastructureException;
import dev.hil.link.Recording;
import dev.hil.record.Evidence;
import dev.hil.record.LeaseHeldException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code hil doctor}: whether a board is fit for its tests. */
@Command(
        name = "doctor",
        description = {
            "Looks a board over: reach, rights, tools, kernel log, capture, lockdep, qualification.",
            "Without --qualify it changes nothing but a few lines in the board's kernel log."
        },
        footer = {"", "Example: hil doctor ampere"},
        mixinStandardHelpOptions = true,
        exitCodeOnInvalidInput = DoctorCommand.USAGE,
        exitCodeOnExecutionException = DoctorCommand.UNREACHABLE,
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {
            "0:nothing stands in the way of tests",
            "1:something does; it is said, with what to do",
            "2:the command line or the board's definition is wrong",
            "3:the board is in use; its holder is named",
            "5:the board cannot be reached, or did not come back"
        })
final class DoctorCommand implements Callable<Integer> {
    static final int WELL = 0;
    static final int PROBLEMS = 1;
    static final int USAGE = 2;
    static final int IN_USE = 3;
    static final int UNREACHABLE = 5;

    @Parameters(paramLabel = "BOARD", description = "The name of a board definition.")
    private String board = "";

    @Option(
            names = "--qualify",
            description = {
                "Try out what survives an ordered reboot, a panic, the watchdog, a lockup and a power cut, and whether the",
                "serial line carries every byte. Resets the board several times."
            })
    private boolean qualify;

    @Option(
            names = "--consent",
            description = "The board may be rebooted, though its definition says that whoever uses it is to be asked.")
    private boolean consent;

    @Option(names = "--home", paramLabel = "DIR", description = "Where evidence and qualification are kept.")
    private @Nullable Path home;

    @Override
    public Integer call() {
        if (consent) {
            System.setProperty("hil.consent", "reboot");
        }
        Path where = home == null ? Evidence.defaultHome() : home;
        try {
            BoardDefinition definition = BoardDefinitions.find().get(board);
            Evidence evidence = Evidence.start(where, definition.name(), System.err);
            try (BoardSession session = BoardSession.look(definition, evidence)) {
                int exit = WELL;
                if (qualify) {
                    exit = qualify(session.board(), System.out);
                }
                exit = Math.max(exit, report(Checkup.of(session.board()), System.out));
                System.out.println("evidence: " + evidence.folder());
                return exit;
            }
        } catch (DefinitionException e) {
            return failed(e, USAGE);
        } catch (LeaseHeldException e) {
            return failed(e, IN_USE);
        } catch (InfrastructureException e) {
            return failed(e, UNREACHABLE);
        }
    }

    static int report(List<Checkup.Check> checks, PrintStream out) {
        for (Checkup.Check check : checks) {
            // What has several lines stands below each other.
            String text = Recording.clean(check.text()).replace("\n", "\n    ");
            out.printf("%-8s %-14s %s%n", check.outcome(), check.name(), text);
        }
        long problems = checks.stream()
                .filter(check -> check.outcome() == Checkup.Outcome.PROBLEM)
                .count();
        out.println(
                problems == 0
                        ? "nothing stands in the way of tests"
                        : "%d problem%s to be mended before tests are worth their while"
                                .formatted(problems, problems == 1 ? "" : "s"));
        return problems == 0 ? WELL : PROBLEMS;
    }

    private static int qualify(Board board, PrintStream out) {
        int exit = WELL;
        Qualifier qualifier = Qualifier.of(board);
        for (ResetClass reset : ResetClass.values()) {
            Optional<Reset> seen = qualifier.tryOut(reset);
            out.printf(
                    "%s: %s%n",
                    reset,
                    Recording.clean(seen.map(one -> "%s; %s".formatted(one.verdict(), one.capture()))
                            .orElse("not tried: there is no means to bring it about on this board")));
        }
        if (board.console().isPresent()) {
            SerialEcho echo = SerialEcho.measure(board);
            out.printf("serial line: %d of %d lines arrived whole%n", echo.whole(), echo.sent());
            exit = echo.isWhole() ? WELL : PROBLEMS;
        }
        return exit;
    }

    private static int failed(InfrastructureException e, int exit) {
        Complaint.print("doctor", e);
        return exit;
    }
}
