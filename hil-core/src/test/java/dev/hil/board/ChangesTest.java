package dev.hil.board;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.hil.link.LocalShell;
import dev.hil.link.Sha256;
import dev.hil.link.Shell;
import dev.hil.record.Evidence;
import dev.hil.record.FoundState;
import dev.hil.record.Ledger;
import dev.hil.record.LedgerEntry;
import dev.hil.record.Undo;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With a folder of this host for the board's disk. */
class ChangesTest {
    private final Path disk;
    private final Path ledgerFile;
    private final Evidence evidence;
    private final Shell shell;
    private final BoardFiles files;
    private final List<String> booted = new ArrayList<>();
    private Function<Undo.Where, Optional<FoundState>> found = where -> Optional.empty();
    private Ledger ledger;
    private Changes changes;

    ChangesTest(@TempDir Path folder) throws IOException {
        disk = Files.createDirectory(folder.resolve("disk"));
        ledgerFile = folder.resolve("ledger.jsonl");
        evidence = Evidence.start(folder.resolve("home"), "x", new PrintStream(OutputStream.nullOutputStream()));
        shell = new LocalShell(disk);
        files = new BoardFiles(shell, evidence);
        ledger = Ledger.open(ledgerFile, "run-1");
        changes = changes(ledger);
    }

    private Changes changes(Ledger of) {
        return new Changes(of, evidence, new Undoing(() -> files, () -> files, () -> shell, booted::add), found);
    }

    /** This process dies; another one reads what it left. */
    private void restart() {
        ledger.close();
        ledger = Ledger.open(ledgerFile, "run-2");
        changes = changes(ledger);
    }

    @AfterEach
    void end() {
        ledger.close();
    }

    private String path(String name) {
        return disk.resolve(name).toString();
    }

    private Path put(String name, String content) throws IOException {
        return Files.writeString(disk.resolve(name), content);
    }

    private Undo restoreText(Path file) throws IOException {
        return new Undo.RestoreText(
                Undo.Where.BOARD, file.toString(), new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
    }

    @Test
    void theIntentIsOnDiskBeforeAnythingIsTouched() {
        String answer = changes.make("a new file", new Undo.RemoveFile(Undo.Where.BOARD, path("new")), () -> {
            assertThat(ledgerFile).content().contains("INTENT", "a new file").doesNotContain("DONE");
            return "answer";
        });

        assertThat(answer).isEqualTo("answer");
        assertThat(ledgerFile).content().contains("DONE");
    }

    @Test
    void changesAreTakenBackLatestFirst() throws IOException {
        Path file = put("menu", "one");
        for (String next : List.of("two", "three")) {
            Undo undo = restoreText(file);
            changes.make(
                    "menu to " + next, undo, () -> files.write(file.toString(), next.getBytes(StandardCharsets.UTF_8)));
        }
        assertThat(file).hasContent("three");

        Changes.Undone undone = changes.undoAll();

        assertThat(file).hasContent("one");
        assertThat(undone.undone()).containsExactly("menu to three", "menu to two");
        assertThat(undone.failed()).isEmpty();
        assertThat(ledger.open()).isEmpty();
        assertThat(changes.undoAll().undone())
                .as("nothing is left to take back")
                .isEmpty();
    }

    @Test
    void aTextFileGetsItsVeryBytesBack() throws IOException {
        byte[] bytes = new byte[256];
        for (int i = 0; i < 256; i++) {
            bytes[i] = (byte) i;
        }
        Path file = Files.write(disk.resolve("menu"), bytes);
        changes.make("menu", restoreText(file), () -> files.write(file.toString(), new byte[] {1}));

        restart();
        changes.undoAll();

        assertThat(file).hasBinaryContent(bytes);
    }

    @Test
    void aChangeOfARunThatDiedIsTakenBackByTheNext() throws IOException {
        Path file = put("menu", "old");
        Undo undo = restoreText(file);
        assertThatIllegalStateException()
                .isThrownBy(() -> changes.make("menu", undo, () -> {
                    files.write(file.toString(), new byte[] {1});
                    throw new IllegalStateException("the lab host dies here");
                }));

        restart();

        assertThat(changes.undoAll().undone()).containsExactly("menu");
        assertThat(file).hasContent("old");
    }

    @Test
    void onlyWhatCameAfterAMarkIsTakenBack() throws IOException {
        Path file = put("menu", "one");
        changes.make(
                "first", restoreText(file), () -> files.write(file.toString(), "two".getBytes(StandardCharsets.UTF_8)));
        long mark = changes.mark();
        changes.make(
                "second",
                restoreText(file),
                () -> files.write(file.toString(), "three".getBytes(StandardCharsets.UTF_8)));

        assertThat(changes.undoSince(mark).undone()).containsExactly("second");

        assertThat(file).hasContent("two");
        assertThat(ledger.open()).extracting(LedgerEntry::what).containsExactly("first");
    }

    @Test
    void aFileThatWasNotThereIsRemovedAlsoWhereItNeverCame() throws IOException {
        Path file = put("new", "x");
        ledger.intent("made", new Undo.RemoveFile(Undo.Where.BOARD, file.toString()));
        ledger.intent("never made", new Undo.RemoveFile(Undo.Where.BOARD, path("never")));

        assertThat(changes.undoAll().failed()).isEmpty();

        assertThat(file).doesNotExist();
    }

    @Test
    void aBackupIsPutBackWhetherTheChangeWasMadeHalfOrWholeOrTwice() throws IOException {
        Path file = put("m.ko", "old");
        String sum = Sha256.of("old");
        Undo undo = new Undo.RestoreFile(Undo.Where.BOARD, file.toString(), path("m.ko.before"), sum);

        ledger.intent("not begun", undo);
        assertThat(changes.undoAll().failed()).isEmpty();
        assertThat(file).hasContent("old");

        ledger.intent("backup made only", undo);
        files.copy(file.toString(), path("m.ko.before"));
        assertThat(changes.undoAll().failed()).isEmpty();
        assertThat(file).hasContent("old");
        assertThat(disk.resolve("m.ko.before")).doesNotExist();

        long whole = ledger.intent("made whole", undo);
        files.copy(file.toString(), path("m.ko.before"));
        put("m.ko", "new");
        ledger.done(whole);
        assertThat(changes.undoAll().failed()).isEmpty();
        assertThat(file).hasContent("old");

        ledger.intent("undone already", undo);
        assertThat(changes.undoAll().failed()).isEmpty();
        assertThat(file).hasContent("old");
    }

    @Test
    void partsLeftByADeathInTheMiddleOfACopyGo() throws IOException {
        Path file = put("m.ko", "old");
        put("m.ko.hil-part", "half");
        put("m.ko.before.hil-part", "half");
        put("new.ko.hil-part", "half");
        ledger.intent(
                "copy", new Undo.RestoreFile(Undo.Where.BOARD, file.toString(), path("m.ko.before"), Sha256.of("old")));
        ledger.intent("new", new Undo.RemoveFile(Undo.Where.BOARD, path("new.ko")));

        assertThat(changes.undoAll().failed()).isEmpty();

        List<String> left = new ArrayList<>();
        try (var names = Files.list(disk)) {
            names.forEach(name -> left.add(name.getFileName().toString()));
        }
        assertThat(left).containsExactly("m.ko");
    }

    @Test
    void aBackupThatIsNotTheOldFileIsNotPutBack() throws IOException {
        Path file = put("m.ko", "new");
        Path backup = put("m.ko.before", "rotten");
        ledger.intent(
                "module", new Undo.RestoreFile(Undo.Where.BOARD, file.toString(), backup.toString(), Sha256.of("old")));

        Changes.Undone undone = changes.undoAll();

        assertThat(undone.failed())
                .singleElement()
                .asString()
                .contains("module: could not be undone", "checksum", Sha256.of("old"))
                .contains("By hand: mv " + backup + " " + file);
        assertThat(file).hasContent("new");
        assertThat(backup).hasContent("rotten");
    }

    @Test
    void aFileThatIsGoneWithItsBackupIsSaidToBe() {
        ledger.intent("module", new Undo.RestoreFile(Undo.Where.BOARD, path("m.ko"), path("m.ko.before"), "ab"));

        assertThat(changes.undoAll().failed())
                .singleElement()
                .asString()
                .contains(path("m.ko") + " on this host is gone, and so is its backup " + path("m.ko.before"));
    }

    @Test
    void whatCannotBeTakenBackDoesNotKeepTheRestFromIt() throws IOException {
        Path first = put("first", "old");
        changes.make("first", restoreText(first), () -> files.write(first.toString(), new byte[] {1}));
        changes.make(
                "second", new Undo.RestoreText(Undo.Where.BOARD, path("no/such/folder/menu"), "old\u00e4"), () -> {});
        Path third = put("third", "old");
        changes.make("third", restoreText(third), () -> files.write(third.toString(), new byte[] {1}));

        Changes.Undone undone = changes.undoAll();

        assertThat(undone.undone()).containsExactly("third", "first");
        assertThat(first).hasContent("old");
        assertThat(third).hasContent("old");
        assertThat(undone.failed())
                .singleElement()
                .asString()
                .startsWith("second: could not be undone (")
                .contains("By hand: write " + path("no/such/folder/menu") + " back as it was");
        assertThat(ledger.open())
                .as("tried again by the next run")
                .extracting(LedgerEntry::what)
                .containsExactly("second");
        assertThat(evidence.file("events.jsonl")).content().contains("undo-failed");
    }

    /** Undone out of their order the earlier one would win for a moment, and the later one in the end. */
    @Test
    void anEarlierChangeOfTheSameThingWaitsForTheLaterOne() throws IOException {
        Path file = put("m.ko", "three");
        ledger.intent("first", new Undo.RestoreText(Undo.Where.BOARD, file.toString(), "one"));
        ledger.intent(
                "second", new Undo.RestoreFile(Undo.Where.BOARD, file.toString(), path("gone"), Sha256.of("two")));

        Changes.Undone undone = changes.undoAll();

        assertThat(file).hasContent("three");
        assertThat(undone.undone()).isEmpty();
        assertThat(undone.failed())
                .hasSize(2)
                .anySatisfy(failed -> assertThat(failed).startsWith("first: waits until \"second\" has been undone"));
    }

    @Test
    void aMenuThatCouldNotBeRestoredIsKeptAsAFileToCopyBack() throws IOException {
        changes.make(
                "menu", new Undo.RestoreText(Undo.Where.BOARD, path("no/such/extlinux.conf"), "old\u00e4\n"), () -> {});

        String failed = changes.undoAll().failed().get(0);

        Path kept = evidence.folder("not-restored").resolve("extlinux.conf");
        assertThat(failed).contains("the whole file as it was is in " + kept);
        assertThat(kept).hasBinaryContent("old\u00e4\n".getBytes(StandardCharsets.ISO_8859_1));

        // A second attempt, or another menu of that name, keeps what was kept.
        Files.writeString(kept, "by hand");
        assertThat(changes.undoAll().failed().get(0)).contains("as it was is in " + kept + "-2");
        assertThat(kept).hasContent("by hand");
    }

    @Test
    void writingABoardsFileKeepsWhatElseIsThere() throws IOException {
        Path file = put("menu", "old");

        files.write(file.toString(), "new".getBytes(StandardCharsets.UTF_8));

        assertThat(files.read(file.toString())).asString().isEqualTo("new");
        assertThat(files.sha256(file.toString())).isEqualTo(Sha256.of("new"));
        assertThat(files.exists(file.toString())).isTrue();
        assertThat(files.exists(path("nosuch"))).isFalse();
        try (var names = Files.list(disk)) {
            assertThat(names).hasSize(1);
        }
    }

    @Test
    void aFileThatIsNoSmallTextIsNotRead() throws IOException {
        Files.write(disk.resolve("large"), new byte[256 * 1024 + 1]);

        assertThatExceptionOfType(dev.hil.link.InfrastructureException.class)
                .isThrownBy(() -> files.read(path("large")))
                .withMessageContaining("has 262145 bytes, more than the 262144 that are taken");
    }

    private Path tree() throws IOException {
        Path tree = Files.createDirectory(disk.resolve("my tree"));
        Files.writeString(tree.resolve("a.c"), "one\ntwo\nthree\n");
        Files.writeString(tree.resolve("b.c"), "one\n");
        Shell git = new LocalShell(tree);
        git.exec("git", "init", "-q").orThrow();
        return tree;
    }

    private static final String PATCH = """
            --- a/a.c
            +++ b/a.c
            @@ -1,3 +1,3 @@
             one
            -two
            +TWO
             three
            --- a/b.c
            +++ b/b.c
            @@ -1 +1 @@
            -one
            +ONE
            """;

    @Test
    void aPatchIsTakenOutAlsoWhereItNeverWentInAndTwice() throws IOException {
        Path tree = tree();
        Path patch = Files.writeString(disk.resolve("0001.patch"), PATCH);
        Undo undo = new Undo.ReversePatch(Undo.Where.BUILD_HOST, tree.toString(), patch.toString(), 1, List.of());

        ledger.intent("never went in", undo);
        assertThat(changes.undoAll().failed()).isEmpty();

        new LocalShell(tree).exec("git", "apply", patch.toString()).orThrow();
        assertThat(tree.resolve("a.c")).content().contains("TWO");
        ledger.intent("went in", undo);
        ledger.intent("said twice", undo);
        assertThat(changes.undoAll().failed()).isEmpty();

        assertThat(tree.resolve("a.c")).hasContent("one\ntwo\nthree\n");
        assertThat(tree.resolve("b.c")).hasContent("one\n");
    }

    @Test
    void aTreeThatHoldsHalfAPatchIsLeftAloneAndSaidToBe() throws IOException {
        Path tree = tree();
        Path patch = Files.writeString(disk.resolve("0001.patch"), PATCH);
        Files.writeString(tree.resolve("b.c"), "ONE\n");
        ledger.intent(
                "patch", new Undo.ReversePatch(Undo.Where.BUILD_HOST, tree.toString(), patch.toString(), 1, List.of()));

        assertThat(changes.undoAll().failed())
                .singleElement()
                .asString()
                .contains("holds neither all of " + patch + " nor nothing of it")
                .contains("By hand: git -C '" + tree + "' apply -R -p1 - < " + patch);
        assertThat(tree.resolve("b.c")).hasContent("ONE\n");
        assertThat(tree.resolve("a.c")).hasContent("one\ntwo\nthree\n");
    }

    private static final String MENU = """
            # ours
            DEFAULT safe

            LABEL safe
            \tLINUX /boot/Image

            # a comment of somebody
            LABEL other
            \tLINUX /boot/Other
            """;

    private Undo.SetDefault setDefault(Path menu) {
        return new Undo.SetDefault(Undo.Where.BOARD, menu.toString(), "safe", MENU);
    }

    @Test
    void theDefaultLabelComesBackWithTheVeryBytesWhetherItWasChangedOrNot() throws IOException {
        Path menu = put("extlinux.conf", MENU);
        ledger.intent("never done", setDefault(menu));
        assertThat(changes.undoAll().failed()).isEmpty();
        assertThat(menu).hasContent(MENU);

        put("extlinux.conf", MENU.replace("DEFAULT safe", "DEFAULT other"));
        ledger.intent("done", setDefault(menu));
        ledger.intent("done twice", setDefault(menu));
        assertThat(changes.undoAll().failed()).isEmpty();
        assertThat(menu).hasContent(MENU);
    }

    @Test
    void aMenuThatHadNoDefaultHasNoneAgain() throws IOException {
        String bare = MENU.replace("DEFAULT safe\n", "");
        Path menu = put("extlinux.conf", "DEFAULT other\n" + bare);
        ledger.intent("done", new Undo.SetDefault(Undo.Where.BOARD, menu.toString(), "safe", bare));

        assertThat(changes.undoAll().failed()).isEmpty();

        assertThat(menu).hasContent(bare);
    }

    @Test
    void whatAPersonHasEditedInTheMenuMeanwhileStays() throws IOException {
        String edited = MENU.replace("/boot/Other", "/boot/Better");
        Path menu = put("extlinux.conf", edited.replace("DEFAULT safe", "DEFAULT other"));
        ledger.intent("done", setDefault(menu));

        assertThat(changes.undoAll().failed()).isEmpty();

        assertThat(menu).hasContent(edited);
    }

    @Test
    void aMenuThatWasCutOffWhileItWasWrittenComesBackWhole() throws IOException {
        Path menu = put("extlinux.conf", "");
        ledger.intent("cut off", setDefault(menu));
        assertThat(changes.undoAll().failed()).isEmpty();
        assertThat(menu).hasContent(MENU);

        Files.delete(menu);
        ledger.intent("gone", setDefault(menu));
        assertThat(changes.undoAll().failed()).isEmpty();
        assertThat(menu).hasContent(MENU);
    }

    @Test
    void aLabelThatWasAddedGoesAndNothingElse() throws IOException {
        String added = MENU + "LABEL test\n\tLINUX /boot/Test\n";
        Undo undo = new Undo.RemoveLabel(Undo.Where.BOARD, path("extlinux.conf"), "test", MENU);
        Path menu = put("extlinux.conf", added);
        ledger.intent("added", undo);
        ledger.intent("added twice", undo);
        assertThat(changes.undoAll().failed()).isEmpty();
        assertThat(menu).hasContent(MENU);

        put("extlinux.conf", added + "# mine\nLABEL mine\n\tLINUX /boot/Mine\n");
        ledger.intent("added, and edited by a person", undo);
        assertThat(changes.undoAll().failed()).isEmpty();
        assertThat(menu).hasContent(MENU + "# mine\nLABEL mine\n\tLINUX /boot/Mine\n");
    }

    @Test
    void aLabelThatSomebodyMadeTheDefaultIsNotTakenAway() throws IOException {
        String text = MENU.replace("DEFAULT safe", "DEFAULT test") + "LABEL test\n\tLINUX /boot/Test\n";
        Path menu = put("extlinux.conf", text);
        ledger.intent("label", new Undo.RemoveLabel(Undo.Where.BOARD, menu.toString(), "test", MENU));

        assertThat(changes.undoAll().failed()).singleElement().asString().contains("is the default");

        assertThat(menu).hasContent(text);
    }

    private Path module(String folder, String content) throws IOException {
        Path kernel = Files.createDirectories(disk.resolve(folder).resolve("kernel"));
        return Files.writeString(kernel.resolve("m.ko"), content);
    }

    @Test
    void aFolderThatWasNotThereIsRemovedAlsoWhereItNeverCameOrCameHalf() throws IOException {
        Undo undo = new Undo.RemoveTree(Undo.Where.BOARD, path("hil-tree"));
        ledger.intent("never came", undo);
        assertThat(changes.undoAll().failed()).isEmpty();

        module("hil-tree", "new");
        module("hil-tree.hil-part", "half");
        ledger.intent("came", undo);
        assertThat(changes.undoAll().failed()).isEmpty();

        try (var left = Files.list(disk)) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void aFolderIsPutBackAtEveryStageOfItsChangeAndOfItsUndo() throws IOException {
        module("hil-tree", "old");
        Files.createSymbolicLink(disk.resolve("hil-tree/link"), Path.of("kernel/m.ko"));
        Folders folders = files.folders();
        String sum = folders.sha256(path("hil-tree")).orElseThrow();
        Undo undo = new Undo.RestoreTree(Undo.Where.BOARD, path("hil-tree"), path("hil-tree.before"), sum);

        ledger.intent("not begun", undo);
        assertThat(changes.undoAll().failed()).isEmpty();

        module("hil-tree.before.hil-part", "half a backup");
        ledger.intent("backup half made", undo);
        assertThat(changes.undoAll().failed()).isEmpty();

        folders.copy(path("hil-tree"), path("hil-tree.before"));
        module("hil-tree", "new");
        ledger.intent("changed", undo);
        assertThat(changes.undoAll().failed()).isEmpty();
        assertThat(folders.sha256(path("hil-tree"))).contains(sum);

        folders.copy(path("hil-tree"), path("hil-tree.before"));
        Files.move(disk.resolve("hil-tree"), disk.resolve("hil-tree.hil-old"));
        ledger.intent("undone half: the old one moved away, the backup not yet there", undo);
        assertThat(changes.undoAll().failed()).isEmpty();

        assertThat(folders.sha256(path("hil-tree"))).contains(sum);
        try (var left = Files.list(disk)) {
            assertThat(left).containsExactly(disk.resolve("hil-tree"));
        }
    }

    @Test
    void aBackupOfAFolderThatIsNotTheOldOneIsNotPutBack() throws IOException {
        Path now = module("hil-tree", "new");
        module("hil-tree.before", "rotten");
        ledger.intent(
                "tree", new Undo.RestoreTree(Undo.Where.BOARD, path("hil-tree"), path("hil-tree.before"), "ab12"));

        assertThat(changes.undoAll().failed())
                .singleElement()
                .asString()
                .contains("checksum", "ab12", "By hand: rm -rf -- " + path("hil-tree") + " && mv ");
        assertThat(now).hasContent("new");
    }

    @Test
    void theSafeLabelIsBootedAgain() {
        ledger.intent("left", new Undo.BootLabel(Undo.Where.BOARD, "safe"));

        assertThat(changes.undoAll().failed()).isEmpty();

        assertThat(booted).containsExactly("safe");
    }

    @Test
    void howTheBoardIsFoundIsWrittenDownOnceAndBeforeTheFirstChange() {
        found = where -> Optional.of(new FoundState(where, java.util.Map.of("fact", "1")));
        changes = changes(ledger);

        changes.make("first", new Undo.RemoveFile(Undo.Where.BOARD, path("a")), () -> {});
        changes.make("second", new Undo.RemoveFile(Undo.Where.BOARD, path("b")), () -> {});

        assertThat(ledger.entries())
                .extracting(LedgerEntry::kind)
                .containsExactly(
                        LedgerEntry.Kind.FOUND,
                        LedgerEntry.Kind.INTENT,
                        LedgerEntry.Kind.DONE,
                        LedgerEntry.Kind.INTENT,
                        LedgerEntry.Kind.DONE);
    }

    @Test
    void whatLastsAsLongAsAnActionGoesWithIt() throws IOException {
        Path file = disk.resolve("hil-work/x");

        String answer = changes.during("folder", new Undo.RemoveTree(Undo.Where.BUILD_HOST, path("hil-work")), () -> {
            try {
                module("hil-work", "x");
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
            assertThat(ledger.open()).hasSize(1);
            return "answer";
        });

        assertThat(answer).isEqualTo("answer");
        assertThat(file.getParent()).doesNotExist();
        assertThat(ledger.open()).isEmpty();
    }

    private List<Undo.Touched> touched() throws IOException {
        Path before = Files.createDirectory(disk.resolve("kept"));
        List<Undo.Touched> touched = new ArrayList<>();
        for (String[] file :
                new String[][] {{"a.c", "one\ntwo\nthree\n", "one\nTWO\nthree\n"}, {"b.c", "one\n", "ONE\n"}}) {
            Path copy = Files.writeString(before.resolve(file[0]), file[1]);
            touched.add(new Undo.Touched(file[0], Sha256.of(file[1]), copy.toString(), Sha256.of(file[2])));
        }
        return touched;
    }

    @Test
    void aPatchThatWentInHalfIsTakenOutFileByFile() throws IOException {
        Path tree = tree();
        Path patch = Files.writeString(disk.resolve("0001.patch"), PATCH);
        Undo undo = new Undo.ReversePatch(Undo.Where.BUILD_HOST, tree.toString(), patch.toString(), 1, touched());
        for (String[] half :
                new String[][] {{"a.c", "one\nTWO\nthree\n"}, {"b.c", "ONE\n"}, {"a.c", ""}, {"b.c", ""}}) {
            Files.writeString(tree.resolve(half[0]), half[1]);
            ledger.intent("half", undo);

            assertThat(changes.undoAll().failed()).isEmpty();

            assertThat(tree.resolve("a.c")).hasContent("one\ntwo\nthree\n");
            assertThat(tree.resolve("b.c")).hasContent("one\n");
        }
        Files.delete(tree.resolve("a.c"));
        ledger.intent("lost", undo);
        assertThat(changes.undoAll().failed()).isEmpty();
        assertThat(tree.resolve("a.c")).hasContent("one\ntwo\nthree\n");
    }

    @Test
    void aFileThatSomebodyEditedIsNotTakenForHalfAPatch() throws IOException {
        Path tree = tree();
        Path patch = Files.writeString(disk.resolve("0001.patch"), PATCH);
        Files.writeString(tree.resolve("a.c"), "one\nTWO\nthree\n");
        Files.writeString(tree.resolve("b.c"), "a developer's work\n");
        ledger.intent(
                "patch", new Undo.ReversePatch(Undo.Where.BUILD_HOST, tree.toString(), patch.toString(), 1, touched()));

        assertThat(changes.undoAll().failed())
                .singleElement()
                .asString()
                .contains("b.c was edited by somebody else", "By hand: git -C");

        assertThat(tree.resolve("b.c")).hasContent("a developer's work\n");
    }
}
