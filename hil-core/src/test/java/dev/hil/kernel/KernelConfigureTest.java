package dev.hil.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.hil.board.BoardDefinition;
import dev.hil.board.BuildPlace;
import dev.hil.link.LocalShell;
import dev.hil.link.LocalSshServer;
import dev.hil.link.Shell;
import dev.hil.link.SshShell;
import dev.hil.record.Evidence;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A build on a board that has tree and toolchain ({@code where = "board"}): everything goes through a real ssh server. The
 * tree is one of a kernel as far as make and scripts/config go.
 */
@Timeout(60)
class KernelConfigureTest {
    private final Path tree;
    private final LocalSshServer server;
    private final SshShell ssh;
    private final Evidence evidence;

    KernelConfigureTest(@TempDir Path folder) throws IOException {
        this.server = new LocalSshServer(Files.createDirectory(folder.resolve("ssh")));
        this.ssh = new SshShell(server.target(), false);
        this.evidence = Evidence.start(
                folder.resolve("home"),
                "board",
                new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8));
        this.tree = Files.createDirectory(folder.resolve("tree"));
        new LocalShell(tree).exec("git", "init", "-q").orThrow();
        Files.createDirectories(tree.resolve("scripts"));
        Path config = Files.writeString(tree.resolve("scripts/config"), """
                #!/bin/sh
                [ "$1" = --file ] || exit 1
                f=$2; shift 2
                while [ $# -gt 0 ]; do
                    sed -i "/CONFIG_$2[= ]/d" "$f"
                    case $1 in
                    --enable) echo "CONFIG_$2=y" >>"$f"; shift 2 ;;
                    --module) echo "CONFIG_$2=m" >>"$f"; shift 2 ;;
                    --disable) echo "# CONFIG_$2 is not set" >>"$f"; shift 2 ;;
                    --set-str) echo "CONFIG_$2=\\"$3\\"" >>"$f"; shift 3 ;;
                    --set-val) echo "CONFIG_$2=$3" >>"$f"; shift 3 ;;
                    *) exit 2 ;;
                    esac
                done
                """);
        assertThat(config.toFile().setExecutable(true)).isTrue();
        Files.writeString(tree.resolve(".config"), "CONFIG_OLD=y\n");
        // As Kconfig does: what has an unmet dependency goes, what another option selects stays.
        Files.writeString(tree.resolve("Makefile"), """
                olddefconfig:
                	sed -i '/CONFIG_UNMET[= ]/d; s/^# CONFIG_SELECTED is not set/CONFIG_SELECTED=y/' .config
                kernelrelease:
                	@echo 6.1.0$(LOCALVERSION)
                Image:
                	mkdir -p arch/$(ARCH)/boot
                	echo "$(KBUILD_BUILD_VERSION)" >arch/$(ARCH)/boot/Image
                """);
    }

    @AfterEach
    void close() throws IOException {
        ssh.close();
        server.close();
    }

    private KernelBuild build(Shell shell) {
        BoardDefinition.Kernel definition = new BoardDefinition.Kernel(
                tree.toString(),
                Optional.empty(),
                BuildPlace.BOARD,
                List.of("ARCH=arm64", "LOCALVERSION=-one"),
                Map.of(),
                tree,
                BoardDefinition.Test.DEFAULT);
        return new KernelBuild(shell, new KernelTree(shell, definition.tree()), definition, evidence);
    }

    @Test
    void eachOptionIsSetAndHeldAgainstWhatCameOut() {
        KernelConfig config =
                build(ssh).configure(Map.of("A", "y", "B", "m", "OLD", "n", "NAME", "-lockdep", "SIZE", "12"), "log");

        assertThat(config.values())
                .containsEntry("A", "y")
                .containsEntry("B", "m")
                .containsEntry("NAME", "-lockdep");
        assertThat(config.get("OLD")).isEqualTo("n");
        assertThat(config.get("SIZE")).isEqualTo("12");
    }

    @Test
    void anOptionThatDidNotTakeIsNamedWithWhatWasWantedAndGot() {
        assertThatExceptionOfType(BuildException.class)
                .isThrownBy(() -> build(ssh).configure(Map.of("A", "y", "UNMET", "y", "SELECTED", "n"), "log"))
                .withMessageContaining("did not take: SELECTED: wanted n, got y; UNMET: wanted y, got n. Kconfig");
    }

    @Test
    void theLastArgumentOfANameCountsAndTheImageIsFound() throws IOException {
        KernelBuild build = build(ssh).with("LOCALVERSION=-two", "KBUILD_BUILD_VERSION=hil.0badcafe");

        build.kernel(List.of("Image"), "log");

        assertThat(build.release()).isEqualTo("6.1.0-two");
        assertThat(Files.readString(Path.of(build.image("Image", Optional.empty()))))
                .isEqualTo("hil.0badcafe\n");
        assertThatExceptionOfType(BuildException.class)
                .isThrownBy(() -> build.image("Image.gz", Optional.empty()))
                .withMessageContaining("has left no ");
    }

    @Test
    void aTreeWithoutConfigurationIsTold() throws IOException {
        Files.delete(tree.resolve(".config"));

        assertThatExceptionOfType(BuildException.class)
                .isThrownBy(() -> build(ssh).config())
                .withMessageStartingWith("there is no kernel configuration ")
                .withMessageContaining("Configure the tree first");
    }
}
