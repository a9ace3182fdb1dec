package dev.hil.link;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A command for a {@link Shell}: a vector of arguments, never a string that a shell would take apart.
 *
 * @param argv the program and its arguments
 * @param asRoot run with root's rights: as it is where the user is root, else by {@code sudo -n}
 * @param timeout after this time the command is ended and a {@link CommandException} thrown
 * @param maxOutput bytes kept of each of stdout and stderr; the rest is read, counted and dropped
 * @param environment variables set for the command, beside those that the machine sets
 */
public record Command(
        List<String> argv, boolean asRoot, Duration timeout, int maxOutput, Map<String, String> environment) {

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
        return new Command(argv, false, DEFAULT_TIMEOUT, DEFAULT_MAX_OUTPUT, Map.of());
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

    public Command root() {
        return new Command(argv, true, timeout, maxOutput, environment);
    }

    public Command timeout(Duration limit) {
        return new Command(argv, asRoot, limit, maxOutput, environment);
    }

    public Command maxOutput(int bytes) {
        return new Command(argv, asRoot, timeout, bytes, environment);
    }

    public Command environment(Map<String, String> variables) {
        return new Command(argv, asRoot, timeout, maxOutput, variables);
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
