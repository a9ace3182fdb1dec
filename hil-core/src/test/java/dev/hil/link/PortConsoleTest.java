package dev.hil.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.hil.link.SerialConsole.Replug;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class PortConsoleTest extends ConsoleContract {
    @Override
    LineAddress lay(FarEnd board) {
        return new LineAddress.Port(board.device().toString(), 115_200);
    }

    @Override
    void cut() {
        far.unplug();
    }

    @Override
    void mend() {
        far.plugIn();
    }

    @Test
    void aLineThatIsNotAwaitedEndsForGood() {
        console.close();
        console = SerialConsole.open(lay(far), Replug.NEVER, folder.resolve("once.log"), DiskRoom.UNLIMITED);
        far.say("last words\n");
        console.await(Pattern.compile("last words"), 0, SOON);

        far.unplug();

        await().atMost(SOON).until(() -> !console.isOpen());
        assertThat(console.name())
                .startsWith(far.device() + " at 115200 baud (closed: ")
                .contains("was the adapter pulled out, or the board's emulator ended?");
        assertThat(console.gaps()).isEmpty();
        assertThatExceptionOfType(InfrastructureException.class)
                .isThrownBy(() -> console.await(Pattern.compile("login:"), 0, SOON))
                .withMessageContaining("console " + far.device())
                .withMessageContaining("it was closed")
                .withMessageContaining("last words");
    }

    @Test
    void aDeviceThatIsNotThereIsNamedWithWhatToLookAt() {
        assertThatExceptionOfType(InfrastructureException.class)
                .isThrownBy(() -> new LineAddress.Port("/dev/ttyNoSuchLine", 115_200).open())
                .withMessageContaining("/dev/ttyNoSuchLine");
    }

    @Test
    void aSecondReaderIsNamed() throws IOException, InterruptedException {
        console.close();
        Process reader = new ProcessBuilder("sleep", "60")
                .redirectInput(far.device().toFile())
                .start();
        try {
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(PortUsers.of(far.device())).contains("sleep (pid " + reader.pid()));

            assertThatExceptionOfType(InfrastructureException.class)
                    .isThrownBy(() -> lay(far).open())
                    .withMessageContaining("is read by sleep (pid " + reader.pid())
                    .withMessageContaining("of two readers each gets a part");
        } finally {
            reader.destroyForcibly();
            assertThat(reader.waitFor(10, TimeUnit.SECONDS)).isTrue();
        }
    }
}
