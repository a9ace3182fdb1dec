package dev.hil.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** On a real pseudo-terminal, which python3 holds the other end of: what it gets on its input, the line carries. */
@Timeout(60)
class SerialConsoleTest {
    private static final String OTHER_END = """
            import os, sys, tty
            near, far = os.openpty()
            tty.setraw(near); tty.setraw(far)
            print(os.ttyname(far), flush=True)
            while True:
                data = os.read(0, 65536)
                if not data: break
                while data: data = data[os.write(near, data):]
            """;

    private final Path file;
    private final Process otherEnd;
    private final String device;
    private final SerialConsole console;

    SerialConsoleTest(@TempDir Path folder) throws IOException {
        assumeTrue(new LocalShell().exec(Command.script("command -v python3")).ok(), "python3 is not installed");
        file = folder.resolve("console.log");
        otherEnd = new ProcessBuilder("python3", "-c", OTHER_END).start();
        device = String.valueOf(otherEnd.inputReader().readLine());
        console = SerialConsole.open(device, 115_200, file);
    }

    @AfterEach
    void end() throws Exception {
        console.close();
        otherEnd.destroy();
        assertThat(otherEnd.waitFor(10, TimeUnit.SECONDS)).isTrue();
    }

    private void say(byte[] bytes) throws IOException {
        OutputStream line = otherEnd.getOutputStream();
        line.write(bytes);
        line.flush();
    }

    private void say(String text) throws IOException {
        say(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    @Test
    void everyByteOfABurstIsRecordedInOrder() throws IOException {
        byte[] bytes = new byte[300_000];
        new Random(3).nextBytes(bytes);

        say(bytes);
        await().atMost(Duration.ofSeconds(20)).until(() -> console.position() >= bytes.length);
        console.close();

        assertThat(file).hasBinaryContent(bytes);
        assertThat(console.recording()).isEqualTo(file);
    }

    @Test
    void waitingEndsWithTheMatch() throws IOException {
        long mark = console.position();
        say("U-Boot 2023.01\r\n\r\nvirtual login: ");

        assertThat(console.await(Pattern.compile("\\w+ login:"), mark, Duration.ofSeconds(20)))
                .isEqualTo("virtual login:");
        assertThat(console.tail(3)).isEqualTo("U-Boot 2023.01\n\nvirtual login:");
        assertThat(console.name()).isEqualTo(device + " at 115200 baud");
    }

    @Test
    void aLineThatEndsIsNoticedAndSaidToHave() throws Exception {
        say("last words\n");
        console.await(Pattern.compile("last words"), 0, Duration.ofSeconds(20));

        otherEnd.destroy();

        await().atMost(Duration.ofSeconds(10)).until(() -> !console.isOpen());
        assertThat(console.name()).contains("was the adapter pulled out, or the board's emulator ended?");
        assertThatExceptionOfType(InfrastructureException.class)
                .isThrownBy(() -> console.await(Pattern.compile("login:"), 0, Duration.ofSeconds(30)))
                .withMessageContaining("console " + device)
                .withMessageContaining("it was closed")
                .withMessageContaining("last words");
    }

    @Test
    void aDeviceThatIsNotThereIsNamedWithWhatToLookAt() {
        assertThatExceptionOfType(InfrastructureException.class)
                .isThrownBy(() -> SerialConsole.open("/dev/ttyNoSuchLine", 115_200, file))
                .withMessageContaining("/dev/ttyNoSuchLine");
    }
}
