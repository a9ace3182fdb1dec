package dev.hil.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.hil.link.LocalShell;
import dev.hil.link.Shell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KernelTreeTest {
    private static final String PATCH = """
            --- a/a.c
            +++ b/a.c
            @@ -1 +1 @@
            -one
            +ONE
            """;

    private final Path folder;
    private final Path top;
    private final Shell shell = new LocalShell();

    KernelTreeTest(@TempDir Path folder) throws IOException {
        this.folder = folder;
        this.top = Files.createDirectory(folder.resolve("my linux"));
        Files.writeString(top.resolve("a.c"), "one\n");
        git("init", "-q");
        git("add", "a.c");
        git("-c", "user.name=t", "-c", "user.email=t@example.com", "commit", "-q", "-m", "x");
    }

    private void git(String... arguments) {
        String[] argv = new String[arguments.length + 1];
        argv[0] = "git";
        System.arraycopy(arguments, 0, argv, 1, arguments.length);
        new LocalShell(top).exec(argv).orThrow();
    }

    private SeriesEntry patch(String text) throws IOException {
        return new SeriesEntry(
                "0001-x.patch", Files.writeString(folder.resolve("0001-x.patch"), text), 1, "", Map.of());
    }

    @Test
    void aPatchGoesInWhole() throws IOException {
        KernelTree tree = new KernelTree(shell, top.toString());
        assertThat(tree.modified()).isEmpty();

        tree.check(patch(PATCH));
        assertThat(top.resolve("a.c")).as("checking changes nothing").hasContent("one\n");
        tree.apply(patch(PATCH));

        assertThat(top.resolve("a.c")).hasContent("ONE\n");
        assertThat(tree.modified()).singleElement().asString().contains("a.c");
    }

    @Test
    void aPatchThatDoesNotApplyIsToldInGitsWords() throws IOException {
        KernelTree tree = new KernelTree(shell, top.toString());
        SeriesEntry wrong = patch(PATCH.replace("-one", "-uno"));

        assertThatExceptionOfType(BuildException.class)
                .isThrownBy(() -> tree.check(wrong))
                .withMessageContaining("0001-x.patch does not apply to " + top + " on this host: ")
                .withMessageContaining("a.c")
                .matches(e -> !String.valueOf(e.getMessage()).contains("already"));
    }

    @Test
    void aPatchThatIsInAlreadyIsSaidToBe() throws IOException {
        KernelTree tree = new KernelTree(shell, top.toString());
        tree.apply(patch(PATCH));

        assertThatExceptionOfType(BuildException.class)
                .isThrownBy(() -> tree.check(patch(PATCH)))
                .withMessageContaining("it is applied already");
    }

    @Test
    void whatIsNoGitTreeIsRefused() throws IOException {
        Path plain = Files.createDirectory(folder.resolve("plain"));

        assertThatExceptionOfType(BuildException.class)
                .isThrownBy(() -> new KernelTree(shell, plain.toString()))
                .withMessageContaining(plain + " on this host is no git work tree");
    }

    /** There git passes over paths outside of the folder: any patch would seem to apply. */
    @Test
    void aFolderInsideAnotherTreeIsRefused() throws IOException {
        Path inside = Files.createDirectory(top.resolve("unpacked"));

        assertThatExceptionOfType(BuildException.class)
                .isThrownBy(() -> new KernelTree(shell, inside.toString()))
                .withMessageContaining(inside + " on this host lies inside the git work tree " + top.toRealPath());
    }
}
