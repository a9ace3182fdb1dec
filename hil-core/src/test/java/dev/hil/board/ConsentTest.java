package dev.hil.board;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.hil.link.InfrastructureException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConsentTest {
    private final List<String> questions = new ArrayList<>();

    @TempDir
    private Path folder;

    @AfterEach
    void forget() {
        System.clearProperty("hil.consent");
    }

    private BoardDefinition board(String name, String attended) throws IOException {
        Files.writeString(folder.resolve(name + ".toml"), """
                name = "%s"
                capture = "ramoops"
                [ssh]
                host = "lab"
                [boot]
                menu = "/boot/extlinux/extlinux.conf"
                safe = "good"
                test = "new"
                [ramoops]
                address = 0x110000
                size = 0xf0000
                [attended]
                reboot = "%s"
                """.formatted(name, attended));
        return new BoardDefinitions(folder).get(name);
    }

    private void ask(BoardDefinition board, @Nullable String answer) {
        Consent.toReboot(board, Optional.of(question -> {
            questions.add(question);
            return answer;
        }));
    }

    @Test
    void aBoardThatIsFreeNeedsNone() throws IOException {
        ask(board("free", "free"), "n");

        assertThat(questions).isEmpty();
    }

    @Test
    void whoSitsAtTheTerminalIsAskedOnceForTheWholeRun() throws IOException {
        BoardDefinition board = board("asked", "ask");

        ask(board, " Y ");
        ask(board, "n");

        assertThat(questions).singleElement().asString().contains("Board asked", "ssh lab who", "[y/N]");
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", "n", "no", "yesterday"})
    void whatIsNoYesIsANo(@Nullable String answer) throws IOException {
        BoardDefinition board = board("refused", "ask");

        assertThatExceptionOfType(InfrastructureException.class)
                .isThrownBy(() -> ask(board, answer))
                .withMessageContaining("board refused is not rebooted without consent")
                .withMessageContaining("-Dhil.consent=reboot");
    }

    @Test
    void withoutATerminalTheCommandLineConsents() throws IOException {
        BoardDefinition board = board("alone", "ask");
        assertThatExceptionOfType(InfrastructureException.class)
                .isThrownBy(() -> Consent.toReboot(board, Optional.empty()))
                .withMessageContaining("ssh lab who");

        System.setProperty("hil.consent", "reboot");

        assertThatCode(() -> Consent.toReboot(board, Optional.empty())).doesNotThrowAnyException();
    }
}
