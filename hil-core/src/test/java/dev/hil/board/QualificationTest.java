package dev.hil.board;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hil.link.InfrastructureException;
import dev.hil.link.LocalShell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QualificationTest {
    private final Path file;

    QualificationTest(@TempDir Path home) {
        this.file = Qualification.file(home, "tiny");
    }

    private static Qualification some() {
        return new Qualification("tiny", "key", Map.of())
                .with(
                        ResetClass.PANIC,
                        new Qualification.Row(
                                "2026-01-01T00:00:00Z", ResetVerdict.DIAGNOSED, true, true, false, 3, 100))
                .with(
                        ResetClass.POWER_CUT,
                        new Qualification.Row(
                                "2026-01-01T00:00:01Z", ResetVerdict.POWER_LOSS, false, false, false, 0, 0));
    }

    @Test
    void whatWasTriedIsKeptWithTheBoard() {
        some().write(file);

        assertThat(file).endsWith(Path.of("tiny", "qualification.json"));
        assertThat(Qualification.read(file, "key")).contains(some());
        assertThat(some().survives(ResetClass.PANIC)).isTrue();
        assertThat(some().survives(ResetClass.POWER_CUT)).isFalse();
        assertThat(some().survives(ResetClass.WATCHDOG)).isFalse();
    }

    @Test
    void itIsVoidForAnotherFirmware() {
        some().write(file);

        assertThat(Qualification.read(file, "another")).isEmpty();
    }

    @Test
    void nothingIsThereBeforeTheFirst() {
        assertThat(Qualification.read(file, "key")).isEmpty();
    }

    @Test
    void aDamagedFileIsNoQualification() throws IOException {
        some().write(file);
        Files.writeString(file, Files.readString(file).substring(20));

        assertThatThrownBy(() -> Qualification.read(file, "key"))
                .isInstanceOf(InfrastructureException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("hil doctor --qualify");
    }

    @Test
    void theTableHasARowForEachClass() {
        assertThat(some().table().lines().toList()).hasSize(1 + ResetClass.values().length);
        assertThat(some().table()).contains("3 of 100").contains("watchdog").contains("not tried");
    }

    @Test
    void theKeyStaysWhileNothingChanges() {
        assertThat(Qualification.key(new LocalShell()))
                .isEqualTo(Qualification.key(new LocalShell()))
                .hasSize(16);
    }
}
