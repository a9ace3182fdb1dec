package dev.hil.cli;

import dev.hil.link.InfrastructureException;
import dev.hil.record.Evidence;
import dev.hil.report.Reports;
import dev.hil.report.RunView;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code hil watch}: follows a run from another terminal, out of its evidence folder. */
@Command(
        name = "watch",
        description = {
            "Follows the run on a board from another terminal: step, time, findings, the end of the console.",
            "It only reads the run's evidence; the board is not touched."
        },
        footer = {"", "Example: hil watch ampere"},
        mixinStandardHelpOptions = true,
        exitCodeOnInvalidInput = WatchCommand.NOTHING,
        exitCodeOnExecutionException = WatchCommand.NOTHING,
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {
            "0:the run ended as a success, or goes on (--once)",
            "1:the run ended otherwise, or was cut off",
            "2:the command line is wrong, or there is no run of that board"
        })
final class WatchCommand implements Callable<Integer> {
    static final int SUCCESS = 0;
    static final int OTHER = 1;
    static final int NOTHING = 2;

    private static final String CLEAR = "\u001b[H\u001b[2J";
    private static final int LINES = 15;
    private static final Duration SILENCE = Duration.ofSeconds(10);

    @Parameters(paramLabel = "BOARD", description = "The name of the board.")
    private String board = "";

    @Option(names = "--once", description = "Print how it stands and end.")
    private boolean once;

    @Option(
            names = "--lines",
            paramLabel = "N",
            description = "How many lines of the console to show; ${DEFAULT-VALUE}.")
    private int lines = LINES;

    @Option(names = "--home", paramLabel = "DIR", description = "Where ledger and evidence are kept.")
    private @Nullable Path home;

    @Override
    public Integer call() {
        Path where = home == null ? Evidence.defaultHome() : home;
        if (!board.matches("[A-Za-z0-9._-]+") || board.startsWith(".")) {
            System.err.println("hil watch: \"%s\" is no name of a board".formatted(board));
            return NOTHING;
        }
        try {
            Optional<RunView> run = RunView.latest(where.resolve(board));
            if (run.isEmpty()) {
                System.err.println(
                        "hil watch: there is no run of board %s in %s. -Dhil.home or --home=DIR names another place."
                                .formatted(board, where));
                return NOTHING;
            }
            return once || run.get().over() ? show(run.get()) : follow(run.get().folder());
        } catch (InfrastructureException e) {
            Complaint.print("watch", e);
            return NOTHING;
        }
    }

    private int show(RunView view) {
        view.screen(lines).forEach(System.out::println);
        return view.success() || !view.over() ? SUCCESS : OTHER;
    }

    private int follow(Path folder) {
        boolean terminal = isTerminal();
        PrintStream out = System.out;
        String said = "";
        long lastNow = System.nanoTime();
        while (true) {
            RunView view = RunView.of(folder);
            // The report is made when all else has ended.
            boolean over = view.over() && (!view.state().equals("ended") || Files.exists(folder.resolve(Reports.HTML)));
            if (over && !terminal) {
                return show(view);
            }
            if (terminal) {
                out.print(CLEAR);
                show(view);
            } else {
                said = print(view, said, out);
                if (System.nanoTime() - lastNow > SILENCE.toNanos()
                        && !view.now().isEmpty()) {
                    out.println("now: " + view.now());
                    lastNow = System.nanoTime();
                }
            }
            out.flush();
            if (over) {
                return view.success() ? SUCCESS : OTHER;
            }
            // Nothing is waited for here but the next look.
            LockSupport.parkNanos(Duration.ofSeconds(1).toNanos());
            if (Thread.interrupted()) {
                return OTHER;
            }
        }
    }

    // Later versions of Java give a console without a terminal too; TERM is missing where nobody looks on.
    @SuppressWarnings("SystemConsoleNull")
    private static boolean isTerminal() {
        return System.console() != null && System.getenv("TERM") != null;
    }

    /** For a log: what is new, a line each. */
    private static String print(RunView view, String said, PrintStream out) {
        String text = String.join("\n", view.tests()) + "\n" + String.join("\n", view.findings());
        if (!text.equals(said)) {
            text.lines().filter(line -> !line.isBlank() && !said.contains(line)).forEach(out::println);
        }
        return text;
    }
}
