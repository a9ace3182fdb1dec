package dev.hil.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hil.kernel.KernelTree;
import dev.hil.kernel.Series;
import dev.hil.link.Command;
import dev.hil.link.LocalShell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A tree under a real git, in every state that the plan may meet it in. */
class TreeSurveyTest {
    private final Path folder;
    private final Path tree;

    TreeSurveyTest(@TempDir Path folder) throws IOException {
        this.folder = folder;
        this.tree = Files.createDirectories(folder.resolve("tree/drivers"))
                .resolve("..")
                .normalize();
    }

    @BeforeEach
    void make() throws IOException {
        Files.writeString(tree.resolve("drivers/a.c"), "1\n2\n3\n4\n5\n6\n7\n8\n9\n");
        Files.writeString(tree.resolve("drivers/b.c"), "b\n");
        git("init", "-q");
        git("add", "-A");
        commit("base");
    }

    private String git(String... arguments) {
        return new LocalShell(tree)
                .exec(Command.script("exec git -c user.name=x -c user.email=x@x \"$@\"", arguments))
                .orThrow()
                .stdout();
    }

    private void commit(String subject) {
        git("commit", "-q", "-a", "-m", subject);
    }

    /** A series of one patch that replaces text in a file; the tree is left as it was. */
    private Series patch(String name, String file, String from, String to) throws IOException {
        Path path = tree.resolve(file);
        String before = Files.exists(path) ? Files.readString(path) : "";
        Files.writeString(path, before.isEmpty() ? to : before.replace(from, to));
        git("add", "-f", "--intent-to-add", file);
        String diff = git("diff", "--", file);
        git("reset", "-q");
        if (before.isEmpty()) {
            Files.delete(path);
        } else {
            Files.writeString(path, before);
        }
        Path series = Files.createDirectories(folder.resolve("series-" + name));
        Files.writeString(series.resolve(name), diff);
        Files.writeString(series.resolve("series"), name + "\n");
        return Series.read(series);
    }

    private void apply(Series series) {
        git("apply", series.entries().get(0).file().toString());
    }

    private TreeSurvey survey(List<Series> present, List<Series> absent, Series next) {
        return TreeSurvey.of(
                new LocalShell(), new KernelTree(new LocalShell(), tree.toString()), present, absent, next);
    }

    @Test
    void expectedPatchesExplainWhatIsModifiedAndNothingIsWritten() throws IOException {
        Series iter3 = patch("iter3.patch", "drivers/a.c", "2", "two");
        Series reverted = patch("v1.patch", "drivers/b.c", "b", "wrong");
        Series next = patch("0004.patch", "drivers/a.c", "8", "eight");
        apply(iter3);
        String objects = git("count-objects");
        String status = git("status", "--porcelain");

        TreeSurvey survey = survey(List.of(iter3), List.of(reverted), next);

        assertThat(survey.findings()).isEmpty();
        assertThat(survey.modified()).containsExactly("drivers/a.c");
        assertThat(survey.commit()).endsWith(" base");
        assertThat(git("count-objects")).isEqualTo(objects);
        assertThat(git("status", "--porcelain")).isEqualTo(status);
    }

    @Test
    void anExpectedPatchMayBeCommitted() throws IOException {
        Series iter3 = patch("iter3.patch", "drivers/a.c", "2", "two");
        Series next = patch("0004.patch", "drivers/a.c", "8", "eight");
        apply(iter3);
        commit("iter3");

        assertThat(survey(List.of(iter3), List.of(), next).findings()).isEmpty();
    }

    @Test
    void aMissingPatchIsNamed() throws IOException {
        Series iter3 = patch("iter3.patch", "drivers/a.c", "2", "two");

        assertThat(survey(List.of(iter3), List.of(), patch("0004.patch", "drivers/b.c", "b", "c"))
                        .findings())
                .singleElement()
                .asString()
                .startsWith("iter3.patch should be in the tree, and is not");
    }

    @Test
    void aRevertedPatchThatIsStillThereIsNamed() throws IOException {
        Series reverted = patch("v1.patch", "drivers/b.c", "b", "wrong");
        Series next = patch("0004.patch", "drivers/a.c", "8", "eight");
        apply(reverted);
        commit("the first attempt");

        assertThat(survey(List.of(), List.of(reverted), next).findings())
                .singleElement()
                .asString()
                .startsWith("v1.patch should not be in the tree, and is: git apply -R ");
    }

    @Test
    void aRevertedPatchOfWhichAPartMayBeThereIsNotTakenForAbsent() throws IOException {
        Series reverted = patch("v1.patch", "drivers/b.c", "b", "wrong");
        Series next = patch("0004.patch", "drivers/a.c", "8", "eight");
        Files.writeString(tree.resolve("drivers/b.c"), "half wrong\n");
        commit("something else");

        assertThat(survey(List.of(), List.of(reverted), next).findings())
                .singleElement()
                .asString()
                .startsWith("v1.patch can neither be applied nor taken out");
    }

    @Test
    void whatNoPatchExplainsIsNamed() throws IOException {
        Series iter3 = patch("iter3.patch", "drivers/a.c", "2", "two");
        Series next = patch("0004.patch", "drivers/a.c", "8", "eight");
        apply(iter3);
        Files.writeString(tree.resolve("drivers/a.c"), "printk\n", java.nio.file.StandardOpenOption.APPEND);
        Files.writeString(tree.resolve("drivers/new.c"), "new\n");
        Files.delete(tree.resolve("drivers/b.c"));

        assertThat(survey(List.of(iter3), List.of(), next).findings())
                .singleElement()
                .asString()
                .startsWith(
                        "3 files differ from the commit by no patch that is expected: drivers/a.c, drivers/b.c, drivers/new.c");
    }

    /** As that of Debian's kernel package. */
    @Test
    void newFilesAreSeenThoughGitIgnoresEverything() throws IOException {
        Files.writeString(tree.resolve(".gitignore"), "/*\n");
        git("add", "-f", ".gitignore");
        commit("ignore");
        Series next = patch("0004.patch", "drivers/a.c", "8", "eight");
        Files.writeString(tree.resolve("drivers/left.c"), "left over\n");
        Files.writeString(tree.resolve("drivers/left.o"), "object\n");

        assertThat(survey(List.of(), List.of(), next).modified()).containsExactly("drivers/left.c");
    }

    @Test
    void aSeriesThatDoesNotApplyIsKnownBeforeTheFirstBuild() throws IOException {
        Series next = patch("0004.patch", "drivers/a.c", "8", "eight");
        apply(next);
        commit("applied by hand");

        assertThat(survey(List.of(), List.of(), next).findings())
                .singleElement()
                .asString()
                .isEqualTo(
                        "0004.patch of the series does not apply to the tree with those before it: it is in the tree already");
    }
}
