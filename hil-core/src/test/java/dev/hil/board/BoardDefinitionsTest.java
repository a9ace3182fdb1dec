package dev.hil.board;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.hil.link.LineAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.AbstractStringAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class BoardDefinitionsTest {
    /** As short as a definition can be. */
    private static final String SMALLEST = """
            name = "tiny"
            capture = "ramoops"
            [ssh]
            host = "tiny.lab"
            [boot]
            menu = "/boot/extlinux/extlinux.conf"
            safe = "good"
            test = "new"
            [ramoops]
            address = 0x110000
            size = 0xf0000
            """;

    private final Path folder;
    private final BoardDefinitions definitions;

    BoardDefinitionsTest(@TempDir Path folder) throws IOException {
        this.folder = Files.createDirectories(folder.resolve("boards"));
        this.definitions = new BoardDefinitions(this.folder);
    }

    static List<String> definitionsOfTheProject() {
        return new BoardDefinitions(Path.of("../fixtures/boards")).names();
    }

    @ParameterizedTest
    @MethodSource("definitionsOfTheProject")
    void definitionsOfTheProjectAreRight(String name) {
        BoardDefinition definition = new BoardDefinitions(Path.of("../fixtures/boards")).get(name);

        assertThat(definition.name()).isEqualTo(name);
        assertThat(definition.kernel())
                .get()
                .extracting(BoardDefinition.Kernel::series)
                .satisfies(series -> assertThat(series.resolve("series")).isRegularFile());
    }

    @Test
    void theProjectDefinesTheOwnersBoardAndTheEmulatedOne() {
        assertThat(definitionsOfTheProject()).contains("ampere", "virtual");
    }

    @Test
    void theSmallestDefinitionGetsSafeDefaults() {
        BoardDefinition tiny = get(SMALLEST);

        assertThat(tiny.provider()).isEqualTo("ssh");
        assertThat(tiny.ssh()).isEqualTo(new BoardDefinition.Ssh("tiny.lab", false, Optional.empty()));
        assertThat(tiny.boot().timeout()).isEqualTo(Duration.ofMinutes(3));
        assertThat(tiny.ramoops()).contains(new BoardDefinition.Ramoops(0x110000, 0xf0000));
        assertThat(tiny.kernel()).isEmpty();
        assertThat(tiny.console()).isEmpty();
        assertThat(tiny.attended().askBeforeReboot()).isFalse();
    }

    @Test
    void everythingThatCanBeWrittenIsRead() {
        BoardDefinition board = get(SMALLEST.replace("\"new\"", "\"new\"\ntimeout = \"2m30s\"") + """
                [console]
                device = "/dev/ttyUSB0"
                baud = 1_500_000
                [kernel]
                tree = "~/src/linux"
                build = "/build"
                where = "board"
                make = ["LOCALVERSION=-x", "V=1"]
                cross = "aarch64-linux-gnu-"
                arch = "arm64"
                series = "../series/mine"
                [attended]
                reboot = "ask"
                [smoke.decode]
                command = "ffmpeg -i x"
                frame = 'frame=(\\d+)'
                frames = 600
                timeout = "90s"
                [smoke.other]
                command = "true"
                frame = "x"
                frames = 1
                """);

        assertThat(board.boot().timeout()).isEqualTo(Duration.ofSeconds(150));
        assertThat(board.console())
                .contains(new BoardDefinition.Serial(new LineAddress.Port("/dev/ttyUSB0", 1_500_000), 1_500_000));
        assertThat(board.attended().askBeforeReboot()).isTrue();
        BoardDefinition.Kernel kernel = board.kernel().orElseThrow();
        assertThat(kernel.tree()).isEqualTo("~/src/linux");
        assertThat(kernel.build()).contains("/build");
        assertThat(kernel.onBoard()).isTrue();
        assertThat(kernel.make())
                .containsExactly("LOCALVERSION=-x", "V=1", "CROSS_COMPILE=aarch64-linux-gnu-", "ARCH=arm64");
        assertThat(kernel.series())
                .as("beside the definition, not beside the JVM")
                .isEqualTo(folder.resolveSibling("series/mine"));
        assertThat(board.smoke("decode"))
                .isEqualTo(new BoardDefinition.Smoke(
                        "decode", "ffmpeg -i x", "frame=(\\d+)", 600, Duration.ofSeconds(90), false));
        assertThat(board.smokes()).containsOnlyKeys("decode", "other");
    }

    @Test
    void aKernelMayBeBuiltInAContainer() {
        BoardDefinition board = get(SMALLEST + """
                [kernel]
                tree = "~/src/linux"
                series = "../series/mine"
                where = "container"
                image = "registry.lab/toolchain@sha256:0123"
                """);

        assertThat(board.kernel().orElseThrow().place())
                .isEqualTo(new BuildPlace.InContainer("registry.lab/toolchain@sha256:0123"));
        assertThat(board.kernel().orElseThrow().onBoard()).isFalse();
    }

    @Test
    void aContainerNeedsAnImageAndOnlyAContainerHasOne() {
        String kernel = SMALLEST + """
                [kernel]
                tree = "~/src/linux"
                series = "../series/mine"
                """;

        assertMistakes(kernel + "where = \"container\"\n")
                .contains("kernel.where is \"container\": of which image is to be said by image = ");
        assertMistakes(kernel + "image = \"toolchain\"\n").contains("kernel.image is for where = \"container\" only");
    }

    @Test
    void aPlanForTheKernelIsRead() {
        BoardDefinition board = get(SMALLEST + """
                declared = "command-line"
                record_size = 0x10000
                ecc = 16
                survives = ["panic"]
                [machine]
                arch = "arm64"
                soc = "rk3588"
                [plan]
                release = "7.0.0-x"
                append = "panic=10  quiet"
                modules = []
                [plan.config]
                PSTORE_RAM = "y"
                PANIC_TIMEOUT = 10
                [lint.accept]
                serial-speed = "an FT232"
                """);

        BoardDefinition.Ramoops ramoops = board.ramoops().orElseThrow();
        assertThat(ramoops.declared()).isEqualTo(BoardDefinition.Ramoops.Declared.COMMAND_LINE);
        assertThat(ramoops.record()).contains(0x10000L);
        assertThat(ramoops.console()).as("not said").isEmpty();
        assertThat(ramoops.survives()).contains(List.of("panic"));
        assertThat(board.machine().soc()).contains("rk3588");
        assertThat(board.plan().given()).isTrue();
        assertThat(board.plan().append()).get().hasToString("panic=10  quiet");
        assertThat(board.plan().config()).containsEntry("PSTORE_RAM", "y").containsEntry("PANIC_TIMEOUT", "10");
        assertThat(board.plan().modules())
                .as("none, which is something else than not said")
                .contains(List.of());
        assertThat(board.plan().log()).isEmpty();
        assertThat(board.accepted()).containsEntry("serial-speed", "an FT232");
        assertThat(get(SMALLEST).plan()).isEqualTo(KernelPlan.NONE);
    }

    @Test
    void whereAKeyStandsIsKnown() {
        BoardDefinition board = get(SMALLEST + "[plan.config]\nPSTORE_RAM = \"m\"\n");

        assertThat(board.at("ramoops.size")).isEqualTo(file() + ":11:1");
        assertThat(board.at("plan.config.PSTORE_RAM")).isEqualTo(file() + ":13:1");
        assertThat(board.at("ramoops.ecc"))
                .as("the table that it would stand in")
                .isEqualTo(file() + ":9:1");
        assertThat(board.at("plan.config.HZ")).isEqualTo(file() + ":12:1");
        assertThat(board.at("console.baud")).isEqualTo(file());
    }

    @Test
    void mistakesInAPlanAreShown() {
        assertMistakes(SMALLEST + "declared = \"dtb\"\n")
                .isEqualTo(file() + ":12:1: ramoops.declared must be one of \"device-tree\", \"command-line\","
                        + " \"reserve_mem\", not \"dtb\"");
        assertMistakes(SMALLEST + "pmsg_size = -1\n")
                .isEqualTo(file() + ":12:1: ramoops.pmsg_size is -1: it must be 0 or more");
        assertMistakes(SMALLEST + "[plan.config]\nPSTORE = true\n")
                .isEqualTo(file() + ":13:1: plan.config.PSTORE must be a string in quotes, or a whole number");
        assertMistakes(SMALLEST + "[plan]\nappned = \"x\"\n")
                .isEqualTo(file() + ":13:1: plan.appned is not a known key; the keys of [plan] are: release,"
                        + " safe_release, append, config, modules, log, pstore, recovery");
    }

    @Test
    void whatIsDoneBeforeTheKernelIsTouchedIsRead() {
        BoardDefinition tiny = get(SMALLEST + """
                [preflight]
                auto_login = "off"
                present = ["../series/base"]
                absent = ["../series/v1", "../series/v2"]
                [preflight.backup]
                modules = ["/lib/modules/{safe}/kernel/drivers/media"]
                boot = ["/boot/Image"]
                folder = "/srv/backups"
                host = "boltzmann"
                host_folder = "~/backups"
                [estimate]
                "0" = "30m"
                "2.1" = "50m"
                """);

        assertThat(tiny.preflight())
                .isEqualTo(new PreflightPlan(
                        Optional.of(new PreflightPlan.Backup(
                                List.of("/lib/modules/{safe}/kernel/drivers/media"),
                                Optional.of(List.of("/boot/Image")),
                                "/srv/backups",
                                Optional.of("boltzmann"),
                                Optional.of("~/backups"))),
                        List.of(folder.toAbsolutePath().resolveSibling("series/base")),
                        List.of(
                                folder.toAbsolutePath().resolveSibling("series/v1"),
                                folder.toAbsolutePath().resolveSibling("series/v2")),
                        true));
        assertThat(tiny.estimates())
                .containsExactly(
                        java.util.Map.entry("0", Duration.ofMinutes(30)),
                        java.util.Map.entry("2.1", Duration.ofMinutes(50)));
        assertThat(get(SMALLEST).preflight()).isEqualTo(PreflightPlan.NONE);
        assertThat(get(SMALLEST + "[preflight.backup]\nmodules = []\n")
                        .preflight()
                        .backup())
                .get()
                .extracting(PreflightPlan.Backup::folder, PreflightPlan.Backup::boot)
                .containsExactly("~/hil-backups", Optional.empty());
    }

    @Test
    void mistakesInWhatIsDoneBeforeAreShown() {
        assertMistakes(SMALLEST + """
                [preflight]
                auto_login = "maybe"
                [preflight.backup]
                modules = ["/lib/modules/../../etc"]
                boot = ["Image"]
                folder = "backups"
                host = "-oProxyCommand=x"
                hosts = "x"
                [estimate]
                "0" = "soon"
                """)
                .contains(
                        "tiny.toml:13:1: preflight.auto_login must be one of \"off\", not \"maybe\"",
                        "tiny.toml:15:1: preflight.backup.modules must be a path below /lib/modules each",
                        "tiny.toml:16:1: preflight.backup.boot must be an absolute path each, not \"Image\"",
                        "tiny.toml:17:1: preflight.backup.folder must be a path that begins with / or ~/",
                        "tiny.toml:18:1: preflight.backup.host is no host name as OpenSSH takes it",
                        "tiny.toml:19:1: preflight.backup.hosts is not a known key",
                        "tiny.toml:21:1: estimate.0 must be a duration in quotes");
    }

    @Test
    void anUnknownBoardIsRefusedNamingTheOnesThereAre() throws IOException {
        Files.writeString(folder.resolve("zebra.toml"), "");
        Files.writeString(folder.resolve("ampere.toml"), "");
        Files.writeString(folder.resolve("README.md"), "");

        assertRefused("nosuch")
                .contains("nosuch", "ampere, zebra", folder.toString(), "nosuch.toml")
                .doesNotContain("README");
    }

    @Test
    void anUnknownBoardInAnEmptyFolderSaysSo() {
        assertRefused("nosuch").contains("nosuch", "no definition", folder.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"../x", "/etc/passwd", "a/../b", "..", ".", "", "a b", "-x", "a\nb", "a\u0000b"})
    void aNameThatIsNoBoardNameReachesNoOtherFile(String name) throws IOException {
        Files.writeString(folder.resolve("../x.toml").normalize(), SMALLEST);

        assertRefused(name).contains("no definition");
    }

    @Test
    void anUnknownKeyIsShownWithItsPlaceAndTheValidKeys() {
        assertMistakes(SMALLEST.replace("host = \"tiny.lab\"", "host = \"tiny.lab\"\nhots = 3"))
                .isEqualTo(file() + ":5:1: ssh.hots is not a known key; the keys of [ssh] are: host, sudo, config");
    }

    @Test
    void anUnknownTableIsShownWithItsPlaceAndTheValidKeys() {
        assertMistakes(SMALLEST + "[pwoer]\non = 1\n")
                .startsWith(
                        file() + ":12:1: pwoer is not a known key; the keys of a board are: name, provider, capture")
                .contains("ramoops", "kernel", "smoke");
    }

    @Test
    void tablesWithoutEndAreRefusedWithAWord() {
        assertMistakes("x = " + "[".repeat(30_000)).contains("tiny.toml");
    }

    @Test
    void aFileThatIsTooLongIsNotRead() {
        assertMistakes("#".repeat(70_000)).contains("has 70000 characters: that is no board definition");
    }

    /** It becomes a line of an ssh configuration, where Match exec would run a command. */
    @ParameterizedTest
    @ValueSource(
            strings = {"-oProxyCommand=x", "a b", "a;x", "$(x)", "a\\tb", "a\\nMatch exec x", "a\\u0000b", "\\\"x"})
    void aHostThatOpensshWouldNotTakeIsRefused(String host) {
        assertMistakes(SMALLEST.replace("tiny.lab", host)).contains("ssh.host");
    }

    @Test
    void aNulIsInNoCommand() {
        assertMistakes(SMALLEST + "[smoke.a]\ncommand = \"a\\u0000b\"\nframe = 'y'\nframes = 1\n")
                .contains("smoke.a.command holds a NUL");
    }

    @Test
    void anUnknownKeyOfASmokeIsShown() {
        assertMistakes(SMALLEST + "[smoke.a]\ncommand = 'x'\nframe = 'y'\nframes = 1\nfps = 25\n")
                .isEqualTo(file() + ":16:1: smoke.a.fps is not a known key; the keys of [smoke.a] are: frame, command,"
                        + " frames, timeout, root");
    }

    @Test
    void aValueOfAWrongTypeIsShownWithPlaceValueAndForm() {
        assertMistakes(SMALLEST.replace("0x110000", "\"0x110000\""))
                .isEqualTo(file() + ":10:1: ramoops.address must be a whole number, such as 42 or 0x2a, not 0x110000");
        assertMistakes(SMALLEST.replace("\"tiny.lab\"", "7"))
                .isEqualTo(file() + ":4:1: ssh.host must be a string in quotes, not 7");
        assertMistakes(SMALLEST.replace("\"tiny.lab\"", "\"tiny.lab\"\nsudo = \"yes\""))
                .isEqualTo(file() + ":5:1: ssh.sudo must be true or false, not yes");
        assertMistakes(SMALLEST.replace("[ramoops]\naddress = 0x110000\nsize = 0xf0000\n", "") + "ramoops = 1\n")
                .contains(":9:1: boot.ramoops is not a known key");
        assertMistakes("smoke = 3\n" + SMALLEST)
                .isEqualTo(file() + ":1:1: smoke must be a table, written [smoke], not 3");
        assertMistakes(SMALLEST + "[smoke]\ndecode = 'x'\n")
                .isEqualTo(file() + ":13:1: smoke.decode must be a table, written [smoke.decode], not x");
        assertMistakes(SMALLEST + "[kernel]\ntree = '/t'\nseries = 's'\nmake = ['a', 3]\n")
                .isEqualTo(file() + ":15:1: kernel.make must be a list of strings; item 2 is none");
    }

    @Test
    void aMissingKeyIsShownWithItsTableAndAnExample() {
        assertMistakes(SMALLEST.replace("safe = \"good\"\n", ""))
                .isEqualTo(file() + ":5:1: boot.safe is missing; write for instance safe = \"arch\"");
        assertMistakes(SMALLEST.replace("name = \"tiny\"\n", ""))
                .isEqualTo(file() + ": name is missing; write for instance name = \"tiny\"");
    }

    @Test
    void aMissingTableIsShown() {
        assertMistakes(SMALLEST.replace("[ssh]\nhost = \"tiny.lab\"\n", ""))
                .isEqualTo(file() + ": the table [ssh] is missing");
    }

    @Test
    void allMistakesAreToldAtOnce() {
        String several = SMALLEST.replace("\"tiny.lab\"", "7").replace("safe = \"good\"\n", "") + "[bogus]\n";

        assertThat(refusal(() -> get(several)).lines())
                .hasSize(3)
                .anyMatch(line -> line.contains(":4:1: ssh.host must be"))
                .anyMatch(line -> line.contains(":5:1: boot.safe is missing"))
                .anyMatch(line -> line.contains(":11:1: bogus is not a known key"));
    }

    @Test
    void tomlThatCannotBeParsedIsShownWithItsPlace() {
        assertMistakes("name = \"tiny\"\ncapture = = 3\n")
                .startsWith(file() + ":2:11: ")
                .contains("=");
        assertMistakes("name = \"tiny\"\nname = \"tiny\"\n")
                .startsWith(file() + ":2:")
                .contains("name");
        assertMistakes("name = \"tiny\n").startsWith(file() + ":1:");
    }

    @Test
    void aFileThatIsNoTextIsRefused() throws IOException {
        Files.write(folder.resolve("tiny.toml"), new byte[] {(byte) 0xff, (byte) 0xfe, 0, 1});

        assertRefused("tiny").contains(file(), "UTF-8");
    }

    @Test
    void theNameMustBeThatOfTheFile() {
        assertMistakes(SMALLEST.replace("\"tiny\"", "\"huge\""))
                .isEqualTo(file() + ":1:1: name is \"huge\" but the file is tiny.toml: they must be the same");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "name = \"tiny\"",
                "host = \"tiny.lab\"",
                "safe = \"good\"",
                "menu = \"/boot/extlinux/extlinux.conf\""
            })
    void anEmptyTextIsNotAValue(String line) {
        String key = line.substring(0, line.indexOf(' '));

        assertMistakes(SMALLEST.replace(line, key + " = \" \""))
                .contains(key + " is empty; write for instance " + key + " = ");
    }

    @Test
    void theSafeLabelCannotBeTheOneUnderTest() {
        assertMistakes(SMALLEST.replace("\"new\"", "\"good\""))
                .isEqualTo(file() + ":8:1: boot.test is the safe label too (\"good\"): there would be no way back");
    }

    @Test
    void aWordThatIsNoChoiceIsShownWithTheChoices() {
        assertMistakes(SMALLEST.replace("\"ramoops\"", "\"usb\""))
                .isEqualTo(file() + ":2:1: capture must be one of \"serial\", \"ramoops\", not \"usb\"");
        assertMistakes(SMALLEST + "[attended]\nreboot = \"maybe\"\n")
                .isEqualTo(file() + ":13:1: attended.reboot must be one of \"ask\", \"free\", not \"maybe\"");
    }

    @Test
    void captureNeedsTheTableThatItNames() {
        assertMistakes(SMALLEST.replace("\"ramoops\"", "\"serial\""))
                .isEqualTo(file() + ":2:1: capture is \"serial\", so a table [console] with device and baud is needed");
        assertMistakes(SMALLEST.substring(0, SMALLEST.indexOf("[ramoops]")))
                .isEqualTo(
                        file() + ":2:1: capture is \"ramoops\", so a table [ramoops] with address and size is needed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"soon", "5", "1d", "-5s", "0s", ""})
    void aDurationThatIsNoneIsShownWithItsForm(String text) {
        assertMistakes(SMALLEST.replace("\"new\"", "\"new\"\ntimeout = \"" + text + "\""))
                .isEqualTo(file() + ":9:1: boot.timeout must be a duration in quotes, such as \"90s\" or \"2m\", not \""
                        + text + "\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"90s", "2m", "2m30s", "1h", "2 m", "1.5s"})
    void durationsAreReadAsPeopleWriteThem(String text) {
        assertThat(get(SMALLEST.replace("\"new\"", "\"new\"\ntimeout = \"" + text + "\""))
                        .boot()
                        .timeout())
                .isPositive();
    }

    @Test
    void numbersOutOfRangeAreShown() {
        assertMistakes(SMALLEST.replace("0xf0000", "-1"))
                .isEqualTo(file() + ":11:1: ramoops.size is -1: it must be more than 0");
        assertMistakes(SMALLEST + "[console]\ndevice = '/dev/ttyS0'\nbaud = 1\n")
                .isEqualTo(file() + ":14:1: console.baud is 1: a line runs at 300 to 12000000 bits per second");
    }

    @Test
    void aFramePatternThatIsNoneIsShown() {
        assertMistakes(SMALLEST + "[smoke.a]\ncommand = 'x'\nframe = '('\nframes = 1\n")
                .startsWith(file() + ":14:1: smoke.a.frame is no regular expression: ");
    }

    @Test
    void whatIsForTheEmulatedBoardOnlyIsRefusedElsewhere() {
        assertMistakes(SMALLEST + "[virtual]\nssh_port = 0\n")
                .isEqualTo(file() + ":12:1: virtual is for provider = \"virtual\" only");
    }

    @Test
    void aSmokeThatIsNotThereIsRefusedNamingThoseThereAre() {
        BoardDefinition tiny = get(SMALLEST + "[smoke.a]\ncommand = 'x'\nframe = 'y'\nframes = 1\n");

        assertThatExceptionOfType(DefinitionException.class)
                .isThrownBy(() -> tiny.smoke("decode"))
                .withMessage(
                        "%s: there is no [smoke.decode]; there are a. Add it with command, frame and frames.", file());
    }

    private BoardDefinition get(String toml) {
        try {
            Files.writeString(folder.resolve("tiny.toml"), toml);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return definitions.get("tiny");
    }

    private String file() {
        return folder.resolve("tiny.toml").toString();
    }

    private AbstractStringAssert<?> assertRefused(String name) {
        return assertThat(refusal(() -> definitions.get(name)));
    }

    private AbstractStringAssert<?> assertMistakes(String toml) {
        return assertThat(refusal(() -> get(toml)));
    }

    private static String refusal(Runnable action) {
        DefinitionException refusal = catchThrowableOfType(DefinitionException.class, action::run);
        assertThat(refusal).as("refusal").isNotNull();
        return String.valueOf(refusal.getMessage());
    }
}
