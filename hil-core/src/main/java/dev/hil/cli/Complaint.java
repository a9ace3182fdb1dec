package dev.hil.cli;

import dev.hil.link.InfrastructureException;

/** Says what went wrong: for people in a line with what to do; with {@code --debug} also where in the program. */
final class Complaint {
    private static volatile boolean debugging;

    private Complaint() {}

    /** From now on with the place in the program, or without. */
    static void debug(boolean wanted) {
        debugging = wanted;
    }

    /**
     * Prints it on standard error.
     *
     * @param command the command's name, without {@code hil}
     */
    static void print(String command, Throwable thrown) {
        // What hil itself says is made for people; what else is thrown would be a riddle without its kind.
        boolean ours = thrown instanceof InfrastructureException;
        System.err.printf(
                "hil %s: %s%s%n",
                command,
                ours ? thrown.getMessage() : thrown,
                ours || debugging
                        ? ""
                        : ". This is a fault of hil's: run it again with --debug and report what it says");
        if (debugging) {
            for (Throwable at = thrown; at != null; at = at.getCause()) {
                System.err.println(at);
                for (StackTraceElement element : at.getStackTrace()) {
                    System.err.println("    at " + element);
                }
            }
        }
    }
}
