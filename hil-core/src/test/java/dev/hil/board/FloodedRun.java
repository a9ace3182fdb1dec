package dev.hil.board;

import dev.hil.link.Command;
import dev.hil.link.ExecResult;
import dev.hil.link.InfrastructureException;
import java.nio.file.Path;
import java.time.Duration;

/** What {@link HostileBoardTest} runs in a JVM of its own, with little memory. */
final class FloodedRun {
    private FloodedRun() {}

    /** Takes the fake board's folder and its port. */
    public static void main(String[] args) {
        LiveBoard board = FakeBoard.attach(Path.of(args[0]), Integer.parseInt(args[1]));
        ExecResult result = board.exec(Command.of("uname").timeout(Duration.ofMinutes(1)));
        require(result.exitCode() == 3, "exit code " + result.exitCode());
        require(result.droppedBytes() > 90_000_000, "dropped " + result.droppedBytes());
        try {
            board.pull("/boot/Image", 1_000_000);
            throw new IllegalStateException("a file of 100 MB was taken");
        } catch (InfrastructureException e) {
            require(String.valueOf(e.getMessage()).contains("more than the 1000000"), e.toString());
        }
        board.close();
        System.out.println("all done");
    }

    private static void require(boolean condition, String what) {
        if (!condition) {
            throw new IllegalStateException(what);
        }
    }
}
