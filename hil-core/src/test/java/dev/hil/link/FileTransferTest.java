package dev.hil.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FileTransferTest {
    private final Path here;
    /** The working directory of the machine. */
    private final Path there;

    private final Shell shell;

    FileTransferTest(@TempDir Path folder) throws IOException {
        here = Files.createDirectory(folder.resolve("here"));
        there = Files.createDirectory(folder.resolve("there"));
        shell = new LocalShell(there);
    }

    private Path file(byte[] content) throws IOException {
        return Files.write(here.resolve("file"), content);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 65_536, 3_000_001})
    void filesGoThereAndBackUnchanged(int size) throws IOException {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);

        shell.push(file(bytes), "sent");
        String sum = shell.pull("sent", here.resolve("back"), size);

        assertThat(there.resolve("sent")).hasBinaryContent(bytes);
        assertThat(here.resolve("back")).hasBinaryContent(bytes);
        assertThat(sum).isEqualTo(Sha256.of(bytes)).hasSize(64);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"a b", "it's", "\"q\"", "-rf", "--", "a\nb", "a\n", "$(touch x)", "*", "\u00e4", ";x", "a\\b"})
    void hostileNamesAreNamesOnly(String name) throws IOException {
        byte[] bytes = {1, 2, 3};

        shell.push(file(bytes), name);
        shell.push(file(bytes), name);
        shell.pull(name, here.resolve("back"), 10);

        assertThat(there.resolve(name)).hasBinaryContent(bytes);
        assertThat(here.resolve("back")).hasBinaryContent(bytes);
        assertOnly(there, name);
    }

    private static void assertOnly(Path folder, String... names) throws IOException {
        try (java.util.stream.Stream<Path> files = Files.list(folder)) {
            assertThat(files.map(file -> file.getFileName().toString())).containsExactlyInAnyOrder(names);
        }
    }

    @Test
    void theModeOfAFileThatIsReplacedIsKept() throws IOException {
        Path target = Files.writeString(there.resolve("target"), "old");
        Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rwxr-x--x"));

        shell.push(file(new byte[] {1}), "target");

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(target)))
                .isEqualTo("rwxr-x--x");
        assertThat(target).hasBinaryContent(new byte[] {1});
    }

    @Test
    void aLinkStaysALinkAndItsFileKeepsItsMode() throws IOException {
        Path target = Files.writeString(there.resolve("target"), "old");
        Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rw-r-----"));
        Path link = Files.createSymbolicLink(there.resolve("link"), Path.of("target"));

        shell.push(file(new byte[] {1}), "link");

        assertThat(link).isSymbolicLink();
        assertThat(target).hasBinaryContent(new byte[] {1});
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(target)))
                .isEqualTo("rw-r-----");
        assertOnly(there, "target", "link");
    }

    @Test
    void aFileTooLargeIsRefusedBeforeItIsCopied() throws IOException {
        Files.write(there.resolve("large"), new byte[1001]);

        assertThatExceptionOfType(InfrastructureException.class)
                .isThrownBy(() -> shell.pull("large", here.resolve("back"), 1000))
                .withMessage("large on this host has 1001 bytes, more than the 1000 that are taken");
        assertOnly(here);
    }

    /** At once: not when its time limit ends a command whose output nobody takes. */
    @Test
    @Timeout(20)
    void aFileThatGrowsBeyondTheLimitIsNotCopiedOn() throws IOException {
        Path target = Files.writeString(here.resolve("back"), "old");
        Files.write(there.resolve("growing"), new byte[10]);
        Shell growing = new Tampering(shell, command -> {
            if (command.argv().get(0).equals("cat")) {
                write(there.resolve("growing"), new byte[1_000_000]);
            }
        });

        assertThatExceptionOfType(InfrastructureException.class)
                .isThrownBy(() -> growing.pull("growing", target, 1000))
                .withMessageContaining("growing")
                .withMessageContaining("more came than the machine had said");
        assertThat(target).hasContent("old");
    }

    @Test
    void aFileThatChangesWhileItIsCopiedIsNotTaken() throws IOException {
        Path target = Files.writeString(here.resolve("back"), "old");
        Files.writeString(there.resolve("log"), "one");
        Shell changing = new Tampering(shell, command -> {
            if (command.line().contains("sha256sum")) {
                write(there.resolve("log"), new byte[] {2});
            }
        });

        assertThatExceptionOfType(InfrastructureException.class)
                .isThrownBy(() -> changing.pull("log", target, 1000))
                .withMessageContaining("log on this host changed while it was copied")
                .withMessageContaining("Copy it again.");
        assertThat(target).hasContent("old");
    }

    @Test
    void aFileThatIsNotThereIsNamed() {
        assertThatExceptionOfType(CommandException.class)
                .isThrownBy(() -> shell.pull("nosuch", here.resolve("back"), 10))
                .withMessageContaining("nosuch")
                .withMessageContaining("No such file");
        assertThatExceptionOfType(InfrastructureException.class)
                .isThrownBy(() -> shell.push(here.resolve("nosuch"), "x"))
                .withMessageContaining("cannot read " + here.resolve("nosuch"));
    }

    @Test
    void aFileThatDoesNotArriveWholeIsNotPutInPlace() throws IOException {
        Path target = Files.writeString(there.resolve("target"), "old");
        Shell losing = new Tampering(shell, command -> {}) {
            @Override
            public ExecResult run(Command command, InputStream stdin, OutputStream stdout) {
                return super.run(command, new java.io.ByteArrayInputStream(new byte[3]), stdout);
            }
        };

        assertThatExceptionOfType(CommandException.class)
                .isThrownBy(() -> losing.push(file(new byte[10]), "target"))
                .withMessageContaining("checksum is " + Sha256.of(new byte[3]) + ", not " + Sha256.of(new byte[10]));
        assertThat(target).hasContent("old");
        assertOnly(there, "target");
    }

    @Test
    void aPlaceThatCannotBeWrittenLeavesNothing() throws IOException {
        assertThatExceptionOfType(CommandException.class)
                .isThrownBy(() -> shell.push(file(new byte[10]), "no/such/folder/x"))
                .withMessageContaining("no/such/folder/x");
        assertOnly(there);
    }

    private static void write(Path file, byte[] content) {
        try {
            Files.write(file, content);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** A machine on which something else happens before a command. */
    private static class Tampering implements Shell {
        private final Shell shell;
        private final Consumer<Command> before;

        Tampering(Shell shell, Consumer<Command> before) {
            this.shell = shell;
            this.before = before;
        }

        @Override
        public String name() {
            return shell.name();
        }

        @Override
        public ExecResult run(Command command, InputStream stdin, OutputStream stdout) {
            before.accept(command);
            return shell.run(command, stdin, stdout);
        }

        @Override
        public Stream stream(Command command, Consumer<byte[]> sink) {
            return shell.stream(command, sink);
        }
    }
}
