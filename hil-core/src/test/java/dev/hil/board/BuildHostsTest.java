package dev.hil.board;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hil.link.Command;
import dev.hil.link.LocalShell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a container sees of this host. */
class BuildHostsTest {
    private final Path folder;

    BuildHostsTest(@TempDir Path folder) {
        this.folder = folder;
    }

    private static BoardDefinition.Kernel kernel(
            Path tree, Optional<String> build, Map<String, String> environment, BoardDefinition.Test test) {
        return new BoardDefinition.Kernel(
                tree.toString(), build, new BuildPlace.InContainer("x"), List.of(), environment, tree, test);
    }

    @Test
    void treeObjectsSeedCacheAndWhereModulesAreStagedAreSeen() throws IOException {
        Path cache = Files.createDirectory(folder.resolve("ccache"));

        List<Path> folders = BuildHosts.folders(kernel(
                folder.resolve("tree"),
                Optional.of("~/objects"),
                Map.of("CCACHE_DIR", cache.toString()),
                BoardDefinition.Test.DEFAULT.from("/seed")));

        assertThat(folders)
                .startsWith(
                        folder.resolve("tree"),
                        Path.of(System.getProperty("user.home"), "objects"),
                        Path.of("/seed"),
                        Path.of("/tmp"))
                .contains(cache)
                .doesNotHaveDuplicates();
    }

    @Test
    void theRepositoryOfAnAddedWorkTreeIsSeenToo() throws IOException {
        Path main = Files.createDirectory(folder.resolve("main"));
        Path added = folder.resolve("added");
        git(main, "init", "--quiet");
        git(main, "-c", "user.name=x", "-c", "user.email=x@y", "commit", "--quiet", "--allow-empty", "-m", "x");
        git(main, "worktree", "add", "--quiet", added.toString());

        assertThat(BuildHosts.folders(kernel(added, Optional.empty(), Map.of(), BoardDefinition.Test.DEFAULT)))
                .startsWith(added, main.resolve(".git"));
        assertThat(BuildHosts.folders(kernel(main, Optional.empty(), Map.of(), BoardDefinition.Test.DEFAULT)))
                .startsWith(main, Path.of("/tmp"));
    }

    private static void git(Path tree, String... argv) {
        List<String> whole = new java.util.ArrayList<>(List.of("git", "-C", tree.toString()));
        whole.addAll(List.of(argv));
        new LocalShell().exec(Command.of(whole)).orThrow();
    }
}
