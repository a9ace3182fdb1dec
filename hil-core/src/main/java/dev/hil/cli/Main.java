package dev.hil.cli;

import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** {@code hil}: what the library does, from a shell. */
@Command(
        name = "hil",
        description = "Hardware-in-the-loop tests for kernel work.",
        footer = {
            "",
            "Examples: hil klog dmesg.txt; hil lint ampere; hil watch ampere; hil COMMAND --help",
            "Completion for bash and zsh: source <(hil generate-completion)"
        },
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {
            "0:well",
            "1:there is something to be looked at; each command's help says what",
            "2:the command line, a file or a board's definition is wrong",
            "3, 4, 5:a board is in use, its ledger is damaged, it cannot be reached"
        },
        mixinStandardHelpOptions = true,
        version = "hil ${hil.version}",
        subcommands = {
            KlogCommand.class,
            LintCommand.class,
            DoctorCommand.class,
            BoardsCommand.class,
            WatchCommand.class,
            ReportCommand.class,
            RecoverCommand.class,
            PruneCommand.class,
            GenerateCompletion.class
        })
public final class Main {
    @Option(
            names = "--debug",
            scope = ScopeType.INHERIT,
            description = "Where something goes wrong, also print where in the program.")
    @SuppressWarnings("UnusedMethod") // picocli calls it
    private void debug(boolean wanted) {
        Complaint.debug(wanted);
    }

    public static void main(String[] args) {
        // The libraries log by slf4j. hil.jar brings no provider, on purpose: that needs no warning.
        if (System.getProperty("slf4j.internal.verbosity") == null) {
            System.setProperty("slf4j.internal.verbosity", "ERROR");
        }
        String version = Main.class.getPackage().getImplementationVersion();
        System.setProperty("hil.version", version == null ? "(built in place)" : version);
        System.exit(commandLine().execute(args));
    }

    static CommandLine commandLine() {
        CommandLine line = new CommandLine(new Main());
        line.setExecutionExceptionHandler((thrown, command, parsed) -> {
            Complaint.print(command.getCommandName(), thrown);
            return command.getCommandSpec().exitCodeOnExecutionException();
        });
        return line;
    }
}
