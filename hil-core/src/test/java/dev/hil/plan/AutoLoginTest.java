package dev.hil.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hil.link.LocalShell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The settings of display managers, read by the real script from a folder that stands for a board's root. */
class AutoLoginTest {
    private final Path root;

    AutoLoginTest(@TempDir Path root) {
        this.root = root;
    }

    private void put(String file, String text) throws IOException {
        Path path = Path.of(root + file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }

    private void starts(String unit) throws IOException {
        Path link = Path.of(root + "/etc/systemd/system/display-manager.service");
        Files.createDirectories(link.getParent());
        Files.createSymbolicLink(link, Path.of("/usr/lib/systemd/system/" + unit));
    }

    private AutoLogin read() {
        return AutoLogin.read(new LocalShell(), root.toString());
    }

    @Test
    void aBoardWithoutADisplayManagerSaysSo() {
        assertThat(read()).hasToString("there is no display manager");
        assertThat(read().isUnknown()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            sddm.service    | /etc/sddm.conf.d/autologin.conf              | [Autologin];User=mf;Session=plasma    | 2
            sddm.service    | /etc/sddm.conf                               | [Theme];x=1;[Autologin];User = mf     | 4
            gdm.service     | /etc/gdm/custom.conf                         | [daemon];AutomaticLoginEnable=True    | 2
            gdm3.service    | /etc/gdm3/daemon.conf                        | [daemon];TimedLoginEnable = true      | 2
            lightdm.service | /etc/lightdm/lightdm.conf                    | [Seat:*];autologin-user=mf            | 2
            lightdm.service | /etc/lightdm/lightdm.conf.d/50-x.conf        | [SeatDefaults];autologin-guest=true   | 2
            greetd.service  | /etc/greetd/config.toml                      | [terminal];vt = 1;[initial_session]   | 3
            """)
    void autoLoginIsFoundWithFileAndLine(String unit, String file, String text, int line) throws IOException {
        starts(unit);
        put(file, text.replace(';', '\n'));

        assertThat(read().settings().values()).singleElement().asString().startsWith(file + ":" + line);
        assertThat(read().toString()).contains("logs somebody in by itself").contains(file + ":" + line);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            sddm.service    | /etc/sddm.conf.d/autologin.conf.disabled | [Autologin];User=mf
            sddm.service    | /etc/sddm.conf.d/autologin.conf          | [Autologin];#User=mf;User=
            sddm.service    | /etc/sddm.conf                           | [Users];User=mf
            gdm.service     | /etc/gdm/custom.conf                     | [daemon];AutomaticLoginEnable=false;AutomaticLogin=mf
            lightdm.service | /etc/lightdm/lightdm.conf                | [Seat:*];#autologin-user=mf
            lightdm.service | /etc/sddm.conf                           | [Autologin];User=mf
            """)
    void whatIsOffOrAnotherOnesIsNone(String unit, String file, String text) throws IOException {
        starts(unit);
        put(file, text.replace(';', '\n'));

        assertThat(read().settings()).isEmpty();
        assertThat(read().toString()).endsWith("logs nobody in by itself");
    }

    @Test
    void theLastFileCounts() throws IOException {
        starts("sddm.service");
        put("/usr/lib/sddm/sddm.conf.d/00.conf", "[Autologin]\nUser=vendor\n");
        put("/etc/sddm.conf.d/10.conf", "[Autologin]\nUser=\n");

        assertThat(read().settings()).isEmpty();
    }

    @Test
    void aDisplayManagerThatCannotBeReadIsNotTakenForHarmless() throws IOException {
        starts("ly.service");

        assertThat(read().isUnknown()).isTrue();
        assertThat(read().toString()).contains("ly").contains("preflight.auto_login = \"off\"");
    }
}
