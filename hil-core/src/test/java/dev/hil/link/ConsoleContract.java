package dev.hil.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.hil.link.SerialConsole.Replug;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What every console does, whatever kind of line it is on. */
@Timeout(90)
abstract class ConsoleContract {
    static final Duration SOON = Duration.ofSeconds(20);

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    @SuppressWarnings("NullAway.Init") // see open()
    FarEnd far;

    @SuppressWarnings("NullAway.Init") // see open()
    SerialConsole console;

    /** Makes the line between the board's end and this host, and says where it is. */
    abstract LineAddress lay(FarEnd board) throws IOException;

    /** Cuts it. */
    abstract void cut() throws IOException;

    /** Mends it. */
    abstract void mend() throws IOException;

    @BeforeEach
    void open() throws IOException {
        assumeTrue(new LocalShell().exec(Command.script("command -v python3")).ok(), "python3 is not installed");
        far = new FarEnd(folder);
        console = SerialConsole.open(lay(far), Replug.AWAITED, folder.resolve("console.log"), DiskRoom.UNLIMITED);
    }

    @AfterEach
    void end() throws Exception {
        console.close();
        far.close();
    }

    private void awaitRecorded(long bytes) {
        await().atMost(SOON).until(() -> console.position() >= bytes);
    }

    @Test
    void everyByteOfABurstIsRecordedInOrder() throws IOException {
        byte[] bytes = new byte[300_000];
        new Random(3).nextBytes(bytes);

        far.say(bytes);
        awaitRecorded(bytes.length);
        console.close();

        assertThat(console.recording()).hasBinaryContent(bytes);
        assertThat(console.gaps()).isEmpty();
    }

    @Test
    void waitingEndsWithTheMatch() {
        long mark = console.position();
        far.say("U-Boot 2023.01\r\n\r\nvirtual login: ");

        assertThat(console.await(Pattern.compile("\\w+ login:"), mark, SOON)).isEqualTo("virtual login:");
        assertThat(console.tail(3)).isEqualTo("U-Boot 2023.01\n\nvirtual login:");
    }

    @Test
    void whatWasSentWhileItWasPluggedInIsKeptAndTheGapIsMarked() throws IOException {
        byte[] before = new byte[50_000];
        byte[] after = new byte[50_000];
        Arrays.fill(before, (byte) 'b');
        Arrays.fill(after, (byte) 'a');
        far.say(before);
        awaitRecorded(before.length);

        cut();
        await("the loss is noticed").atMost(SOON).until(() -> !console.isOpen());
        assertThat(console.name()).contains("lost, to be opened again");
        long lost = console.position();
        mend();
        await("the line is back").atMost(SOON).until(console::isOpen);
        long back = console.position();
        far.say(after);
        awaitRecorded(back + after.length);
        console.close();

        byte[] recorded = Files.readAllBytes(console.recording());
        assertThat(Arrays.copyOf(recorded, before.length)).isEqualTo(before);
        assertThat(Arrays.copyOfRange(recorded, recorded.length - after.length, recorded.length))
                .isEqualTo(after);
        assertThat(new String(
                        recorded,
                        before.length,
                        recorded.length - before.length - after.length,
                        StandardCharsets.UTF_8))
                .matches("\n\\[hil: the line was lost here: [^\n]+]\n\n\\[hil: the line is back; [^\n]+]\n");
        assertThat(console.gaps()).singleElement().satisfies(gap -> {
            assertThat(gap.position()).isEqualTo(before.length);
            assertThat(gap.why()).startsWith("the line was lost here: ");
        });
        assertThat(lost).isGreaterThan(before.length);
    }

    @Test
    void nothingIsTypedBeforeThePromptStandsAtTheEnd() {
        far.say("=> help\r\nno prompt any more");
        console.await(Pattern.compile("any more"), 0, SOON);

        assertThatExceptionOfType(InfrastructureException.class)
                .isThrownBy(() -> console.answer(Pattern.compile("=> $"), "boot\r", 0, Duration.ofMillis(200)))
                .withMessageContaining("nothing was typed")
                .withMessageContaining("no prompt any more");

        far.say("\r\n=> ");
        console.answer(Pattern.compile("=> $"), "version\r", 0, SOON);
        far.awaitHeard("version\r");
        assertThat(far.heard()).isEqualTo("version\r");
    }

    @Test
    void aByteOf255IsTypedAsOne() throws IOException {
        far.say("=> ");
        console.answer(Pattern.compile("=> $"), "\u00ff\r", 0, SOON);

        far.awaitHeard("\u00ff\r");
    }
}
