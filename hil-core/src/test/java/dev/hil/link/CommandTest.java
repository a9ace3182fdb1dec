package dev.hil.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;

class CommandTest {
    @Test
    void aCommandNeedsAProgram() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Command.of(List.of()))
                .withMessage("a command needs a program to run");
    }

    @Test
    void valuesAreNeverPartOfAScriptsText() {
        Command command = Command.script("rm -- \"$1\"", "$(reboot)");

        assertThat(command.argv()).containsExactly("sh", "-c", "rm -- \"$1\"", "sh", "$(reboot)");
        assertThat(command.line()).isEqualTo("sh -c 'rm -- \"$1\"' sh '$(reboot)'");
    }

    @Test
    void aMessageShowsALongCommandOnOneShortLine() {
        Command command = Command.script("one\ntwo\n" + "x".repeat(1000));

        assertThat(command.forMessage())
                .startsWith("sh -c 'one two x")
                .hasSize(200)
                .endsWith("...");
    }
}
