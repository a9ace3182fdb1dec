package dev.hil.board;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hil.klog.KnownIssues;
import dev.hil.report.Report;
import dev.hil.report.Reports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a run keeps of its board, and the report makes of that. */
class RunEvidenceTest {
    private static final Path SPLAT = Path.of("..", "fixtures", "klog", "virtual", "recursive.kmsg");

    private final FakeBoard fake;

    RunEvidenceTest(@TempDir Path folder) throws IOException {
        fake = new FakeBoard(folder);
    }

    @AfterEach
    void close() throws IOException {
        fake.close();
    }

    @Test
    void theQualificationThatHoldsForTheBoardIsKeptWithTheRun() throws IOException {
        LiveBoard board = fake.open(false);
        Qualification.Row row =
                new Qualification.Row("2026-01-01T00:00:00Z", ResetVerdict.DIAGNOSED, true, true, false, 3, 100);
        new Qualification("fake", Qualification.key(board.shell()), Map.of(ResetClass.PANIC, row))
                .write(Qualification.file(board.evidence().home(), "fake"));

        assertThat(Qualifier.of(board).known().rows()).containsOnlyKeys(ResetClass.PANIC);

        Report report = Reports.write(board.evidence().folder());
        assertThat(report.qualification())
                .containsExactly(
                        new Report.Qualified("PANIC", "2026-01-01T00:00:00Z", "DIAGNOSED", true, true, false, 3, 100));
        assertThat(Files.readString(board.evidence().folder().resolve(Reports.HTML)))
                .contains("3 of 100");
    }

    @Test
    void aQualificationOfAnotherFirmwareIsNotShown() throws IOException {
        LiveBoard board = fake.open(false);
        Qualification.Row row =
                new Qualification.Row("2026-01-01T00:00:00Z", ResetVerdict.DIAGNOSED, true, true, false, 3, 100);
        new Qualification("fake", "of another", Map.of(ResetClass.PANIC, row))
                .write(Qualification.file(board.evidence().home(), "fake"));

        Qualifier.of(board).known();

        assertThat(Reports.write(board.evidence().folder()).qualification()).isEmpty();
    }

    @Test
    void aKnownSplatIsListedWithTheEntryThatMatches() throws IOException {
        LiveBoard board = fake.open(false);
        byte[] log = Files.readAllBytes(SPLAT);
        Path kept = board.evidence().write("splat.log", new String(log, java.nio.charset.StandardCharsets.UTF_8));
        LogScan scan = new LogScan(
                Channel.KMSG,
                FakeBoard.FIRST_BOOT,
                kept,
                KnownIssues.parse(List.of("title ^recursive | queued upstream"), LocalDate.EPOCH),
                new SightingBook(board.evidence()));

        scan.accept(log, log.length);
        scan.finish();

        assertThat(Reports.write(board.evidence().folder()).knownIssues())
                .containsExactly(new Report.Known("queued upstream", "title ^recursive", 1, List.of("finding-1")));
    }

    @Test
    void aBoardThatStillAnswersAndWasNotChangedIsGivenBack() throws IOException {
        assertThat(fake.open(false).giveBack().problems()).isEmpty();
    }

    /** A kernel that hangs since the last test leaves nothing in the ledger. */
    @Test
    void aBoardThatAnswersNoMoreIsNotAsItWasFound() throws IOException {
        LiveBoard board = fake.open(false);

        fake.server().close();

        assertThat(board.giveBack().problems())
                .singleElement()
                .asString()
                .startsWith("nothing is to be undone, but it answered when the run began, and does not now: ");
    }
}
