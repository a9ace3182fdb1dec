package dev.hil.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code hil}: what the library does, from a shell. */
@Command(
        name = "hil",
        description = "Hardware-in-the-loop tests for kernel work.",
        mixinStandardHelpOptions = true,
        subcommands = {
            KlogCommand.class,
            RecoverCommand.class,
            PruneCommand.class,
            LintCommand.class,
            DoctorCommand.class
        })
public final class Main {

    public static void main(String[] args) {
        // The libraries log by slf4j. hil.jar brings no provider, on purpose: that needs no warning.
        if (System.getProperty("slf4j.internal.verbosity") == null) {
            System.setProperty("slf4j.internal.verbosity", "ERROR");
        }
        System.exit(new CommandLine(new Main()).execute(args));
    }
}
