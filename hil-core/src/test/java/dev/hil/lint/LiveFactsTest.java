package dev.hil.lint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hil.board.BoardDefinition;
import dev.hil.link.LocalShell;
import dev.hil.link.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The questions are asked of this host, as of any Linux machine: reading is all they do. */
class LiveFactsTest {
    @TempDir
    Path folder;

    @Test
    void thisHostAnswers() throws IOException {
        Path menu = Files.writeString(folder.resolve("it's a menu"), "DEFAULT safe\nLABEL safe\n LINUX /boot/Image\n");
        Path tree = Files.createDirectories(folder.resolve("tree"));
        Files.writeString(tree.resolve(".config"), "CONFIG_LOCALVERSION=\"-here\"\n");
        BoardDefinition definition = new Given(folder)
                .with("/boot/extlinux/extlinux.conf", menu.toString())
                .with("/src/linux", tree.toString())
                .definition();

        BoardFacts facts = LiveFacts.read(new LocalShell(), Optional.of(new LocalShell()), definition)
                .board();

        String release = Files.readString(Path.of("/proc/sys/kernel/osrelease")).strip();
        assertThat(facts.release().known()).contains(release);
        assertThat(facts.bootId().known()).isPresent();
        assertThat(facts.commandLine().known()).isPresent();
        assertThat(facts.systemdPstore().known()).isPresent();
        assertThat(facts.menu().known())
                .get()
                .extracting(found -> found.defaultLabel())
                .isEqualTo("safe");
        assertThat(facts.treeConfig().known())
                .get()
                .extracting(config -> config.get("LOCALVERSION"))
                .isEqualTo("-here");
        assertThat(Sha256.of(Files.readAllBytes(menu)))
                .isEqualTo(
                        Sha256.of("DEFAULT safe\nLABEL safe\n LINUX /boot/Image\n".getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void whatCannotBeReadIsNotKnown() {
        BoardDefinition definition = new Given(folder)
                .with("/boot/extlinux/extlinux.conf", folder.resolve("no menu").toString())
                .definition();

        BoardFacts facts =
                LiveFacts.read(new LocalShell(), Optional.empty(), definition).board();

        assertThat(facts.menu()).isInstanceOf(Fact.Unknown.class);
        assertThat(facts.treeConfig()).isInstanceOf(Fact.Unknown.class);
    }

    @Test
    void anAnswerThatIsCutOffOrFailedIsLeftOut() {
        assertThat(LiveFacts.pieces("a\0one\0" + "0\0" + "b\0two\0" + "1\0" + "a\0again\0" + "0\0" + "c\0cut"))
                .isEqualTo(Map.of("a", "one"));
        assertThat(LiveFacts.pieces("")).isEmpty();
    }
}
