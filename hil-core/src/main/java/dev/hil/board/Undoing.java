package dev.hil.board;

import dev.hil.link.Command;
import dev.hil.link.InfrastructureException;
import dev.hil.link.Shell;
import dev.hil.record.Undo;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Carries out undos. Each is checked afterwards, and may be carried out twice. */
final class Undoing {
    private final Supplier<BoardFiles> board;
    private final Supplier<Shell> buildHost;

    /** The suppliers are asked only when something is to be undone there: the machine may be away now. */
    Undoing(Supplier<BoardFiles> board, Supplier<Shell> buildHost) {
        this.board = board;
        this.buildHost = buildHost;
    }

    void carryOut(Undo undo) {
        if (undo instanceof Undo.RestoreText text) {
            files(text).write(text.path(), text.content().getBytes(StandardCharsets.ISO_8859_1));
        } else if (undo instanceof Undo.RestoreFile file) {
            files(file).restore(file.path(), file.backup(), file.sha256());
        } else if (undo instanceof Undo.RemoveFile file) {
            files(file).remove(file.path());
        } else if (undo instanceof Undo.ReversePatch patch) {
            reverse(patch);
        }
    }

    private BoardFiles files(Undo undo) {
        if (undo.where() != Undo.Where.BOARD) {
            throw new InfrastructureException("files are restored on the board only: " + undo.inWords());
        }
        return board.get();
    }

    private void reverse(Undo.ReversePatch patch) {
        Shell shell = buildHost.get();
        if (apply(shell, patch, "-R", "--check")) {
            apply(shell, patch, "-R");
        }
        if (!apply(shell, patch, "--check")) {
            throw new InfrastructureException(
                    "the tree %s holds neither all of %s nor nothing of it".formatted(patch.tree(), patch.patch()));
        }
    }

    private static boolean apply(Shell shell, Undo.ReversePatch patch, String... options) {
        List<String> argv = new ArrayList<>(List.of("git", "-C", patch.tree(), "apply", "-p" + patch.strip()));
        argv.addAll(List.of(options));
        argv.add("-");
        // The patch lies on this host, in the evidence folder, wherever the tree is.
        try (InputStream in = Files.newInputStream(Path.of(patch.patch()))) {
            return shell.exec(Command.of(argv).timeout(Duration.ofMinutes(2)), in)
                    .ok();
        } catch (IOException e) {
            throw new InfrastructureException("cannot read the kept patch %s: %s".formatted(patch.patch(), e), e);
        }
    }
}
