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
    void aScriptAsksForRootsRightsOneProgramAtATime() {
        Command command = Command.rootScript("as_root rm -- \"$1\"", "/a b");

        assertThat(command.vector(true))
                .containsExactly(
                        "sh",
                        "-c",
                        "root='sudo -n --'; as_root() { $root \"$@\"; }; as_root rm -- \"$1\"",
                        "sh",
                        "/a b");
        assertThat(command.vector(false))
                .containsExactly(
                        "sh", "-c", "root=''; as_root() { $root \"$@\"; }; as_root rm -- \"$1\"", "sh", "/a b");
        assertThat(command.forMessage()).isEqualTo("sh -c 'as_root rm -- \"$1\"' sh '/a b'");
    }

    @Test
    void whatNeedsNoRightsNeverGoesThroughSudo() {
        assertThat(Command.of("uname", "-r").vector(true)).containsExactly("uname", "-r");
        assertThat(Command.of("sync").root().vector(true)).containsExactly("sudo", "-n", "--", "sync");
        assertThat(Command.of("sync").root().vector(false)).containsExactly("sync");
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
