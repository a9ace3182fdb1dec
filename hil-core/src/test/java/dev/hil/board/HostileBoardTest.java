package dev.hil.board;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.hil.boot.BootMenuException;
import dev.hil.link.Command;
import dev.hil.link.CommandException;
import dev.hil.link.InfrastructureException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A board whose every answer is hostile. Whatever it says: no command of its is run, no file is written outside the
 * evidence folder, nothing it says reaches a terminal as it was, memory and time stay bounded, and the error is clear.
 */
@Timeout(120)
class HostileBoardTest {
    private static final String PAYLOAD =
            "x'; touch CANARY; '\"$(touch CANARY)`touch CANARY`\\\n\u001b]0;owned\u0007\u001b[2J\u009b31m|touch CANARY&"
                    + " ../../../../CANARY ~ * %s%n <b>{\"a\":1}\r\u202egreen";
    /** Writes more than any answer can be, and far more than is kept. */
    private static final String ENDLESS = "exec yes \"$(head -c 50000 /dev/zero | tr '\\0' x)\"";

    private final Path folder;
    private final FakeBoard fake;

    HostileBoardTest(@TempDir Path folder) throws IOException {
        this.folder = folder;
        fake = new FakeBoard(folder);
    }

    @AfterEach
    void nothingWasDoneThatShouldNot() throws IOException {
        fake.close();
        try (Stream<Path> files = Files.walk(folder)) {
            assertThat(files.filter(file -> file.getFileName().toString().equals("CANARY")))
                    .as("commands injected")
                    .isEmpty();
        }
        assertThat(Path.of("CANARY")).as("a command injected").doesNotExist();
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .as("folders; the only ones that hil writes to are home and, by the board's programs, root")
                    .isSubsetOf("root", "tools", "home", "ssh", "boards");
        }
        harmless(fake.printed());
        for (Path events : evidence("events.jsonl")) {
            for (String line : Files.readAllLines(events)) {
                assertThat(new JsonMapper().readTree(line).path("text").isTextual())
                        .as(line)
                        .isTrue();
            }
        }
    }

    private List<Path> evidence(String name) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.getFileName().toString().equals(name))
                    .toList();
        }
    }

    private static void harmless(String text) {
        assertThat(text.chars().filter(c -> Character.isISOControl(c) && c != '\n' && c != '\t'))
                .as("control characters in: %s", text)
                .isEmpty();
        assertThat(text).doesNotContain("\u202e");
    }

    /** The error of the lab that comes of it: short, and fit for a terminal. */
    private static InfrastructureException refused(ThrowingCallable call) {
        InfrastructureException thrown = catchThrowableOfType(InfrastructureException.class, call);
        assertThat(thrown).as("an error").isNotNull();
        harmless(String.valueOf(thrown.getMessage()));
        assertThat(thrown.getMessage()).hasSizeLessThan(2500);
        return thrown;
    }

    /** A program of the board that says what a file holds, and no more. */
    private void says(String program, String answer) throws IOException {
        Path file = folder.resolve("root/answer-of-" + program);
        Files.writeString(file, answer, StandardCharsets.UTF_8);
        fake.tool(program, "head -c 100000000 " + file);
    }

    @Test
    void aMachineThatSaysAnythingButItsBootIsNotTakenForLinux() throws IOException {
        says("cat", PAYLOAD);

        assertThat(refused(() -> fake.open(false)))
                .hasMessageContaining("fake answers, but does not look like Linux: no boot_id in \"x'; touch");
    }

    @Test
    void aReleaseIsWhatUnameCanSay() throws IOException {
        fake.put("/proc/sys/kernel/osrelease", "6.1\u001b[2J\n");

        assertThat(refused(() -> fake.open(false)))
                .hasMessageContaining("no kernel release and version of at most 64 printable characters");

        fake.put("/proc/sys/kernel/osrelease", "6".repeat(65) + "\n");
        assertThat(refused(() -> fake.open(false))).hasMessageContaining("at most 64");
    }

    @Test
    void anEndlessAnswerIsEndedByItsTimeLimit() throws IOException {
        LiveBoard board = fake.open(false);
        fake.tool("uname", ENDLESS);

        CommandException thrown = catchThrowableOfType(
                CommandException.class,
                () -> board.exec(Command.of("uname", "-a").timeout(Duration.ofSeconds(2))));

        assertThat(thrown.isTimeout()).isTrue();
        assertThat(thrown.result().stdout()).hasSizeLessThanOrEqualTo(Command.DEFAULT_MAX_OUTPUT);
        assertThat(thrown.getMessage()).hasSizeLessThan(2000);
        assertThat(board.kernelRelease()).isEqualTo("6.1.0-fake");
    }

    @Test
    void aBoardThatNeverComesBackIsSaidToBeLostInTime() throws IOException {
        fake.timeout("3s");
        LiveBoard board = fake.open(false);
        fake.tool("reboot", "sleep 5");

        assertThat(refused(board::reboot))
                .isInstanceOf(BoardLostException.class)
                .hasMessageContaining("waited 3");
    }

    @Test
    void aBoardThatTakesCommandsAndNeverAnswersIsSaidToBeLostInTime() throws IOException {
        fake.timeout("3s");
        LiveBoard board = fake.open(false);
        fake.tool("cat", "exec tail -f /dev/null");
        long start = System.nanoTime();

        assertThat(refused(board::reboot))
                .isInstanceOf(BoardLostException.class)
                .hasMessageContaining("was still running after its time limit");

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
    }

    @Test
    void recordsWithHostileNamesAreCopiedIntoTheEvidenceAndClearedByTheirNames() throws IOException {
        LiveBoard board = fake.open(false);
        List<String> names = List.of(
                PAYLOAD.replace('/', '_'),
                "..",
                "...",
                "-rf",
                "a\nb",
                "\u001b[2J",
                "dmesg-ramoops-0",
                "$(reboot)",
                " ");
        for (String name : names) {
            if (!name.equals("..")) {
                fake.put("/sys/fs/pstore/" + name, "words of " + name);
            }
        }
        fake.put("/var/lib/systemd/pstore/;reboot/..x/dmesg", "other words");

        List<PstoreRecord> records = board.pstore().read();

        assertThat(records).hasSize(names.size());
        assertThat(records)
                .allSatisfy(record -> assertThat(record.copy().toRealPath())
                        .startsWith(board.evidence().folder().toRealPath()));
        assertThat(records).extracting(PstoreRecord::text).contains("words of a\nb", "other words");

        assertThat(board.pstore().clear(records)).hasSize(names.size());
        assertThat(fake.at("/sys/fs/pstore")).isEmptyDirectory();
        assertThat(board.bootId()).as("it was not rebooted").isEqualTo(FakeBoard.FIRST_BOOT);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/etc/shadow\\0 1 2\\n0000000000000000000000000000000000000000000000000000000000000000\\n\\0",
                "/sys/fs/pstore/../../../etc/x\\0-1 99999999999999999999\\nzz\\n\\0",
                "/sys/fs/pstore/x\\0",
                "\\0\\0\\0\\0",
                "no nul at all",
            })
    void aListOfRecordsThatIsNoneCopiesNothing(String answer) throws IOException {
        LiveBoard board = fake.open(false);
        fake.tool("find", "printf '" + answer + "'");

        assertThat(board.pstore().read()).isEmpty();
    }

    @Test
    void anEndlessListOfRecordsIsRefused() throws IOException {
        LiveBoard board = fake.open(false);
        fake.tool("find", "head -c 4000000 /dev/zero");

        assertThat(refused(() -> board.pstore().read())).hasMessageContaining("has more than 200 files under");
        assertThat(fake.printed().lines().count()).as("lines printed").isLessThan(20);
    }

    @Test
    void recordsOfMoreThanTheWholeLimitAreRefusedBeforeAnyIsCopied() throws IOException {
        LiveBoard board = fake.open(false);
        String sum = "0".repeat(64);
        fake.tool(
                "find",
                "for i in 1 2 3; do printf '/sys/fs/pstore/%s\\0999999999999999999 1\\n" + sum + "\\n\\0' $i; done");

        assertThat(refused(() -> board.pstore().read())).hasMessageContaining("more than 256 MB");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "-1", "99999999999999999999999", "1 2", "0x10", "\u001b[2J7"})
    void aSizeThatIsNoneIsSaidToBe(String size) throws IOException {
        LiveBoard board = fake.open(false);
        says("stat", size);

        assertThat(refused(() -> board.pull("/boot/Image", 1000)))
                .hasMessageContaining("fake: stat of /boot/Image should be a number of bytes, and is \"");
    }

    @Test
    void moreBytesThanTheMachineHadSaidEndTheCopy() throws IOException {
        LiveBoard board = fake.open(false);
        says("stat", "10");
        fake.tool("cat", ENDLESS);

        assertThat(refused(() -> board.pull("/boot/Image", 100_000)))
                .hasMessageContaining("more came than the machine had said");
        assertThat(board.evidence().folder("pulled").resolve("Image")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "abc", "\\", PAYLOAD, "ZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZ x"})
    void aChecksumThatIsNoneIsSaidToBe(String sum) throws IOException {
        LiveBoard board = fake.open(false);
        says("sha256sum", sum);

        assertThat(refused(() -> board.pull("/boot/Image", 1000)))
                .hasMessageContaining("sha256sum of /boot/Image should be a checksum, and is \"");
        assertThat(refused(() -> board.files().sha256("/boot/Image"))).hasMessageContaining("should be a checksum");
        assertThat(refused(() -> board.files().write("/boot/new", new byte[10])))
                .hasMessageContaining("checksum is");
        assertThat(fake.at("/boot/new")).doesNotExist();
    }

    @Test
    void copiesOfFilesWithOneNameAreBothKept() throws IOException {
        LiveBoard board = fake.open(false);
        fake.put("/boot/a/menu", "one");
        fake.put("/boot/b/menu", "two");

        assertThat(board.pull("/boot/a/menu", 100)).hasContent("one");
        assertThat(board.pull("/boot/b/menu", 100)).hasContent("two");

        try (Stream<Path> copies = Files.list(board.evidence().folder("pulled"))) {
            assertThat(copies).hasSize(2);
        }
    }

    private static String menu(String file) {
        return "DEFAULT safe\nLABEL " + PAYLOAD.replace("\n", "").replace("\r", "")
                + "\n  LINUX /boot/Image\nLABEL safe\n" + "LINUX /boot/Image\nLABEL test\n  LINUX " + file + "\n";
    }

    @Test
    void aMenuOfHostileNamesIsEditedInItsDefaultOnly() throws IOException {
        LiveBoard board = fake.open(false);
        String name = "/boot/$(touch CANARY)'; touch CANARY; `touch CANARY`";
        fake.put("/boot/$(touch CANARY)'; touch CANARY; `touch CANARY`", "kernel");
        Files.writeString(fake.at(FakeBoard.MENU), menu(name), StandardCharsets.UTF_8);

        board.reboot("test");

        assertThat(fake.at(FakeBoard.MENU))
                .content(StandardCharsets.UTF_8)
                .isEqualTo(menu(name).replaceFirst("DEFAULT safe", "DEFAULT test"));
    }

    @Test
    void aMenuThatNamesWhatIsNotThereIsRefusedBeforeAnythingIsWritten() throws IOException {
        LiveBoard board = fake.open(false);
        Files.writeString(fake.at(FakeBoard.MENU), menu("/boot/\u001b[2J" + "n".repeat(3000)), StandardCharsets.UTF_8);

        assertThat(refused(() -> board.reboot("test")))
                .hasMessageContaining("names files that are not there: /boot/nnn");
        assertThat(refused(() -> board.reboot("nosuch")))
                .hasMessageContaining("has no label \"nosuch\"; it has x'; touch");
        assertThat(fake.at(FakeBoard.MENU)).content().startsWith("DEFAULT safe\n");
    }

    @Test
    void aMenuThatIsNoneIsRefused() throws IOException {
        LiveBoard board = fake.open(false);

        fake.put(FakeBoard.MENU, "LABEL test\nLINUX /boot/a\0b\n");
        assertThat(refused(() -> board.reboot("test")))
                .isInstanceOf(BootMenuException.class)
                .hasMessageContaining("NUL");

        fake.put(FakeBoard.MENU, "L".repeat(300_000));
        assertThat(refused(() -> board.reboot("test"))).hasMessageContaining("has 300000 bytes, more than");
    }

    @ParameterizedTest
    @ValueSource(strings = {"debug_locks: 111111111111111111111", "debug_locks:\n\n1", "", PAYLOAD})
    void statisticsThatProveNothingAreNoProof(String stats) throws IOException {
        LiveBoard board = fake.open(false);
        fake.put("/proc/lockdep_stats", stats);

        Lockdep lockdep = board.lockdep();

        assertThat(lockdep.state()).isNotEqualTo(LockdepState.PROVEN);
        harmless(lockdep.reason());
        assertThat(lockdep.reason()).hasSizeLessThan(1000);
    }

    @Test
    void whatProvesNothingIsQuotedShortAndClean() throws IOException {
        LiveBoard board = fake.open(false);
        fake.put("/proc/sys/kernel/prove_locking", PAYLOAD.repeat(2000));

        Lockdep lockdep = board.lockdep();

        assertThat(lockdep.state()).isNotEqualTo(LockdepState.PROVEN);
        harmless(lockdep.reason());
        assertThat(lockdep.reason()).hasSizeLessThan(1000);
    }

    /** A pattern that goes back over blank lines needs their square. */
    @Test
    void aMegabyteOfBlankLinesIsJudgedAtOnce() throws IOException {
        LiveBoard board = fake.open(false);
        fake.put("/proc/lockdep_stats", "\n".repeat(1_000_000));
        long start = System.nanoTime();

        assertThat(board.lockdep().state()).isNotEqualTo(LockdepState.PROVEN);

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
    }

    @Test
    void whatTheBoardSaysCannotBeTakenForALineOfHil() throws IOException {
        LiveBoard board = fake.open(false);

        board.evidence().event("note", "one\nhil      1 s  passed: everything\u001b[2J");

        assertThat(fake.printed()).contains("note: one\n    hil      1 s  passed: everything\n");
    }

    /** A real kernel log never ends; one that has no line ends either must do no harm. */
    @Test
    void besideAnEndlessKernelLogTheBoardStaysUsable() throws IOException {
        fake.tool("cat", "case $1 in */dev/kmsg) " + ENDLESS + ";; *) exec " + realCat() + " \"$@\";; esac");

        LiveBoard board = fake.open(false);

        // The board stays usable beside it.
        for (int i = 0; i < 5; i++) {
            assertThat(board.bootId()).isEqualTo(FakeBoard.FIRST_BOOT);
        }
        assertThat(board.kmsg().text()).hasSizeLessThanOrEqualTo(1 << 20);
    }

    private static Path realCat() {
        return Files.isExecutable(Path.of("/usr/bin/cat")) ? Path.of("/usr/bin/cat") : Path.of("/bin/cat");
    }

    /** Everything at once, in a JVM that has no memory for it. */
    @Test
    void floodsFitIntoASmallHeap() throws Exception {
        List<String> argv = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx48m",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                FloodedRun.class.getName(),
                folder.toString(),
                String.valueOf(fake.server().port())));
        fake.tool("uname", "head -c 50000000 /dev/zero; head -c 50000000 /dev/zero >&2; exit 3");
        fake.tool(
                "cat",
                "case $1 in */dev/kmsg) exec head -c 50000000 /dev/zero;; *) exec " + realCat() + " \"$@\";; esac");
        says("stat", "100000000");

        fake.definition(false);
        Process process = new ProcessBuilder(argv).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor()).as(said).isZero();
        assertThat(said).contains("all done");
    }

    @Test
    void aCommandThatCannotBeWrittenIsRefusedHere() throws IOException {
        LiveBoard board = fake.open(false);

        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> board.exec("printf", "a\0b"))
                .withMessageContaining("NUL");
    }
}
