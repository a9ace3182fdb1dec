package dev.hil.link;

import java.time.Duration;

/**
 * What a command did.
 *
 * @param machine where it ran, as the user names it
 * @param commandLine what ran, shortened for messages
 * @param exitCode the exit code; -1 where the command ended without one (by a signal, or cut off)
 * @param stdout its output, decoded as UTF-8 with replacement characters for other bytes
 * @param stderr its error output, likewise
 * @param droppedBytes bytes of output beyond the command's limit, not kept
 * @param cutOff whether something, such as a child left running, still held the output open after the command had ended
 *     and nothing more had come for two seconds; what it may write later is not here
 * @param took from sending the command to its end
 */
public record ExecResult(
        String machine,
        String commandLine,
        int exitCode,
        String stdout,
        String stderr,
        long droppedBytes,
        boolean cutOff,
        Duration took) {

    public boolean ok() {
        return exitCode == 0;
    }

    /** Standard output without its last line end. */
    public String text() {
        return stdout.stripTrailing();
    }

    /**
     * This result, if the command succeeded.
     *
     * @throws CommandException naming machine, command, exit code and the last of what it said
     */
    public ExecResult orThrow() {
        if (!ok()) {
            throw CommandException.failed(machine, this);
        }
        return this;
    }

    /** Cleaned: it comes from the machine, and goes to people's terminals. */
    String tailForMessage() {
        String raw = stderr.isBlank() ? stdout : stderr;
        String said = Recording.clean(raw.substring(Math.max(0, raw.length() - 10_000)))
                .strip();
        String more = cutOff ? " (something it left running still holds its output)" : "";
        if (said.isEmpty()) {
            return " and said nothing" + more;
        }
        return more + ": " + (said.length() <= 600 ? said : "..." + said.substring(said.length() - 597));
    }
}
