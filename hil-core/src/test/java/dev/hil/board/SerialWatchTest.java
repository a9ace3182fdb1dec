package dev.hil.board;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hil.klog.Finding;
import dev.hil.klog.Kind;
import dev.hil.klog.KnownIssues;
import dev.hil.link.Console;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SerialWatchTest {
    private final Path file;
    private final List<Console.Gap> gaps = new ArrayList<>();
    private final SerialWatch watch;

    SerialWatchTest(@TempDir Path folder) throws IOException {
        file = Files.createFile(folder.resolve("console.log"));
        watch = new SerialWatch(new RecordedConsole(file, gaps), KnownIssues.none(), new Unheard());
    }

    @BeforeEach
    void firstBoot() throws IOException {
        say("[    0.000000] Booting Linux\n");
        watch.arrived(Canary.random());
    }

    private void say(String text) throws IOException {
        Files.writeString(file, text, StandardOpenOption.APPEND);
    }

    private void lose() throws IOException {
        gaps.add(new Console.Gap(Files.size(file), "the line was lost here"));
    }

    @Test
    void aConsoleThatWasNeverLostHasAllOfIt() {
        assertThat(watch.isWhole()).isTrue();
    }

    @Test
    void aGapInThisBootIsRemembered() throws IOException {
        lose();
        say("[    2.000000] later\n");

        assertThat(watch.isWhole()).isFalse();
    }

    @Test
    void aGapInTheBootBeforeSaysNothingOfThisOne() throws IOException {
        lose();
        say("[    2.000000] reboot: Restarting system\n");
        watch.leaving();
        say("[    0.000000] Booting Linux\n");
        watch.arrived(Canary.random());

        assertThat(watch.isWhole()).isTrue();
    }

    @Test
    void aGapWhileTheNextBootBeganIsThatBoots() throws IOException {
        watch.leaving();
        say("[    2.000000] reboot: Restarting system\n");
        lose();
        watch.arrived(Canary.random());

        assertThat(watch.isWhole()).isFalse();
    }

    @Test
    void aLostLinkThatComesBackToTheSameBootForgetsNoGap() throws IOException {
        lose();
        watch.leaving();
        say("[    9.000000] still the same boot\n");

        assertThat(watch.isWhole()).isFalse();
    }

    private static final class Unheard implements LogScan.Listener {
        @Override
        public void begun(LogScan scan, int boot, long line, Kind kind, String headline, long offset) {
            // Not what these tests are about, nor are the others.
        }

        @Override
        public void found(LogScan scan, Finding finding) {}

        @Override
        public void bootEnded(LogScan scan, dev.hil.klog.Boot boot) {}
    }
}
