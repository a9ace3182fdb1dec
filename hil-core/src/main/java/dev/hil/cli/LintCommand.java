package dev.hil.cli;

import dev.hil.board.BoardDefinition;
import dev.hil.board.BoardDefinitions;
import dev.hil.board.DefinitionException;
import dev.hil.link.InfrastructureException;
import dev.hil.lint.Facts;
import dev.hil.lint.LintReport;
import dev.hil.lint.LintText;
import dev.hil.lint.Linter;
import dev.hil.lint.LiveFacts;
import java.io.BufferedWriter;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code hil lint}: what is wrong with a board's definition and plan, before anything is booted. */
@Command(
        name = "lint",
        description = "Says what is wrong with a board's definition and plan, before anything is booted.",
        footer = {
            "",
            "Example: hil lint ampere --live",
            "Without --live the board is not touched, and rules that want its own word say that they were not checked.",
            "The rules are explained in docs/linter.md."
        },
        mixinStandardHelpOptions = true,
        exitCodeOnInvalidInput = LintCommand.COULD_NOT,
        exitCodeOnExecutionException = LintCommand.COULD_NOT,
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {
            "0:no errors; there may be warnings and notes",
            "1:errors: the plan fails, loses evidence or harms the board",
            "2:the command line or the definition is wrong, or the board cannot be reached"
        })
final class LintCommand implements Callable<Integer> {
    static final int CLEAN = 0;
    static final int ERRORS = 1;
    static final int COULD_NOT = 2;
    private static final String TOML = ".toml";

    @Parameters(paramLabel = "BOARD", description = "The name of a board definition, or the path of a .toml file.")
    private String board = "";

    @Option(names = "--boards", paramLabel = "DIR", description = "The folder with the board definitions.")
    private @Nullable Path boards;

    @Option(
            names = "--live",
            description = "Ask the board too. It is only read from; the emulated one is started for it.")
    private boolean live;

    @Option(names = "--json", description = "One JSON object a line; the last one is the summary.")
    private boolean json;

    @Override
    public Integer call() {
        try {
            BoardDefinition definition = definition();
            LintReport report = Linter.run(live ? LiveFacts.ask(definition) : Facts.offline(definition));
            PrintWriter out =
                    new PrintWriter(new BufferedWriter(new OutputStreamWriter(System.out, StandardCharsets.UTF_8)));
            (json ? LintJson.lines(report) : LintText.lines(report)).forEach(out::println);
            out.flush();
            return report.passes() ? CLEAN : ERRORS;
        } catch (InfrastructureException e) {
            Complaint.print("lint", e);
            return COULD_NOT;
        }
    }

    private BoardDefinition definition() {
        Path file = Path.of(board);
        boolean isPath = board.endsWith(TOML) || board.contains("/");
        if (!isPath) {
            return (boards == null ? BoardDefinitions.find() : new BoardDefinitions(boards)).get(board);
        }
        String name = String.valueOf(file.getFileName());
        if (!name.endsWith(TOML) || !Files.isRegularFile(file)) {
            throw new DefinitionException(
                    "%s is no board definition: name one, or the path of a .toml file".formatted(file));
        }
        Path folder = file.getParent() == null ? Path.of(".") : file.getParent();
        return new BoardDefinitions(folder).get(name.substring(0, name.length() - TOML.length()));
    }
}
