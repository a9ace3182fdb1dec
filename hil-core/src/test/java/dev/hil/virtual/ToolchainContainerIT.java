package dev.hil.virtual;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hil.board.BoardDefinition;
import dev.hil.board.BoardDefinitions;
import dev.hil.board.BuildHosts;
import dev.hil.board.BuildPlace;
import dev.hil.engine.Engine;
import dev.hil.engine.NeedsEngine;
import dev.hil.kernel.KernelBuild;
import dev.hil.kernel.KernelConfig;
import dev.hil.kernel.KernelTree;
import dev.hil.link.ContainerShell;
import dev.hil.link.LocalShell;
import dev.hil.record.Evidence;
import dev.hil.record.Lease;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The emulated board's kernel, built by the compiler of an image. */
@NeedsEngine("toolchain")
@Timeout(900)
class ToolchainContainerIT {
    private final Path folder;
    private final Path recipe = BoardDefinitions.find().get("virtual").virtual().recipe();
    private final List<String> images = new ArrayList<>();
    private Evidence evidence;
    private PreparedBoard board;
    private Lease lease;
    private @Nullable ContainerShell shell;

    @SuppressWarnings("NullAway.Init")
    ToolchainContainerIT(@TempDir Path folder) {
        this.folder = folder;
    }

    @BeforeEach
    void begin() {
        evidence = Evidence.start(
                folder.resolve("home"), "virtual", new PrintStream(PrintStream.nullOutputStream(), true));
        board = Recipe.prepare(recipe, evidence);
        lease = Lease.take(
                board.path("kernel.lock"),
                "the kernel tree of the emulated board",
                "a build in a container",
                // A plan on the emulated board has it for minutes.
                Duration.ofMinutes(10));
    }

    @AfterEach
    void end() {
        if (shell != null) {
            shell.close();
        }
        if (lease != null) {
            lease.close();
        }
    }

    private ContainerShell shell() {
        return Objects.requireNonNull(shell);
    }

    private KernelBuild build(String objects) {
        BoardDefinition.Kernel kernel = new BoardDefinition.Kernel(
                board.text("kernel.tree"),
                Optional.of(objects),
                new BuildPlace.InContainer(Engine.image("toolchain")),
                board.list("kernel.make"),
                board.assignments("kernel.env"),
                folder,
                BoardDefinition.Test.DEFAULT);
        ContainerShell started = (ContainerShell) BuildHosts.of(Optional.of(kernel), new LocalShell(), images::add);
        shell = started;
        return new KernelBuild(started, new KernelTree(started, kernel.tree()), kernel, evidence);
    }

    @Test
    void aModuleIsBuiltForTheKernelThatTheHostHasBuilt() throws IOException {
        Path module = Files.createDirectory(folder.resolve("module"));
        for (String file : List.of("Kbuild", "hil_sabotage.c")) {
            Files.copy(recipe.resolveSibling("module").resolve(file), module.resolve(file));
        }
        Path hosts = Path.of(board.text("kernel.build"), ".config");
        String config = Files.readString(hosts);

        build(board.text("kernel.build")).modules(module.toString(), "module.log");

        Path built = module.resolve("hil_sabotage.ko");
        assertThat(built).isNotEmptyFile();
        assertThat(Files.getOwner(built)).isEqualTo(Files.getOwner(module));
        assertThat(shell().exec("modinfo", "-F", "vermagic", built.toString()).text())
                .startsWith(board.text("kernel.lockdep.release") + " ");
        assertThat(shell().exec("aarch64-linux-gnu-readelf", "-h", built.toString())
                        .text())
                .contains("AArch64");
        assertThat(hosts).content().isEqualTo(config);
        assertThat(images).singleElement().asString().startsWith("sha256:");
        assertThat(evidence.file("commands.jsonl")).content().contains("M=" + module);
    }

    @Test
    void aKernelIsConfiguredInAnObjectDirectoryOfItsOwn() throws IOException {
        Path objects = Files.createDirectory(folder.resolve("objects"));
        KernelBuild build = build(objects.toString());

        build.kernel(List.of("tinyconfig"), "tinyconfig.log");
        KernelConfig config = build.configure(Map.of("PRINTK", "y", "LOG_BUF_SHIFT", "16"), "configure.log");

        assertThat(config.isBuiltIn("PRINTK")).isTrue();
        assertThat(objects.resolve(".config")).content().contains("CONFIG_LOG_BUF_SHIFT=16\n", "CONFIG_ARM64=y\n");
        assertThat(Files.getOwner(objects.resolve(".config"))).isEqualTo(Files.getOwner(objects));
        assertThat(build.release()).endsWith("-lockdep");
        assertThat(shell().exec("hostname").text()).isEqualTo("hil");
    }
}
