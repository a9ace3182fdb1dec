package dev.hil.junit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hil.board.Board;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AttachmentsTest {
    @TempDir
    private Path folder;

    @HilTest
    static class WantsTheBoard {
        @Test
        @DisplayName("wants it")
        void wants(Board board) {
            assertThat(board).isNotNull();
        }
    }

    private PlanRun.Outcome run(boolean reported) throws IOException {
        return new PlanRun(folder)
                .onTheBoard()
                .with("junit.platform.reporting.open.xml.enabled", String.valueOf(reported))
                .with(
                        "junit.platform.reporting.output.dir",
                        folder.resolve("reports").toString())
                .execute(WantsTheBoard.class);
    }

    @Test
    void aFailedTestIsPublishedWithWhatHappened() throws IOException {
        PlanRun.Outcome outcome = run(true);

        assertThat(outcome.failure()).contains("-no-host");
        assertThat(outcome.published()).containsOnlyKeys("wants it: events.jsonl");
        assertThat(outcome.published().get("wants it: events.jsonl"))
                .startsWith(folder.resolve("reports"))
                .content()
                .contains("the board could not be had");
    }

    @Test
    void nothingIsCopiedWhereNobodyReadsIt() throws IOException {
        assertThat(run(false).published()).isEmpty();
        assertThat(folder.resolve("reports")).doesNotExist();
    }

    @Test
    void ofALongFileTheEndIsCopied() throws IOException {
        Path file = folder.resolve("console.log");
        Path copy = folder.resolve("copy");
        byte[] bytes = new byte[(2 << 20) + 7];
        bytes[bytes.length - 1] = 'z';
        bytes[bytes.length - (1 << 20)] = 'a';
        Files.write(file, bytes);

        Attachments.copyEnd(file, copy);

        assertThat(copy).hasSize(1 << 20);
        byte[] copied = Files.readAllBytes(copy);
        assertThat(copied[0]).isEqualTo((byte) 'a');
        assertThat(copied[copied.length - 1]).isEqualTo((byte) 'z');
    }
}
