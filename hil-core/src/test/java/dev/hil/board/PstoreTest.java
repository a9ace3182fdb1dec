package dev.hil.board;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.hil.link.Command;
import dev.hil.link.ExecResult;
import dev.hil.link.InfrastructureException;
import dev.hil.link.LinkException;
import dev.hil.link.LocalShell;
import dev.hil.link.Sha256;
import dev.hil.link.Shell;
import dev.hil.record.Evidence;
import dev.hil.record.Ledger;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** With two folders of this host for the board's. */
class PstoreTest {
    private final Path kernels;
    private final Path systemds;
    private final Path folder;
    private final Evidence evidence;
    private final Ledger ledger;
    private final Pstore pstore;

    PstoreTest(@TempDir Path folder) throws IOException {
        this.folder = folder;
        kernels = Files.createDirectory(folder.resolve("kernel"));
        systemds = Files.createDirectory(folder.resolve("systemd"));
        evidence = Evidence.start(folder.resolve("home"), "x", new PrintStream(OutputStream.nullOutputStream()));
        ledger = Ledger.open(folder.resolve("ledger"), "run");
        pstore = new Pstore(new LocalShell(), evidence, ledger, List.of(kernels.toString(), systemds.toString()));
    }

    @AfterEach
    void end() {
        ledger.close();
    }

    private static Path put(Path folder, String name, String content, int minute) throws IOException {
        Path file = Files.writeString(folder.resolve(name), content);
        Files.setLastModifiedTime(file, FileTime.from(Instant.ofEpochSecond(60L * minute)));
        return file;
    }

    @Test
    void bothPlacesAreReadOldestRecordFirst() throws IOException {
        put(kernels, "dmesg-ramoops-0", "second", 2);
        put(kernels, "console-ramoops-0", "third", 3);
        put(Files.createDirectories(systemds.resolve("1")), "dmesg-ramoops-0", "first", 1);
        put(systemds, "pmsg-ramoops-0", "fourth", 4);
        put(systemds, "readme", "fifth", 5);

        List<PstoreRecord> records = pstore.read();

        assertThat(records)
                .extracting(PstoreRecord::text)
                .containsExactly("first", "second", "third", "fourth", "fifth");
        assertThat(records)
                .extracting(PstoreRecord::kind)
                .containsExactly(
                        PstoreRecord.Kind.DMESG,
                        PstoreRecord.Kind.DMESG,
                        PstoreRecord.Kind.CONSOLE,
                        PstoreRecord.Kind.PMSG,
                        PstoreRecord.Kind.OTHER);
        assertThat(records.get(0).modified()).isEqualTo(Instant.ofEpochSecond(60));
        assertThat(records).allSatisfy(record -> {
            assertThat(record.copy().normalize()).startsWith(evidence.folder());
            assertThat(Sha256.of(record.copy())).isEqualTo(record.sha256());
        });
    }

    /** A link that is lost as often as is said, and then holds. */
    private static final class Shaky implements Shell {
        private final Shell whole = new LocalShell();
        private final LinkException.Kind kind;
        private int losses;

        Shaky(LinkException.Kind kind, int losses) {
            this.kind = kind;
            this.losses = losses;
        }

        private Shell whole() {
            if (losses-- > 0) {
                throw new LinkException(kind, "lost, " + losses + " more to come");
            }
            return whole;
        }

        @Override
        public String name() {
            return whole.name();
        }

        @Override
        public ExecResult run(Command command, InputStream stdin, OutputStream stdout) {
            return whole().run(command, stdin, stdout);
        }

        @Override
        public Stream stream(Command command, Consumer<byte[]> sink) {
            return whole().stream(command, sink);
        }
    }

    private List<PstoreRecord> readOver(LinkException.Kind kind, int losses) {
        return new Pstore(new Shaky(kind, losses), evidence, ledger, List.of(kernels.toString())).read();
    }

    @Test
    void aLinkThatIsLostMeanwhileIsWaitedFor() throws IOException {
        put(kernels, "dmesg-ramoops-0", "last words", 1);

        assertThat(readOver(LinkException.Kind.UNREACHABLE, 3))
                .extracting(PstoreRecord::text)
                .containsExactly("last words");
    }

    @Test
    void aHostKeyThatChangedIsNot() {
        assertThatExceptionOfType(LinkException.class)
                .isThrownBy(() -> readOver(LinkException.Kind.HOST_KEY_CHANGED, 1))
                .withMessage("lost, 0 more to come");
    }

    @Test
    void nothingThereIsNoRecord() throws IOException {
        assertThat(pstore.read()).isEmpty();
        Files.delete(systemds);
        assertThat(pstore.read()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"dmesg ..", "-rf", "a\nb", "$(touch x)", "\u001b[2J", "it's", "..x", "\u00e4"})
    void hostileNamesStayInTheEvidenceFolder(String name) throws IOException {
        Path file = put(kernels, name, "content", 1);

        PstoreRecord record = pstore.read().get(0);

        assertThat(record.path()).isEqualTo(file.toString());
        assertThat(record.text()).isEqualTo("content");
        assertThat(record.copy().toRealPath()).startsWith(evidence.folder().toRealPath());
        assertThat(pstore.clear(List.of(record))).hasSize(1);
        assertThat(file).doesNotExist();
    }

    @Test
    void namesThatDifferOnlyInWhatIsReplacedAreKeptApart() throws IOException {
        put(kernels, "a b", "one", 1);
        put(kernels, "a_b", "two", 2);

        assertThat(pstore.read()).extracting(PstoreRecord::text).containsExactly("one", "two");
    }

    @Test
    void linksAreNotFollowed() throws IOException {
        Files.createSymbolicLink(kernels.resolve("dmesg-ramoops-0"), Files.writeString(folder.resolve("secret"), "x"));

        assertThat(pstore.read()).isEmpty();
    }

    @Test
    void whatWasCopiedIsRemovedAndNoted() throws IOException {
        Path dump = put(kernels, "dmesg-ramoops-0", "one", 1);
        Path moved = put(systemds, "console-ramoops-0", "two", 2);
        List<PstoreRecord> records = pstore.read();

        assertThat(pstore.clear(records)).isEqualTo(records);

        assertThat(dump).doesNotExist();
        assertThat(moved).doesNotExist();
        assertThat(ledger.entries())
                .singleElement()
                .satisfies(entry -> assertThat(entry.what()).contains(dump.toString(), moved.toString()));
        assertThat(records).allSatisfy(record -> assertThat(record.copy()).isNotEmptyFile());
    }

    /** Removing it wipes the buffer into which the running kernel writes. */
    @Test
    void theKernelsOwnConsoleRecordStays() throws IOException {
        Path console = put(kernels, "console-ramoops-0", "one", 1);

        assertThat(pstore.clear(pstore.read())).isEmpty();

        assertThat(console).exists();
    }

    @Test
    void aRecordThatIsAnotherByNowStays() throws IOException {
        Path first = put(kernels, "dmesg-ramoops-0", "one", 1);
        Path second = put(kernels, "dmesg-ramoops-1", "two", 2);
        List<PstoreRecord> records = pstore.read();
        Files.writeString(second, "another crash");

        assertThatExceptionOfType(InfrastructureException.class)
                .isThrownBy(() -> pstore.clear(records))
                .withMessageContaining(second + " is not what was copied; it stays");

        assertThat(second).hasContent("another crash");
        assertThat(first).doesNotExist();
        assertThat(ledger.entries())
                .as("what was removed is noted all the same")
                .hasSize(1);
    }

    @Test
    void aRecordWhoseCopyIsDamagedStays() throws IOException {
        Path dump = put(kernels, "dmesg-ramoops-0", "one", 1);
        List<PstoreRecord> records = pstore.read();
        Files.writeString(records.get(0).copy(), "bit rot");

        assertThatExceptionOfType(InfrastructureException.class)
                .isThrownBy(() -> pstore.clear(records))
                .withMessageContaining(dump + " stays on the board: its copy")
                .withMessageContaining(records.get(0).sha256());

        assertThat(dump).hasContent("one");
    }

    @Test
    void aRecordWhoseCopyIsGoneStays() throws IOException {
        Path dump = put(kernels, "dmesg-ramoops-0", "one", 1);
        List<PstoreRecord> records = pstore.read();
        Files.delete(records.get(0).copy());

        assertThatExceptionOfType(InfrastructureException.class).isThrownBy(() -> pstore.clear(records));

        assertThat(dump).exists();
    }

    @Test
    void aPlaceFullOfFilesIsSaidToBe() throws IOException {
        for (int i = 0; i < 201; i++) {
            put(systemds, "dmesg-" + i, "x", 1);
        }

        assertThatExceptionOfType(InfrastructureException.class)
                .isThrownBy(pstore::read)
                .withMessageContaining("more than 200 files under")
                .withMessageContaining(systemds.toString());
    }
}
