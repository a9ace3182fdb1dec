package dev.hil.kernel;

import dev.hil.board.GitApply;
import dev.hil.link.Command;
import dev.hil.link.ExecResult;
import dev.hil.link.InfrastructureException;
import dev.hil.link.Recording;
import dev.hil.link.Shell;
import dev.hil.record.Undo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** A kernel source tree under git, on this host or on the board. Patches go in and out whole, or not at all. */
public final class KernelTree {
    private static final Duration LIMIT = Duration.ofMinutes(2);

    private final Shell shell;
    private final String path;

    /**
     * A tree.
     *
     * @param path may begin with {@code ~/}
     */
    public KernelTree(Shell shell, String path) {
        this.shell = shell;
        this.path = path.startsWith("~/")
                ? shell.exec(Command.script("printf %s \"$HOME\"")).orThrow().stdout() + path.substring(1)
                : path;
        ExecResult top = shell.exec(Command.of("git", "-C", this.path, "rev-parse", "--show-toplevel"));
        if (!top.ok()) {
            throw new BuildException("%s on %s is no git work tree, so a patch could not be taken out again safely: %s"
                    .formatted(this.path, shell.name(), Recording.excerpt(top.stderr())));
        }
        requireTop(top.text());
    }

    private void requireTop(String top) {
        String prefix = shell.exec(Command.of("git", "-C", path, "rev-parse", "--show-prefix"))
                .orThrow()
                .text();
        if (!prefix.isEmpty()) {
            throw new BuildException(
                    ("%s on %s lies inside the git work tree %s: git would pass over a patch's files outside of it. Name"
                                    + " the top of a work tree, or make one (git init)")
                            .formatted(path, shell.name(), Recording.excerpt(top)));
        }
    }

    /** The tree's absolute path. */
    public String path() {
        return path;
    }

    /** The commit that is checked out, and how it is called; for people. */
    public String commit() {
        ExecResult result = shell.exec(
                Command.of("git", "-C", path, "log", "-1", "--format=%H %s").timeout(LIMIT));
        return result.ok() ? result.text() : "no commit";
    }

    /** Files that differ from the last commit, one a line, as {@code git status --porcelain} prints them. */
    public List<String> modified() {
        return shell.exec(Command.of("git", "-C", path, "status", "--porcelain", "--untracked-files=no")
                        .timeout(LIMIT))
                .orThrow()
                .text()
                .lines()
                .toList();
    }

    /**
     * Makes sure that a patch would apply, without changing anything.
     *
     * @throws BuildException with git's words where it does not
     */
    public void check(SeriesEntry patch) {
        ExecResult result = apply(patch, "--check");
        if (!result.ok()) {
            boolean applied = apply(patch, "-R", "--check").ok();
            throw new BuildException("%s does not apply to %s on %s: %s%s"
                    .formatted(
                            patch.name(),
                            path,
                            shell.name(),
                            applied ? "it is applied already. " : "",
                            Recording.clean(result.stderr()).strip()));
        }
    }

    /** Applies a patch; {@link #check} first. */
    public void apply(SeriesEntry patch) {
        apply(patch, new String[0]).orThrow();
    }

    /** Takes a patch out again; where it was applied through the ledger, its undo does that. */
    public void revert(SeriesEntry patch) {
        apply(patch, "-R").orThrow();
    }

    private static byte[] read(SeriesEntry patch) {
        try {
            return Files.readAllBytes(patch.file());
        } catch (IOException e) {
            throw new InfrastructureException("cannot read the patch %s: %s".formatted(patch.file(), e), e);
        }
    }

    /**
     * How to take a patch out again. Keeps what it needs beside the copy of the patch: the files that the patch changes,
     * as they are now.
     *
     * @param keptCopy the patch in the evidence folder
     */
    public Undo undoOf(SeriesEntry patch, Path keptCopy) {
        return new Undo.ReversePatch(
                Undo.Where.BUILD_HOST,
                path,
                keptCopy.toString(),
                patch.strip(),
                new PatchedFiles(shell, path).keep(patch, keptCopy));
    }

    /** The directories of the tree in which a patch changes files. */
    public Set<String> directories(SeriesEntry patch) {
        return new PatchedFiles(shell, path)
                .paths(patch).stream()
                        .map(file -> file.contains("/") ? file.substring(0, file.lastIndexOf('/')) : ".")
                        .filter(directory -> !directory.startsWith("include"))
                        .collect(Collectors.toCollection(TreeSet::new));
    }

    private ExecResult apply(SeriesEntry patch, String... options) {
        return new GitApply(shell, path).run(read(patch), patch.strip(), options);
    }
}
