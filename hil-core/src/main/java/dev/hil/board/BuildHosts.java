package dev.hil.board;

import dev.hil.board.BuildPlace.InContainer;
import dev.hil.board.BuildPlace.OnBoard;
import dev.hil.link.ContainerShell;
import dev.hil.link.InfrastructureException;
import dev.hil.link.LocalShell;
import dev.hil.link.Shell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The machine on which a board's kernel is built. */
public final class BuildHosts {
    private static final String GIT_FOLDER = "gitdir: ";

    private BuildHosts() {}

    /**
     * A shell there.
     *
     * @param kernel what is to be built; without, this host
     * @param board the board's own
     * @param image told which image a container was started of
     */
    public static Shell of(Optional<BoardDefinition.Kernel> kernel, Shell board, Consumer<String> image) {
        if (kernel.isEmpty()) {
            return new LocalShell();
        }
        if (kernel.get().place() instanceof OnBoard) {
            return board;
        }
        if (kernel.get().place() instanceof InContainer container) {
            return new ContainerShell(container.image(), folders(kernel.get()), image);
        }
        return new LocalShell();
    }

    /** What a container must see of this host to build a kernel: all that a build on the host reads and writes. */
    static List<Path> folders(BoardDefinition.Kernel kernel) {
        Set<Path> folders = new LinkedHashSet<>();
        Path tree = absolute(kernel.tree());
        folders.add(tree);
        gitFolder(tree).ifPresent(folders::add);
        kernel.build().map(BuildHosts::absolute).ifPresent(folders::add);
        kernel.test().seed().map(BuildHosts::absolute).ifPresent(folders::add);
        // Modules are staged below /tmp, objects of a run below TMPDIR.
        folders.add(Path.of("/tmp"));
        there(System.getenv("TMPDIR")).ifPresent(folders::add);
        there(kernel.environment().getOrDefault("CCACHE_DIR", System.getenv("CCACHE_DIR")))
                .ifPresent(folders::add);
        Stream.of(".cache/ccache", ".ccache", ".gitconfig")
                .flatMap(name -> there("~/" + name).stream())
                .forEach(folders::add);
        return List.copyOf(folders);
    }

    private static Path absolute(String path) {
        String home = System.getProperty("user.home");
        return Path.of(path.startsWith("~/") ? home + path.substring(1) : path)
                .toAbsolutePath()
                .normalize();
    }

    private static Optional<Path> there(@Nullable String path) {
        return Optional.ofNullable(path)
                .filter(text -> !text.isBlank())
                .map(BuildHosts::absolute)
                .filter(Files::exists);
    }

    /** The repository of a work tree that was added to it (git worktree): it lies elsewhere, and a file says where. */
    private static Optional<Path> gitFolder(Path tree) {
        Path file = tree.resolve(".git");
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        try {
            String text = Files.readString(file).strip();
            if (!text.startsWith(GIT_FOLDER)) {
                return Optional.empty();
            }
            Path own = tree.resolve(text.substring(GIT_FOLDER.length())).normalize();
            Path common = own.resolve("commondir");
            return Optional.of(
                    Files.isRegularFile(common)
                            ? own.resolve(Files.readString(common).strip()).normalize()
                            : own);
        } catch (IOException e) {
            throw new InfrastructureException(
                    "cannot read %s, which says where the tree's repository is: %s".formatted(file, e), e);
        }
    }
}
