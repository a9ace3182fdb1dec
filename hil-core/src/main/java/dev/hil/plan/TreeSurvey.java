package dev.hil.plan;

import dev.hil.board.Board;
import dev.hil.board.BoardDefinition;
import dev.hil.kernel.KernelTree;
import dev.hil.kernel.Series;
import dev.hil.kernel.SeriesEntry;
import dev.hil.link.Command;
import dev.hil.link.ExecResult;
import dev.hil.link.InfrastructureException;
import dev.hil.link.Recording;
import dev.hil.link.Shell;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Step 0.5 of an iter6-style plan: whether a kernel tree is in the state that the plan begins from. git answers that, on
 * a copy of its index and with an object store of its own, so that nothing of the tree or its repository is written.
 *
 * @param commit what is checked out
 * @param findings what is not as expected, each with what to do; none for a tree that is as it should be
 * @param modified the files that differ from the commit
 */
public record TreeSurvey(String commit, List<String> findings, List<String> modified) {
    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final int MOST_FILES = 2 << 20;
    private static final int SHOWN = 10;

    /** The user's index keeps the times of all files, so that git need not read the 80,000 that are as they were. */
    private static final String BEGIN = "t=$(mktemp -d -t hil-tree-XXXXXX) && mkdir \"$t/objects\" && g=$(git -C \"$1\""
            + " rev-parse --absolute-git-dir) && cp \"$g/index\" \"$t/index\" && printf '%s\\n%s\\n' \"$t\""
            + " \"$(git -C \"$1\" rev-parse --path-format=absolute --git-path objects)\"";

    /**
     * New files of a kind that is source. A .gitignore that hides those too, as that of Debian's kernel package does, is
     * not asked; a tree that is built in place and has such a one shows what its build made.
     */
    private static final String NEW_FILES =
            "cd \"$1\" && if git check-ignore -q --no-index drivers/hil-probe.c; then e=;"
                    + " else e=--exclude-standard; fi; git ls-files --others $e -- '*.c' '*.h' '*.S' '*.rs' '*.dts' '*.dtsi'"
                    + " '*.dtso' '*Kconfig*' '*Makefile' '*Kbuild' ':!include/generated' ':!include/config' ':!arch/*/include/generated'"
                    + " ':!*.mod.c'";

    public TreeSurvey {
        findings = List.copyOf(findings);
        modified = List.copyOf(modified);
    }

    /**
     * Looks at the board's kernel tree, against {@code [preflight]} and the series that the plan applies.
     *
     * @throws InfrastructureException where git cannot tell
     */
    public static TreeSurvey of(Board board) {
        BoardDefinition.Kernel kernel = board.claimKernel();
        KernelTree tree = new KernelTree(board.buildHost(), kernel.tree());
        return of(
                board.buildHost(),
                tree,
                board.definition().preflight().present().stream()
                        .map(Series::read)
                        .toList(),
                board.definition().preflight().absent().stream()
                        .map(Series::read)
                        .toList(),
                Series.read(kernel.series()));
    }

    /**
     * Looks at a tree.
     *
     * @param present series whose patches it must hold
     * @param absent series of which it must hold none
     * @param next the series that is to be applied
     */
    static TreeSurvey of(Shell shell, KernelTree tree, List<Series> present, List<Series> absent, Series next) {
        List<String> begun = shell.exec(Command.script(BEGIN, tree.path()).timeout(LIMIT))
                .orThrow()
                .text()
                .lines()
                .toList();
        String folder = begun.get(0);
        Git git = new Git(
                shell,
                tree.path(),
                Map.of(
                        "GIT_INDEX_FILE", folder + "/index",
                        "GIT_OBJECT_DIRECTORY", folder + "/objects",
                        "GIT_ALTERNATE_OBJECT_DIRECTORIES", begun.get(1)));
        try {
            return new Look(git).look(tree.commit(), present, absent, next);
        } finally {
            shell.exec(Command.of("rm", "-rf", "--", folder)).orThrow();
        }
    }

    /** git on a tree, with an index and objects of its own. */
    private record Git(Shell shell, String tree, Map<String, String> environment) {
        ExecResult run(List<String> arguments, byte[] input) {
            List<String> argv = new ArrayList<>(List.of("git", "-C", tree));
            argv.addAll(arguments);
            return shell.exec(
                    Command.of(argv).environment(environment).timeout(LIMIT).maxOutput(MOST_FILES),
                    new ByteArrayInputStream(input));
        }

        String ask(String... arguments) {
            return run(List.of(arguments), new byte[0]).orThrow().text();
        }

        boolean apply(SeriesEntry patch, String... options) {
            List<String> argv =
                    new ArrayList<>(List.of("apply", "--cached", "--whitespace=nowarn", "-p" + patch.strip()));
            argv.addAll(List.of(options));
            try {
                return run(argv, Files.readAllBytes(patch.file())).ok();
            } catch (IOException e) {
                throw new InfrastructureException("cannot read the patch %s: %s".formatted(patch.file(), e), e);
            }
        }

        Set<String> differing(String... between) {
            List<String> argv = new ArrayList<>(List.of("diff", "--cached", "--name-only", "-z"));
            argv.addAll(List.of(between));
            Set<String> files =
                    new TreeSet<>(List.of(ask(argv.toArray(String[]::new)).split("\0", -1)));
            files.remove("");
            return files;
        }
    }

    private static final class Look {
        private final Git git;
        private final List<String> findings = new ArrayList<>();

        Look(Git git) {
            this.git = git;
        }

        TreeSurvey look(String commit, List<Series> present, List<Series> absent, Series next) {
            git.ask("add", "--update");
            List<String> fresh = git.shell()
                    .exec(Command.script(NEW_FILES, git.tree()).timeout(LIMIT).maxOutput(MOST_FILES))
                    .orThrow()
                    .text()
                    .lines()
                    .toList();
            if (!fresh.isEmpty()) {
                git.run(
                                List.of("update-index", "--add", "--stdin"),
                                String.join("\n", fresh).getBytes(java.nio.charset.StandardCharsets.UTF_8))
                        .orThrow();
            }
            String now = git.ask("write-tree");
            Set<String> modified = git.differing("HEAD");
            absent.forEach(series -> absent(now, series));
            next(now, next);
            // The last applied goes first; what is left over then is nobody's.
            for (int i = present.size() - 1; i >= 0; i--) {
                present(present.get(i));
            }
            Set<String> unexplained = git.differing("HEAD");
            unexplained.retainAll(modified);
            if (!unexplained.isEmpty()) {
                List<String> shown = unexplained.stream()
                        .limit(SHOWN)
                        .map(Recording::excerpt)
                        .toList();
                findings.add(
                        "%d files differ from the commit by no patch that is expected: %s%s. Commit them, name their patch in preflight.present, or put them back"
                                .formatted(
                                        unexplained.size(),
                                        String.join(", ", shown),
                                        unexplained.size() > SHOWN ? ", ..." : ""));
            }
            return new TreeSurvey(commit, findings, List.copyOf(modified));
        }

        private void present(Series series) {
            List<SeriesEntry> entries = series.entries();
            for (int i = entries.size() - 1; i >= 0; i--) {
                if (!git.apply(entries.get(i), "-R")) {
                    findings.add("%s should be in the tree, and is not, or not as it stands in %s"
                            .formatted(entries.get(i).name(), folder(entries.get(i))));
                }
            }
        }

        private void absent(String now, Series series) {
            for (SeriesEntry patch : series.entries()) {
                if (git.apply(patch, "-R", "--check")) {
                    findings.add("%s should not be in the tree, and is: git apply -R %s"
                            .formatted(patch.name(), patch.file()));
                } else if (!git.apply(patch)) {
                    findings.add(
                            "%s can neither be applied nor taken out, so whether some of it is in the tree cannot be told: look at %s"
                                    .formatted(patch.name(), folder(patch)));
                }
            }
            git.ask("read-tree", now);
        }

        /** A series is applied patch by patch later; that one of them does not apply is better known now. */
        private void next(String now, Series series) {
            for (SeriesEntry patch : series.entries()) {
                if (!git.apply(patch)) {
                    findings.add("%s of the series does not apply to the tree with those before it: %s"
                            .formatted(
                                    patch.name(),
                                    git.apply(patch, "-R", "--check")
                                            ? "it is in the tree already"
                                            : "look at " + patch.file()));
                    break;
                }
            }
            git.ask("read-tree", now);
        }

        private static Path folder(SeriesEntry patch) {
            Path folder = patch.file().getParent();
            return folder == null ? patch.file() : folder;
        }
    }
}
