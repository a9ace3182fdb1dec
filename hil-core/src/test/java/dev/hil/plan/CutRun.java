package dev.hil.plan;

import dev.hil.board.Board;
import dev.hil.board.BoardDefinitions;
import dev.hil.board.BoardFiles;
import dev.hil.board.BoardSession;
import dev.hil.board.Folders;
import dev.hil.boot.ExtlinuxMenu;
import dev.hil.link.Command;
import dev.hil.record.Evidence;
import dev.hil.record.Undo;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * A run that does to a board all that the project does to one: a bisect step, and beside it each kind of change that a
 * whole kernel takes. To be killed at any point of it.
 */
public final class CutRun {
    /** What its last line is. */
    public static final String ENDED = "hil-ended";

    /** A folder that the test has put on the board, and that the run changes. */
    public static final String OLD_TREE = "/lib/modules/hil-before";

    private static final String NEW_TREE = "/lib/modules/hil-new";
    private static final String NEW_FILE = "/boot/Image-hil-new";

    private CutRun() {}

    /**
     * Runs.
     *
     * @param args the home, and the board's name
     */
    public static void main(String[] args) {
        Evidence evidence = Evidence.start(Path.of(args[0]), args[1], System.out);
        try (BoardSession session = BoardSession.open(BoardDefinitions.find().get(args[1]), evidence)) {
            Board board = session.board();
            board.pstore().clear(board.pstore().read());
            board.reboot(board.definition().boot().test());
            installKernel(board);
            ModuleStep.of(board, "0001").run();
        }
        System.out.println(ENDED);
    }

    private static void installKernel(Board board) {
        BoardFiles files = board.files();
        Folders folders = files.folders();
        board.change("file " + NEW_FILE, new Undo.RemoveFile(Undo.Where.BOARD, NEW_FILE), () -> {
            files.copy(board.definition().boot().menu(), NEW_FILE);
            return NEW_FILE;
        });
        board.change("modules " + NEW_TREE, new Undo.RemoveTree(Undo.Where.BOARD, NEW_TREE), () -> {
            folders.copy(OLD_TREE, NEW_TREE);
            return NEW_TREE;
        });
        String backup = OLD_TREE + ".hil-backup";
        String sum = folders.sha256(OLD_TREE).orElseThrow();
        board.change("modules " + OLD_TREE, new Undo.RestoreTree(Undo.Where.BOARD, OLD_TREE, backup, sum), () -> {
            folders.copy(OLD_TREE, backup);
            board.exec(Command.script("echo changed > \"$1/kernel/m.ko\"; rm \"$1/modules.dep\"", OLD_TREE))
                    .orThrow();
            return OLD_TREE;
        });
        String path = board.definition().boot().menu();
        String text = new String(files.read(path), StandardCharsets.ISO_8859_1);
        String with = ExtlinuxMenu.parse(path, text)
                .withLabel("LABEL hil-new\n\tLINUX " + NEW_FILE + "\n")
                .text();
        board.change("label hil-new", new Undo.RemoveLabel(Undo.Where.BOARD, path, "hil-new", text), () -> {
            files.write(path, with.getBytes(StandardCharsets.ISO_8859_1));
            return path;
        });
    }
}
