package dev.hil.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.hil.klog.Finding;
import dev.hil.klog.KlogScanner;
import dev.hil.link.Command;
import dev.hil.link.ExecResult;
import dev.hil.link.LocalShell;
import dev.hil.plan.StackDecoder.Decoded;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The kernel's own script, where the emulated board has been prepared, on programs that are built for the test. */
class StackDecoderTest {
    private final LocalShell shell = new LocalShell();
    private final Path objects;
    private final Path source;
    private Path tree = Path.of("/no/tree");

    StackDecoderTest(@TempDir Path folder) throws IOException {
        this.objects = Files.createDirectories(folder.resolve("objects"));
        this.source = objects.resolve("vb2.c");
    }

    @BeforeEach
    void findTree() throws IOException {
        tree = kernelTree();
        assumeTrue(Files.isRegularFile(tree.resolve("scripts/decode_stacktrace.sh")), "no kernel tree was prepared");
        assumeTrue(shell.exec("sh", "-c", "command -v gcc addr2line nm bash").ok(), "no compiler");
    }

    private static Path kernelTree() throws IOException {
        Path cache = Path.of(System.getProperty("user.home"), ".cache", "hil", "virtual-board");
        if (!Files.isDirectory(cache)) {
            return cache;
        }
        try (Stream<Path> parts = Files.list(cache)) {
            return parts.filter(part -> String.valueOf(part.getFileName()).startsWith("source-"))
                    .map(part -> part.resolve("tree"))
                    .filter(Files::isDirectory)
                    .findFirst()
                    .orElse(cache);
        }
    }

    @Test
    void theModulesOfAReportAreNamedInItsOrder() {
        assertThat(StackDecoder.modules("""
                        at: vb2_buffer_publish_release_fence+0xd4/0x3e0 [videobuf2_common]
                        device_run+0x5c/0x5d0 [vicodec 0123456789abcdef]
                        lock_acquire+0x140/0x304
                        vb2_qbuf+0x4/0x30 [videobuf2_common]
                        evil+0x4/0x30 [../../x]
                        """)).containsExactly("videobuf2_common", "vicodec");
    }

    private void build(String file, String text, String... options) throws IOException {
        Files.writeString(source, text);
        ExecResult result = shell.exec(Command.script(
                "o=$1; s=$2; shift 2; exec gcc -O0 -nostdlib -no-pie -Wl,-e,vb2_queue \"$@\" -o \"$o\" \"$s\"",
                Stream.concat(Stream.of(objects.resolve(file).toString(), source.toString()), Stream.of(options))
                        .toArray(String[]::new)));
        result.orThrow();
    }

    private static final String SOURCE = """
            static int publish_fence(int n)
            {
                return n + 1;
            }
            int vb2_queue(int n)
            {
                return publish_fence(n);
            }
            """;

    private StackDecoder decoder() {
        return new StackDecoder(shell, tree.toString(), objects.toString(), List.of("ARCH=x86"));
    }

    @Test
    void framesGetTheirFileAndLine() throws IOException {
        build("vmlinux", SOURCE, "-g");

        Decoded decoded = decoder().decode("""
                which lock already depends on the new lock.
                 publish_fence+0x4/0x10
                 vb2_queue+0x4/0x20
                at: vb2_queue+0x4/0x20
                """);

        assertThat(decoded.frames()).isEqualTo(2);
        assertThat(decoded.placed()).as(decoded.why()).isEqualTo(2);
        assertThat(decoded.why()).isEmpty();
        assertThat(decoded.text())
                .startsWith("which lock already depends on the new lock.\n")
                .containsPattern(" publish_fence\\+0x4/0x10 \\(\\S*vb2\\.c:[1-3]\\)\n")
                .containsPattern("at: vb2_queue\\+0x4/0x20 \\(\\S*vb2\\.c:[5-7]\\)\n");
    }

    @Test
    void framesOfAModuleAreLookedForInTheModule() throws IOException {
        build("vmlinux", SOURCE, "-g");
        build(
                "my-codec.ko",
                SOURCE.replace("vb2_queue", "codec_run").replace("publish", "codec"),
                "-g",
                "-Wl,-e,codec_run");

        Decoded decoded = decoder().decode(" codec_run+0x4/0x20 [my_codec]\n nowhere+0x1/0x2 [gone]\n");

        assertThat(decoded.text()).containsPattern("codec_run\\+0x4/0x20 \\[my_codec\\] \\(\\S*vb2\\.c:[5-7]\\)");
        assertThat(decoded.placed()).isEqualTo(1);
        assertThat(decoded.why()).startsWith("no place for nowhere+0x1/0x2 [gone]: ");
    }

    @Test
    void aKernelWithoutDebugInformationIsSaidToBeOne() throws IOException {
        build("vmlinux", SOURCE);

        Decoded decoded = decoder().decode(" vb2_queue+0x4/0x20\n");

        assertThat(decoded.placed()).isZero();
        assertThat(decoded.text()).isEqualTo(" vb2_queue+0x4/0x20\n");
        assertThat(decoded.why()).contains("DEBUG_INFO");
    }

    @Test
    void aKernelThatIsNotThereIsSaidToBeMissing() {
        assertThat(decoder().decode(" vb2_queue+0x4/0x20\n").why())
                .contains("no such file: ")
                .contains("vmlinux");
    }

    /** Bash evaluates what stands between + and / as arithmetic, which can run programs. */
    @Test
    void aBoardsWordsAreNoProgram() throws IOException {
        build("vmlinux", SOURCE, "-g");
        Path proof = objects.resolve("ran");
        String attack = " vb2_queue+0x4+a[$(touch %s)]/0x20\n vb2_queue\"){system(\"touch %s\")}#+0x4/0x20\n"
                .formatted(proof, proof);

        Decoded decoded = decoder().decode(attack);

        assertThat(decoded.text()).isEqualTo(attack);
        assertThat(proof).doesNotExist();
    }

    /** A report that the emulated board really made: its frames are found; this kernel has none of them. */
    @Test
    void theFramesOfARealReportAreFound() throws IOException {
        build("vmlinux", SOURCE, "-g");
        Finding splat;
        try (InputStream log = Files.newInputStream(Path.of("../fixtures/klog/virtual/dma-fence.console"))) {
            splat = KlogScanner.scan(log).findings().get(0);
        }

        Decoded decoded = decoder().decode(String.join("\n", splat.lines()));

        assertThat(decoded.frames()).isGreaterThan(15);
        assertThat(decoded.placed()).isZero();
        assertThat(decoded.text()).contains("fs_reclaim_acquire+0x70/0xa4");
    }
}
