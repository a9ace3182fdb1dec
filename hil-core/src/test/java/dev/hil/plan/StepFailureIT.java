package dev.hil.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.hil.board.Board;
import dev.hil.board.BoardDefinition;
import dev.hil.board.BoardDefinitions;
import dev.hil.board.BoardSession;
import dev.hil.boot.ExtlinuxMenu;
import dev.hil.kernel.BuildException;
import dev.hil.link.Command;
import dev.hil.record.Evidence;
import dev.hil.record.Undo;
import dev.hil.virtual.VirtualBoards;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** What can go wrong with a step stops there, with a message of its own, and leaves the board on its safe label. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class StepFailureIT {
    private static final String VIM2M = "drivers/media/test-drivers/vim2m.c";

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    static Path folder;

    @SuppressWarnings("NullAway.Init") // see open()
    private static BoardSession session;

    @BeforeAll
    static void open() throws IOException {
        Path series = Files.createDirectories(folder.resolve("series"));
        Files.writeString(series.resolve("0001-not-this-tree.patch"), patch("vim3m_init", "int gone;"));
        Files.writeString(series.resolve("0002-not-c.patch"), patch("vim2m_init", "this is no C"));
        Files.writeString(
                series.resolve("0003-not-loaded.patch"),
                patch("vim2m_init", "\tif (default_transtime) return -ENODEV;"));
        Files.writeString(series.resolve("series"), """
                0001-not-this-tree.patch  # hil: modules=drivers/media/test-drivers
                0002-not-c.patch          # hil: modules=drivers/media/test-drivers
                0003-not-loaded.patch     # hil: modules=drivers/media/test-drivers
                """);
        Path boards = Files.createDirectories(folder.resolve("boards"));
        Files.writeString(
                boards.resolve("virtual.toml"),
                VirtualBoards.text()
                        .replaceFirst("(?m)^timeout = \"90s\"", "timeout = \"45s\"")
                        .replaceFirst("(?m)^series = .*$", "series = \"%s\"".formatted(series)));
        BoardDefinition definition = new BoardDefinitions(boards).get("virtual");
        session = BoardSession.open(definition, Evidence.start(Evidence.defaultHome(), "virtual", System.out));
    }

    /** A patch that adds a line to the function that loads vim2m. */
    private static String patch(String function, String line) {
        return """
                --- a/%1$s
                +++ b/%1$s
                @@ -1411,4 +1411,5 @@
                 static int __init %2$s(void)
                 {
                 \tint ret;
                +%3$s
                %4$s
                """.formatted(VIM2M, function, line, " ");
    }

    @AfterAll
    static void close() {
        session.close();
    }

    private static KernelUnderTest onTheTestKernel() {
        Board board = session.board();
        board.reboot(board.definition().boot().test());
        return KernelUnderTest.of(board);
    }

    private static void safeAndClean(long mark) {
        Board board = session.board();
        assertThat(board.boot()).matches(board.expectedKernel("safe").orElseThrow()::isOf, "is the safe kernel");
        assertThat(menu().defaultLabel()).isEqualTo("safe");
        KernelUnderTest kernel = KernelUnderTest.of(board);
        assertThat(kernel.tree().modified()).as("edits in the tree").isEmpty();
        assertThat(board.changes().undoSince(mark).undone()).as("still open").isEmpty();
    }

    private static ExtlinuxMenu menu() {
        String path = session.board().definition().boot().menu();
        return ExtlinuxMenu.parse(path, new String(session.board().files().read(path), StandardCharsets.ISO_8859_1));
    }

    @Test
    @Order(1)
    void aPatchThatDoesNotApply() {
        long mark = session.board().changes().mark();
        Step step = onTheTestKernel().step("0001");

        assertThatExceptionOfType(BuildException.class)
                .isThrownBy(step::run)
                .withMessageStartingWith("0001-not-this-tree.patch does not apply to ");
        step.revert();

        safeAndClean(mark);
    }

    @Test
    @Order(2)
    void aPatchThatDoesNotBuild() {
        long mark = session.board().changes().mark();
        Step step = onTheTestKernel().step("0002");

        assertThatExceptionOfType(BuildException.class)
                .isThrownBy(step::run)
                .withMessageContaining("failed with exit code 2")
                .withMessageContaining("vim2m.c")
                .withMessageContaining("all it said: ");
        step.revert();

        safeAndClean(mark);
    }

    @Test
    @Order(3)
    void aModuleThatDoesNotLoad() {
        long mark = session.board().changes().mark();
        Step step = onTheTestKernel().step("0003");

        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(step::run)
                .withMessageStartingWith("of the rebuilt modules [vim2m] not all can be loaded: ");
        step.revert();

        safeAndClean(mark);
    }

    @Test
    @Order(4)
    void aFullBootFolder() {
        Board board = session.board();
        long mark = board.changes().mark();
        String fill = "/boot/hil-fill";
        board.change(
                "file " + fill,
                new Undo.RemoveFile(Undo.Where.BOARD, fill),
                () -> board.exec(Command.script(
                                        "dd if=/dev/zero of=\"$1\" bs=1M 2>/dev/null; dd if=/dev/null of=\"$1\" bs=1M"
                                                + " seek=$(($(stat -c %s \"$1\") / 1048576 - 6)) 2>/dev/null; sync",
                                        fill)
                                .timeout(Duration.ofMinutes(2)))
                        .orThrow());
        KernelUnderTest kernel = KernelUnderTest.of(board);
        List<String> before = bootFolder();

        assertThatExceptionOfType(BuildException.class)
                .isThrownBy(kernel::boot)
                .withMessageContaining(" is full: ")
                .withMessageContaining("Nothing was written there");

        assertThat(bootFolder()).isEqualTo(before);
        board.returnToSafe();
        assertThat(board.changes().undoSince(mark).failed()).isEmpty();
        safeAndClean(mark);
    }

    private static List<String> bootFolder() {
        return session.board().exec("ls", "/boot").orThrow().text().lines().toList();
    }

    @Test
    @Order(5)
    void aKernelThatHangsInEarlyBoot() throws IOException {
        // b .
        doesNotComeUp("Starting kernel", header(0x14000000));
    }

    /** It panics for want of an init, resets itself, and panics again. */
    @Test
    @Order(6)
    void aKernelThatPanicsEarly() throws IOException {
        Board board = session.board();
        Path image = board.pull(
                "/boot/Image-" + board.expectedKernel("safe").orElseThrow().release(), 64 << 20);
        doesNotComeUp("its kernel died: kernel panic: VFS: Unable to mount root fs", Files.readAllBytes(image));
    }

    /**
     * What arm64 calls a kernel (Documentation/arm64/booting.rst), with one instruction in it.
     *
     * @param instruction the first one
     */
    private static byte[] header(int instruction) {
        ByteBuffer image = ByteBuffer.allocate(4096).order(ByteOrder.LITTLE_ENDIAN);
        image.putInt(0, instruction);
        image.putLong(16, 4096);
        image.putLong(24, 0xa);
        image.putInt(56, 0x644d5241);
        return image.array();
    }

    /** @param seen what the message says of the kernel */
    private static void doesNotComeUp(String seen, byte[] kernel) throws IOException {
        Board board = session.board();
        long mark = board.changes().mark();
        String image = "/boot/Image-hil-broken";
        Path local = Files.write(folder.resolve("broken"), kernel);
        board.changes()
                .make(
                        "file " + image,
                        new Undo.RemoveFile(Undo.Where.BOARD, image),
                        () -> board.files().push(local, image));
        String path = board.definition().boot().menu();
        String text = new String(board.files().read(path), StandardCharsets.ISO_8859_1);
        String with = ExtlinuxMenu.parse(path, text)
                .withLabel(
                        "LABEL broken\n\tLINUX %s\n\tFDT /boot/virt.dtb\n\tAPPEND console=ttyAMA0 root=/dev/nothing panic=1\n"
                                .formatted(image))
                .text();
        board.changes()
                .make(
                        "label broken",
                        new Undo.RemoveLabel(Undo.Where.BOARD, path, "broken", text),
                        () -> board.files().write(path, with.getBytes(StandardCharsets.ISO_8859_1)));

        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> board.reboot("broken"))
                .withMessageStartingWith("label \"broken\" does not come up: ")
                .withMessageContaining("last on the console")
                .withMessageContaining(seen)
                .withMessageContaining("runs its safe label \"safe\"");

        assertThat(board.boot()).matches(board.expectedKernel("safe").orElseThrow()::isOf, "is the safe kernel");
        assertThat(menu().defaultLabel()).isEqualTo("safe");
        // Its own way up again: what U-Boot was told for the rescue holds no longer.
        board.reboot("lockdep");
        board.returnToSafe();
        assertThat(board.changes().undoSince(mark).failed()).isEmpty();
        safeAndClean(mark);
    }
}
