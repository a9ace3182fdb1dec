package dev.hil.link;

/** A command ended with a failure code, or did not end in time. Carries what it had said until then. */
public final class CommandException extends InfrastructureException {
    private static final long serialVersionUID = 1L;

    private final transient ExecResult result;
    private final boolean timedOut;

    CommandException(String message, ExecResult result, boolean timedOut) {
        super(message);
        this.result = result;
        this.timedOut = timedOut;
    }

    static CommandException failed(String machine, ExecResult result) {
        return new CommandException(
                "%s: `%s` ended with exit code %d%s"
                        .formatted(machine, result.commandLine(), result.exitCode(), result.tailForMessage()),
                result,
                false);
    }

    static CommandException timedOut(String machine, Command command, ExecResult partial) {
        return new CommandException(
                "%s: `%s` was still running after its time limit of %s and was ended%s"
                        .formatted(
                                machine,
                                command.forMessage(),
                                Durations.text(command.timeout()),
                                partial.tailForMessage()),
                partial,
                true);
    }

    /** What the command had printed; the exit code is -1 where it was ended by its time limit. */
    public ExecResult result() {
        return result;
    }

    public boolean isTimeout() {
        return timedOut;
    }
}
