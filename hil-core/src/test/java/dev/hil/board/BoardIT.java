package dev.hil.board;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hil.junit.HilTest;
import dev.hil.link.Command;
import dev.hil.link.CommandException;
import dev.hil.link.ExecResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@HilTest
class BoardIT {

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4096, 32_768, 100_000, 1_000_000})
    void filesGoThereAndBackUnchanged(int size, Board board, @TempDir Path folder) throws IOException {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        Path file = Files.write(folder.resolve("sent"), bytes);

        board.push(file, "/tmp/there and 'back'");

        assertThat(board.pull("/tmp/there and 'back'", size)).hasBinaryContent(bytes);
    }

    @Test
    void aLongerFileThanAllowedIsRefused(Board board) {
        board.exec(Command.script("head -c 2000 /dev/zero > /tmp/long")).orThrow();

        assertThatThrownBy(() -> board.pull("/tmp/long", 1999))
                .hasMessageContaining("/tmp/long")
                .hasMessageContaining("2000 bytes")
                .hasMessageContaining("1999");
    }

    @Test
    void aCommandGivesItsExitCodeAndBothOutputs(Board board) {
        ExecResult result = board.exec(Command.script("echo out; echo err >&2; exit 7"));

        assertThat(result.exitCode()).isEqualTo(7);
        assertThat(result.stdout()).isEqualTo("out\n");
        assertThat(result.stderr()).isEqualTo("err\n");
    }

    @Test
    void argumentsArriveAsTheyAre(Board board) {
        String hostile = "$(reboot) `reboot` ; reboot & \"'\\ \n * ~ -n %s é";

        assertThat(board.exec("printf", "%s", hostile).orThrow().stdout()).isEqualTo(hostile);
    }

    @Test
    void endlessOutputIsBoundedAndEndedByTheTimeLimit(Board board) {
        Command command =
                Command.of("yes", "and so on").timeout(Duration.ofSeconds(2)).maxOutput(10_000);

        assertThatThrownBy(() -> board.exec(command))
                .isInstanceOfSatisfying(CommandException.class, e -> {
                    assertThat(e.isTimeout()).isTrue();
                    assertThat(e.result().stdout()).hasSize(10_000);
                    assertThat(e.result().droppedBytes()).isPositive();
                })
                .hasMessageContaining("yes")
                .hasMessageContaining("2 s");
        // The connection has survived it, and the command has not.
        assertThat(board.exec(Command.script("sleep 0.2; pidof yes")).exitCode())
                .isNotZero();
    }

    @Test
    void theKernelLogIsWholeAndLive(Board board) {
        String nonce = "hil-test-" + System.nanoTime();
        long position = board.kmsg().position();

        board.exec(Command.script("echo \"$1\" > /dev/kmsg", nonce).root()).orThrow();

        board.kmsg().await(Pattern.compile(nonce), position, Duration.ofSeconds(5));
        assertThat(board.kmsg().text()).contains("Linux version " + board.boot().release());
    }

    @Test
    void pstoreIsReadInBothPlacesAndClearedOnlyAfterACopy(Board board) {
        board.exec(Command.script(
                        "mkdir -p /var/lib/systemd/pstore/7; cd /var/lib/systemd/pstore;"
                                + " echo 'Panic#1 Part1' > dmesg-ramoops-0; echo old > \"7/$1\"",
                        "a b'\n$(reboot).txt"))
                .orThrow();

        var records = board.pstore().read();

        assertThat(records)
                .filteredOn(record -> record.path().equals("/var/lib/systemd/pstore/dmesg-ramoops-0"))
                .singleElement()
                .satisfies(record -> {
                    assertThat(record.kind()).isEqualTo(PstoreRecord.Kind.DMESG);
                    assertThat(record.text()).isEqualTo("Panic#1 Part1\n");
                    assertThat(record.copy()).startsWith(board.evidence().folder());
                });
        assertThat(records).filteredOn(record -> record.text().equals("old\n")).hasSize(1);

        // One that changed after it was copied must stay.
        board.exec(Command.script("echo more >> /var/lib/systemd/pstore/dmesg-ramoops-0"))
                .orThrow();
        assertThatThrownBy(() -> board.pstore().clear(records)).hasMessageContaining("not what was copied");
        assertThat(board.files().exists("/var/lib/systemd/pstore/dmesg-ramoops-0"))
                .isTrue();

        board.pstore().clear(board.pstore().read());
        assertThat(board.pstore().read()).noneMatch(record -> record.path().startsWith("/var/lib/systemd"));
    }
}
