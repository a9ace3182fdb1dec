package dev.hil.link;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A command for a {@link Shell}: a vector of arguments, never a string that a shell would take apart.
 *
 * @param argv the program and its arguments
 * @param rights whose rights it runs with
 * @param timeout after this time the command is ended and a {@link CommandException} thrown
 * @param maxOutput bytes kept of each of stdout and stderr; the rest is read, counted and dropped
 * @param environment variables set for the command, beside those that the machine sets
 */
public record Command(
        List<String> argv, Rights rights, Duration timeout, int maxOutput, Map<String, String> environment) {

    /** Whose rights a command runs with. */
    public enum Rights {
        /** Those of the user who is logged in. */
        OWN,
        /** Root's: as it is where the user is root, else by {@code sudo -n}. */
        ROOT,
        /**
         * The user's own, for a script that asks for root's by {@code as_root PROGRAM ARGUMENT...}, one program at a
         * time: sudo is never asked for a shell, so that what it must allow is a list that can be closed.
         */
        ROOT_WITHIN
    }

    public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(30);
    public static final int DEFAULT_MAX_OUTPUT = 1 << 20;

    public Command {
        if (argv.isEmpty()) {
            throw new IllegalArgumentException("a command needs a program to run");
        }
        argv = List.copyOf(argv);
        environment = Map.copyOf(environment);
    }

    public static Command of(String... argv) {
        return of(List.of(argv));
    }

    public static Command of(List<String> argv) {
        return new Command(argv, Rights.OWN, DEFAULT_TIMEOUT, DEFAULT_MAX_OUTPUT, Map.of());
    }

    /**
     * A shell script of the project's own, with values handed over as {@code $1}, {@code $2}, ... so that nothing read
     * from a board is ever part of its text.
     */
    public static Command script(String script, String... values) {
        List<String> argv = new ArrayList<>(List.of("sh", "-c", script, "sh"));
        argv.addAll(List.of(values));
        return of(argv);
    }

    /**
     * A {@link #script} in which {@code as_root PROGRAM ARGUMENT...} runs one program with root's rights. Where it is to
     * run beside the script, {@code $root PROGRAM ARGUMENT... &} leaves no shell in between.
     */
    public static Command rootScript(String script, String... values) {
        Command command = script(script, values);
        return new Command(command.argv, Rights.ROOT_WITHIN, command.timeout, command.maxOutput, command.environment);
    }

    /** With root's rights, all of it; a script better asks for them by {@link #rootScript}. */
    public Command root() {
        return new Command(argv, Rights.ROOT, timeout, maxOutput, environment);
    }

    public Command timeout(Duration limit) {
        return new Command(argv, rights, limit, maxOutput, environment);
    }

    public Command maxOutput(int bytes) {
        return new Command(argv, rights, timeout, bytes, environment);
    }

    public Command environment(Map<String, String> variables) {
        return new Command(argv, rights, timeout, maxOutput, variables);
    }

    /**
     * What is run in the end.
     *
     * @param sudo whether root's rights must be asked for
     */
    List<String> vector(boolean sudo) {
        List<String> vector = new ArrayList<>(argv);
        if (rights == Rights.ROOT_WITHIN) {
            vector.set(2, "root='" + (sudo ? "sudo -n --" : "") + "'; as_root() { $root \"$@\"; }; " + argv.get(2));
        } else if (rights == Rights.ROOT && sudo) {
            vector.addAll(0, List.of("sudo", "-n", "--"));
        }
        return vector;
    }

    /** The command as a line for a POSIX shell. */
    public String line() {
        return ShellQuote.join(argv);
    }

    /** The line, shortened: scripts can be long and a message has to stay readable. */
    public String forMessage() {
        String line = line().replace('\n', ' ');
        return line.length() <= 200 ? line : line.substring(0, 197) + "...";
    }
}
