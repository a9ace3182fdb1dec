package dev.hil.plan;

import dev.hil.board.Board;
import dev.hil.board.BoardDefinition.Smoke;
import dev.hil.link.Command;
import dev.hil.link.CommandException;
import dev.hil.link.Durations;
import dev.hil.link.ExecResult;
import dev.hil.link.Recording;
import dev.hil.record.Progress;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Runs the commands of a definition that exercise the kernel. A command that ends well but moved no frame has failed. */
public final class Smokes {
    private static final int MAX_OUTPUT = 8 << 20;

    private Smokes() {}

    /**
     * Runs one.
     *
     * @return how many frames it moved
     * @throws AssertionError where it fails, hangs, or moves fewer frames than the definition asks for
     */
    public static int run(Board board, String name) {
        Smoke smoke = board.definition().smoke(name);
        Command script = Command.script(smoke.command());
        Command command =
                (smoke.root() ? script.root() : script).timeout(smoke.timeout()).maxOutput(MAX_OUTPUT);
        ExecResult result;
        Progress.Phase phase =
                board.evidence().progress().begin("smoke", "smoke " + name, "smoke \"%s\"".formatted(name));
        try (phase) {
            phase.live(() ->
                    "at least %d frames are due within %s".formatted(smoke.frames(), Durations.text(smoke.timeout())));
            result = board.exec(command);
        } catch (CommandException e) {
            phase.failed();
            keep(board, name, e.result());
            throw new AssertionError("smoke %s hangs: %s".formatted(name, e.getMessage()), e);
        }
        keep(board, name, result);
        int frames = frames(smoke, result.stdout() + "\n" + result.stderr());
        if (!result.ok() || frames < smoke.frames()) {
            throw new AssertionError("smoke %s: exit code %d, %d frames of at least %d; it said last:%n%s"
                    .formatted(name, result.exitCode(), frames, smoke.frames(), tail(result)));
        }
        board.evidence()
                .event("smoke", "%s moved %d frames in %s".formatted(name, frames, Durations.text(result.took())));
        return frames;
    }

    static int frames(Smoke smoke, String output) {
        Matcher matcher = Pattern.compile(smoke.frame()).matcher(output);
        int matches = 0;
        int counter = 0;
        while (matcher.find()) {
            matches++;
            if (matcher.groupCount() > 0
                    && matcher.group(1) != null
                    && matcher.group(1).matches("\\d{1,9}")) {
                counter = Integer.parseInt(matcher.group(1));
            }
        }
        return matcher.groupCount() > 0 ? counter : matches;
    }

    private static void keep(Board board, String name, ExecResult result) {
        board.evidence()
                .append(
                        "smoke-" + name + ".log",
                        "$ %s%n%s%n%s%nexit code %d after %s%n%n"
                                .formatted(
                                        result.commandLine(),
                                        result.stdout(),
                                        result.stderr(),
                                        result.exitCode(),
                                        Durations.text(result.took())));
    }

    private static String tail(ExecResult result) {
        String said = (result.stdout() + "\n" + result.stderr()).strip();
        return Recording.clean(said.substring(Math.max(0, said.length() - 1500)));
    }
}
