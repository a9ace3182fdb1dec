package dev.hil.board;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a boot said last, also after the console has gone on to the next. */
class LastLinesTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path folder;

    /** The emulated board had said this, and was reset by its watchdog: then U-Boot spoke. */
    @Test
    void aWedgedBootsLastLinesAreNotThoseOfTheBootLoaderAfterIt() throws IOException {
        Path fixtures = Path.of("../fixtures/klog/virtual");
        Path recording =
                Files.write(folder.resolve("console.log"), Files.readAllBytes(fixtures.resolve("abba.console")));
        Files.write(recording, Files.readAllBytes(fixtures.resolve("wedge.console")), StandardOpenOption.APPEND);

        ConsoleView view =
                ConsoleView.read(Optional.of(new RecordedConsole(recording, List.of())), 0, new ArrayList<>());

        assertThat(view.last().where()).isEqualTo("console");
        assertThat(view.last().lines())
                .isNotEmpty()
                .noneMatch(line -> line.contains("U-Boot") || line.contains("hil-canary-"))
                .last()
                .asString()
                .contains("hil-recorded");
    }

    @Test
    void aBootThatIsStillGoingOnHasNone() throws IOException {
        Path recording = Files.writeString(folder.resolve("console.log"), "[    1.000000] and on\n");

        assertThat(ConsoleView.read(Optional.of(new RecordedConsole(recording, List.of())), 0, new ArrayList<>())
                        .last())
                .isEqualTo(LastLines.NONE);
    }

    @Test
    void onlySoManyAreKeptAndNothingThatMovesATerminal() {
        String text = "\u001b[2Jfirst\n\n"
                + String.join(
                        "\n",
                        IntStream.range(0, 30).mapToObj(i -> "line " + i + "\r").toList());

        assertThat(LastLines.of("x", text).lines()).hasSize(20).endsWith("line 28", "line 29");
        assertThat(LastLines.of("x", "\u001b[2Jfirst\n").lines()).containsExactly("first");
    }

    @Test
    void whatIsNotKnownIsTakenFromElsewhere() {
        LastLines known = LastLines.of("pstore", "a\n");

        assertThat(LastLines.of("console", "\n").or(known)).isEqualTo(known);
        assertThat(known.or(LastLines.of("other", "b"))).isEqualTo(known);
    }
}
