package dev.hil.board;

import dev.hil.link.Command;
import dev.hil.link.FileTransfer;
import dev.hil.link.InfrastructureException;
import dev.hil.link.Shell;
import dev.hil.record.Undo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Takes a patch out of a tree. git does that where the patch is in as a whole. A patch that went in or out half, since
 * the machine died meanwhile, is taken out file by file, but only where each file is known: as it was before, as the
 * whole patch makes it, or torn. What a person has edited is left alone.
 */
final class PatchReversal {
    private static final Duration LIMIT = Duration.ofMinutes(2);

    private final Shell shell;
    private final Undo.ReversePatch undo;

    PatchReversal(Shell shell, Undo.ReversePatch undo) {
        this.shell = shell;
        this.undo = undo;
    }

    void carryOut() {
        if (apply("-R", "--check")) {
            apply("-R");
        }
        if (!apply("--check")) {
            fileByFile();
        }
        if (!apply("--check")) {
            throw neither("after its files were put back it still does not apply");
        }
        // A tree that is written but not on the disk would hold the patch again after a loss of power.
        shell.exec(Command.of("sync").timeout(LIMIT)).orThrow();
    }

    private void fileByFile() {
        List<Undo.Touched> wrong = new ArrayList<>();
        for (Undo.Touched file : undo.touched()) {
            String now = sha256(file);
            if (now.equals(text(file.sha256()))) {
                continue;
            }
            boolean ours = now.equals(text(file.sha256After())) || now.isEmpty() || isEmpty(file);
            if (!ours) {
                throw neither(file.path() + " was edited by somebody else");
            }
            wrong.add(file);
        }
        if (wrong.isEmpty()) {
            throw neither("what it holds of the patch cannot be told");
        }
        wrong.forEach(this::restore);
    }

    private InfrastructureException neither(String why) {
        return new InfrastructureException(
                "the tree %s holds neither all of %s nor nothing of it: %s".formatted(undo.tree(), undo.patch(), why));
    }

    private static String text(@Nullable String sum) {
        return sum == null ? "" : sum;
    }

    private String place(Undo.Touched file) {
        return undo.tree() + "/" + file.path();
    }

    /** The checksum; empty where the file is not there. */
    private String sha256(Undo.Touched file) {
        return shell.exec(Command.script("[ ! -f \"$1\" ] || sha256sum < \"$1\"", place(file)))
                .orThrow()
                .text()
                .split(" ", 2)[0];
    }

    /** Created, but its content never came to the disk. */
    private boolean isEmpty(Undo.Touched file) {
        return shell.exec(Command.script("[ -f \"$1\" ] && [ ! -s \"$1\" ]", place(file)))
                .ok();
    }

    private void restore(Undo.Touched file) {
        String copy = file.copy();
        if (copy == null) {
            shell.exec(Command.of("rm", "-f", "--", place(file))).orThrow();
        } else {
            FileTransfer.push(shell, Path.of(copy), place(file), false);
        }
    }

    /** The patch lies on this host, in the evidence folder, wherever the tree is. */
    private boolean apply(String... options) {
        try {
            byte[] patch = Files.readAllBytes(Path.of(undo.patch()));
            return new GitApply(shell, undo.tree())
                    .run(patch, undo.strip(), options)
                    .ok();
        } catch (IOException e) {
            throw new InfrastructureException("cannot read the kept patch %s: %s".formatted(undo.patch(), e), e);
        }
    }
}
