package dev.hil.board;

import dev.hil.link.Command;
import dev.hil.link.InfrastructureException;
import java.nio.file.Path;
import java.util.Map;

/** A run in a process of its own that has secrets in its environment and does what runs do, what fails too. */
final class SecretiveRun {
    private SecretiveRun() {}

    /** Takes the fake board's folder, its port, and a secret that a command is to be given. */
    public static void main(String[] args) {
        LiveBoard board = FakeBoard.attach(Path.of(args[0]), Integer.parseInt(args[1]));
        BoardFacts.note(board.evidence(), board.shell(), board.boot());
        board.pstore().clear(board.pstore().read());
        board.files().write("/lib/modules/new.ko", new byte[] {1});
        try {
            board.exec(Command.of("false").environment(Map.of("HIL_TEST_TOKEN", args[2])))
                    .orThrow();
        } catch (InfrastructureException e) {
            board.evidence().event("failed", e.toString());
        }
        try {
            board.exec(Command.of("no-such-program")).orThrow();
        } catch (InfrastructureException e) {
            board.evidence().event("failed", e.toString());
        }
        board.giveBack();
        board.evidence().end("as it was");
        board.close();
        System.out.println("all done");
    }
}
