package dev.hil.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.hil.board.BoardDefinition;
import dev.hil.board.BuildPlace;
import dev.hil.link.Command;
import dev.hil.link.ExecResult;
import dev.hil.link.LocalShell;
import dev.hil.link.Shell;
import dev.hil.record.Evidence;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A build host whose programs say what they like: it may be the board itself. */
@Timeout(60)
class KernelBuildTest {
    private static final String SECRET = "hunter2-of-the-build";

    private final Path folder;
    private final Path bin;
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

    KernelBuildTest(@TempDir Path folder) throws IOException {
        this.folder = folder;
        this.bin = Files.createDirectory(folder.resolve("bin"));
        Path tree = Files.createDirectory(folder.resolve("tree"));
        new LocalShell(tree).exec("git", "init", "-q").orThrow();
        tool("nproc", "echo 2");
        tool("make", ":");
    }

    @BeforeEach
    void limitEvidence() {
        System.setProperty("hil.evidence.limit", "1M");
    }

    @AfterEach
    void forget() {
        System.clearProperty("hil.evidence.limit");
    }

    private void tool(String name, String script) throws IOException {
        Path file = bin.resolve(name);
        Files.writeString(file, "#!/bin/sh\n" + script + "\n");
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }

    /** This host, but with programs of its own. */
    private final class Host implements Shell {
        private final Shell real = new LocalShell();

        @Override
        public String name() {
            return "buildhost";
        }

        private Command led(Command command) {
            List<String> argv = new ArrayList<>(command.argv());
            Path own = bin.resolve(argv.get(0));
            if (Files.exists(own)) {
                argv.set(0, own.toString());
            }
            return Command.of(argv).timeout(command.timeout()).environment(command.environment());
        }

        @Override
        public ExecResult run(Command command, InputStream stdin, OutputStream stdout) {
            return real.run(led(command), stdin, stdout);
        }

        @Override
        public Stream stream(Command command, Consumer<byte[]> sink) {
            return real.stream(led(command), sink);
        }
    }

    private KernelBuild build() {
        Evidence evidence =
                Evidence.start(folder.resolve("home"), "board", new PrintStream(printed, true, StandardCharsets.UTF_8));
        BoardDefinition.Kernel definition = new BoardDefinition.Kernel(
                folder.resolve("tree").toString(),
                Optional.empty(),
                BuildPlace.HOST,
                List.of(),
                Map.of("TOKEN", SECRET),
                folder.resolve("series"),
                BoardDefinition.Test.DEFAULT);
        Shell host = new Host();
        return new KernelBuild(host, new KernelTree(host, definition.tree()), definition, evidence);
    }

    private static BuildException refused(ThrowingCallable call) {
        BuildException thrown = catchThrowableOfType(BuildException.class, call);
        assertThat(thrown).as("an error").isNotNull();
        assertThat(String.valueOf(thrown.getMessage())
                        .chars()
                        .filter(c -> Character.isISOControl(c) && c != '\n' && c != '\t'))
                .as("control characters in %s", thrown.getMessage())
                .isEmpty();
        assertThat(thrown.getMessage()).hasSizeLessThan(2500).doesNotContain(SECRET);
        return thrown;
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "many", "-1", "0", "99999999999999999999", "2; reboot", "\\033[2J2", "2\\n3"})
    void aNumberOfProcessorsThatIsNoneIsSaidToBe(String answer) throws IOException {
        tool("nproc", "printf %b '" + answer + "'");

        assertThat(refused(() -> build().modules("drivers", "build.log")))
                .hasMessageContaining("nproc on buildhost should be a number of processors, and is \"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "../../etc", "6.1/../..", "6.1 evil", ".", "..", "\\033[2J", "$(reboot)"})
    void aReleaseThatIsNoneIsSaidToBe(String release) throws IOException {
        tool("make", "printf %b '" + release + "'");

        assertThat(refused(() -> build().release())).hasMessageContaining("should say a release, and says \"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"m\nlib/x.ko", "$(reboot).ko", "a b.ko", "m\u001b[2J.ko", "-rf ~.ko", "m.ko.sh x"})
    void aModuleWithANameThatNoModuleHasIsNotInstalled(String name) throws IOException {
        Path stage = Files.createDirectories(folder.resolve("stage/lib"));
        Files.createDirectories(stage.resolve(name).getParent());
        Files.writeString(stage.resolve(name), "module");

        assertThat(refused(
                        () -> build().stage("drivers", folder.resolve("stage").toString(), "build.log")))
                .hasMessageContaining("which is no name of a module");
    }

    @Test
    void whatMakeLeavesBesideModulesIsNoModule() throws IOException {
        Path stage = Files.createDirectories(folder.resolve("stage/lib/modules/6.1/kernel/drivers"));
        Files.writeString(stage.resolve("m.ko"), "module");
        Files.writeString(stage.resolve("n-2.ko.xz"), "module");
        Files.writeString(stage.resolve(".m.ko.cmd"), "make's");

        assertThat(build().stage("drivers", folder.resolve("stage").toString(), "build.log"))
                .containsExactlyInAnyOrder(
                        "lib/modules/6.1/kernel/drivers/m.ko", "lib/modules/6.1/kernel/drivers/n-2.ko.xz");
    }

    @Test
    void endlessOutputOfMakeEndsAtTheLimitAndThatIsSaid() throws IOException {
        tool("make", "head -c 30000000 /dev/zero | tr '\\0' x; echo 'that was all' >&2; exit 2");
        KernelBuild build = build();

        assertThat(refused(() -> build.modules("drivers", "build.log"))).hasMessageContaining("that was all");

        try (java.util.stream.Stream<Path> files = Files.walk(folder.resolve("home"))) {
            Path log =
                    files.filter(file -> file.endsWith("build.log")).findFirst().orElseThrow();
            assertThat(log)
                    .content()
                    .hasSizeLessThan((1 << 20) + 200)
                    .contains("[hil: this file ends here, at the run's limit of 1 MiB for all its evidence");
            assertThat(log.resolveSibling("index.json")).content().contains("\"cut off: build.log\"");
        }
        assertThat(printed.toString(StandardCharsets.UTF_8))
                .contains("evidence: build.log ends here, at the run's limit of 1 MiB")
                .doesNotContain(SECRET);
    }
}
