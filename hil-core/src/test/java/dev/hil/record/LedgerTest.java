package dev.hil.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.hil.link.InfrastructureException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class LedgerTest {
    private static final Undo REMOVE = new Undo.RemoveFile(Undo.Where.BOARD, "/a");

    private final Path file;

    LedgerTest(@TempDir Path folder) {
        this.file = folder.resolve("ledger.jsonl");
    }

    @Test
    void whatIsWrittenIsThereAfterReopening() {
        try (Ledger ledger = Ledger.open(file, "run-1")) {
            long intent = ledger.intent("a file", REMOVE);
            ledger.done(intent);
            ledger.note("a reboot");
        }

        try (Ledger ledger = Ledger.open(file, "run-2")) {
            assertThat(ledger.entries())
                    .extracting(LedgerEntry::sequence, LedgerEntry::run, LedgerEntry::kind, LedgerEntry::what)
                    .containsExactly(
                            org.assertj.core.groups.Tuple.tuple(1L, "run-1", LedgerEntry.Kind.INTENT, "a file"),
                            org.assertj.core.groups.Tuple.tuple(2L, "run-1", LedgerEntry.Kind.DONE, "a file"),
                            org.assertj.core.groups.Tuple.tuple(3L, "run-1", LedgerEntry.Kind.NOTE, "a reboot"));
            ledger.note("more");
            assertThat(ledger.entries().get(3).sequence()).isEqualTo(4);
            assertThat(ledger.entries().get(3).run()).isEqualTo("run-2");
        }
    }

    static List<Undo> everyKindOfUndo() {
        StringBuilder everyByte = new StringBuilder();
        for (char c = 0; c < 256; c++) {
            everyByte.append(c);
        }
        return List.of(
                new Undo.RestoreText(Undo.Where.BOARD, "/boot/a \"b\"\n", everyByte.toString()),
                new Undo.RestoreFile(Undo.Where.BOARD, "/lib/m.ko", "/lib/m.ko.before", "ab12"),
                new Undo.RemoveFile(Undo.Where.BOARD, "/lib/new\u00e4.ko"),
                new Undo.SetDefault(Undo.Where.BOARD, "/boot/extlinux/extlinux.conf", "safe", everyByte.toString()),
                new Undo.RemoveLabel(Undo.Where.BOARD, "/boot/extlinux/extlinux.conf", "test", everyByte.toString()),
                new Undo.RestoreTree(Undo.Where.BOARD, "/lib/modules/6.1", "/lib/modules/6.1.hil-before", "ab12"),
                new Undo.RemoveTree(Undo.Where.BUILD_HOST, "/tmp/hil-stage-1"),
                new Undo.BootLabel(Undo.Where.BOARD, "safe"),
                new Undo.ReversePatch(
                        Undo.Where.BUILD_HOST,
                        "/src/linux",
                        "/evidence/0001.patch",
                        2,
                        List.of(
                                new Undo.Touched("a.c", "ab12", "/evidence/0", "cd34"),
                                new Undo.Touched("new.c", null, null, "cd34"))));
    }

    @Test
    void theListOfUndosIsComplete() {
        assertThat(everyKindOfUndo())
                .extracting(Undo::getClass)
                .containsExactlyInAnyOrderElementsOf(List.<Class<?>>of(Undo.class.getPermittedSubclasses()).stream()
                        .map(type -> type.asSubclass(Undo.class))
                        .toList());
    }

    @ParameterizedTest
    @MethodSource("everyKindOfUndo")
    void anUndoIsReadByAnotherProcessAsItWasWritten(Undo undo) {
        try (Ledger ledger = Ledger.open(file, "run")) {
            ledger.intent("it", undo);
        }

        try (Ledger ledger = Ledger.open(file, "run")) {
            assertThat(ledger.open()).extracting(LedgerEntry::undo).containsExactly(undo);
        }
    }

    @Test
    void whatIsOpenComesLatestFirstUntilItIsUndone() {
        try (Ledger ledger = Ledger.open(file, "run")) {
            long first = ledger.intent("first", REMOVE);
            long second = ledger.intent("second", REMOVE);
            ledger.done(second);
            long third = ledger.intent("third", REMOVE);
            ledger.done(third);
            ledger.undone(second);

            assertThat(ledger.open()).extracting(LedgerEntry::sequence).containsExactly(third, first);
        }
        try (Ledger ledger = Ledger.open(file, "run")) {
            assertThat(ledger.open()).extracting(LedgerEntry::what).containsExactly("third", "first");
        }
    }

    @Test
    void onlyAnIntentCanBeDone() {
        try (Ledger ledger = Ledger.open(file, "run")) {
            ledger.note("no intent");

            assertThatIllegalArgumentException()
                    .isThrownBy(() -> ledger.done(1))
                    .withMessageContaining("no intent 1");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> ledger.undone(9))
                    .withMessageContaining("9");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/lib",
                "/lib/modules",
                "/lib/modules/",
                "/lib/modules/..",
                "/lib/modules/6.1/..",
                "/lib/modules/6.1/kernel",
                "/home/me",
                "/tmp/hil-x/../../home",
                "/tmp/../hil-x",
                "/hil-x",
                "tmp/hil-x",
                ""
            })
    void aFolderThatCouldBeSomebodyElsesIsNeverRemovedAsAWhole(String path) {
        assertThatIllegalArgumentException().isThrownBy(() -> new Undo.RemoveTree(Undo.Where.BOARD, path));
        assertThatIllegalArgumentException().isThrownBy(() -> new Undo.RestoreTree(Undo.Where.BOARD, path, "b", "12"));
    }

    @Test
    void howAMachineWasFoundStandsUntilItIsGivenBack() {
        FoundState state = new FoundState(Undo.Where.BOARD, Map.of("file /boot/Image", "ab12"));
        try (Ledger ledger = Ledger.open(file, "run-1")) {
            assertThat(ledger.found(Undo.Where.BOARD)).isEmpty();
            ledger.found(state);
        }
        try (Ledger ledger = Ledger.open(file, "run-2")) {
            LedgerEntry line = ledger.found(Undo.Where.BOARD).orElseThrow();
            assertThat(line.found()).isEqualTo(state);
            assertThat(ledger.found(Undo.Where.BUILD_HOST)).isEmpty();

            ledger.givenBack(line.sequence(), "as it was found");

            assertThat(ledger.found(Undo.Where.BOARD)).isEmpty();
        }
    }

    @Test
    void differencesNameWhatItWasAndWhatItIs() {
        FoundState before = new FoundState(Undo.Where.BOARD, Map.of("a", "1", "b", "2", "c", "3"));
        FoundState now = new FoundState(Undo.Where.BOARD, Map.of("a", "1", "b", "x", "d", "4"));

        assertThat(before.differences(now))
                .containsExactly("b: was 2, is x", "c: was 3, is not there", "d: was not there, is 4");
        assertThat(before.differences(before)).isEmpty();
    }

    /** Written by a later hil perhaps: to cut it off or to pass over it would be to forget a change. */
    @Test
    void aWholeLineThatIsNotUnderstoodIsNotCutOff() throws IOException {
        try (Ledger ledger = Ledger.open(file, "run")) {
            ledger.intent("first", REMOVE);
        }
        String json = Files.readString(file).strip().substring(9).replace("remove-file", "melt-file");
        java.util.zip.CRC32C crc = new java.util.zip.CRC32C();
        crc.update(json.getBytes(StandardCharsets.UTF_8));
        String strange = "%08x %s%n".formatted(crc.getValue(), json);
        Files.writeString(file, strange);

        assertThatExceptionOfType(DamagedLedgerException.class)
                .isThrownBy(() -> Ledger.open(file, "run"))
                .withMessageContaining("this version of hil does not understand it")
                .withMessageContaining("melt-file");
        assertThat(file).hasContent(strange);
    }

    @Test
    void aLineThatIsMissingIsDamage() throws IOException {
        try (Ledger ledger = Ledger.open(file, "run")) {
            for (int i = 0; i < 4; i++) {
                ledger.intent("file " + i, REMOVE);
            }
        }
        List<String> lines = new ArrayList<>(Files.readAllLines(file));
        lines.remove(1);
        Files.writeString(file, String.join("\n", lines) + "\n");

        assertThatExceptionOfType(DamagedLedgerException.class)
                .isThrownBy(() -> Ledger.open(file, "run"))
                .withMessageContaining("line 2")
                .withMessageContaining("number 3")
                .satisfies(damaged -> assertThat(damaged.intact()).hasSize(1));
    }

    @Test
    void peopleReadWhatIsOpenAndHowToUndoIt() {
        try (Ledger ledger = Ledger.open(file, "run-1")) {
            ledger.found(new FoundState(Undo.Where.BOARD, Map.of("file /boot/Image", "ab12")));
            ledger.undone(ledger.intent("closed", new Undo.RemoveFile(Undo.Where.BOARD, "/closed")));
            ledger.done(ledger.intent("left \u001b[31m", new Undo.RemoveFile(Undo.Where.BOARD, "/a b")));
        }

        String text = String.join("\n", LedgerText.lines(Ledger.read(file)));

        assertThat(text)
                .contains("run run-1", "file /boot/Image: ab12", "OPEN intent", "to undo it: rm '/a b'", "done 4")
                .doesNotContain("rm /closed", "\u001b");
    }

    /** The lab host lost its power while the last line was written: at every length the rest is kept and appended to. */
    @Test
    void aTornLastLineIsCutOffAndAppendedAfter() throws IOException {
        try (Ledger ledger = Ledger.open(file, "run")) {
            ledger.intent("first", REMOVE);
            ledger.intent("second", REMOVE);
        }
        byte[] whole = Files.readAllBytes(file);
        int secondLine = new String(whole, StandardCharsets.ISO_8859_1).indexOf('\n') + 1;
        for (int length = secondLine; length < whole.length; length++) {
            Files.write(file, Arrays.copyOf(whole, length));

            try (Ledger ledger = Ledger.open(file, "run")) {
                assertThat(ledger.open())
                        .as("torn at %d", length)
                        .extracting(LedgerEntry::what)
                        .containsExactly("first");
                ledger.note("after");
            }
            try (Ledger ledger = Ledger.open(file, "run")) {
                assertThat(ledger.entries()).extracting(LedgerEntry::what).containsExactly("first", "after");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void aDamagedLineBeforeTheLastIsRefusedWithFileAndLine(int line) throws IOException {
        try (Ledger ledger = Ledger.open(file, "run")) {
            for (int i = 0; i < 4; i++) {
                ledger.intent("file " + i, REMOVE);
            }
        }
        List<String> lines = new ArrayList<>(Files.readAllLines(file));
        lines.set(line, lines.get(line).replace("\"/a\"", "\"/b\""));
        String damaged = String.join("\n", lines) + "\n";
        Files.writeString(file, damaged);

        assertThatExceptionOfType(InfrastructureException.class)
                .isThrownBy(() -> Ledger.open(file, "run"))
                .withMessageContaining("%s is damaged in line %d", file, line + 1)
                .withMessageContaining("put the board right by hand");
        assertThat(file).as("left as it was, for a person to look at").hasContent(damaged);
    }

    @Test
    void anEmptyLineInTheMiddleIsDamage() throws IOException {
        try (Ledger ledger = Ledger.open(file, "run")) {
            ledger.note("x");
        }
        Files.writeString(file, "\n" + Files.readString(file));

        assertThatExceptionOfType(InfrastructureException.class)
                .isThrownBy(() -> Ledger.open(file, "run"))
                .withMessageContaining("line 1");
    }

    @Test
    void aPlaceThatCannotBeWrittenIsNamed() throws IOException {
        Files.createDirectory(file);

        assertThatExceptionOfType(InfrastructureException.class)
                .isThrownBy(() -> Ledger.open(file, "run"))
                .withMessageContaining("cannot open the ledger " + file);
    }

    @Test
    void undosAreToldAsCommandsThatCanBeTyped() {
        assertThat(new Undo.RestoreFile(Undo.Where.BOARD, "/a b", "/a b.old", "12").inWords())
                .isEqualTo("mv '/a b.old' '/a b'");
        assertThat(new Undo.RemoveFile(Undo.Where.BOARD, "/it's").inWords()).isEqualTo("rm '/it'\\''s'");
        assertThat(new Undo.ReversePatch(Undo.Where.BUILD_HOST, "/my src", "/e/1.patch", 1, List.of()).inWords())
                .isEqualTo("git -C '/my src' apply -R -p1 - < /e/1.patch");
    }
}
