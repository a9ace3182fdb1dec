package dev.hil.board;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.hil.link.InfrastructureException;
import dev.hil.link.LocalShell;
import dev.hil.link.Shell;
import dev.hil.record.Evidence;
import dev.hil.record.FoundState;
import dev.hil.record.Ledger;
import dev.hil.record.LedgerEntry;
import dev.hil.record.StepOutcome;
import dev.hil.record.Undo;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a resumed run takes back, what it keeps, and when it refuses to go on. */
class ResumingTest {
    private final Path disk;
    private final Evidence evidence;
    private final Ledger ledger;
    private final Changes changes;
    private String now = "as the step left it";

    ResumingTest(@TempDir Path folder) throws IOException {
        disk = Files.createDirectory(folder.resolve("disk"));
        evidence = Evidence.start(folder.resolve("home"), "x", new PrintStream(OutputStream.nullOutputStream()));
        ledger = Ledger.open(folder.resolve("ledger.jsonl"), "run-1");
        Shell shell = new LocalShell(disk);
        BoardFiles files = new BoardFiles(shell, evidence);
        changes = new Changes(
                ledger,
                evidence,
                new Undoing(() -> files, () -> files, () -> shell, label -> {}),
                where -> Optional.of(state(where)));
    }

    @AfterEach
    void end() {
        ledger.close();
    }

    private FoundState state(Undo.Where where) {
        return new FoundState(where, Map.of("modules", now));
    }

    private Path change(String name) throws IOException {
        Path file = disk.resolve(name);
        changes.make(name, new Undo.RemoveFile(Undo.Where.BOARD, file.toString()), () -> {});
        return Files.writeString(file, name);
    }

    private void proven(String patch, StepOutcome.Result result) {
        ledger.step(new StepOutcome(
                "identity of " + patch,
                patch,
                result,
                "all 3 tests passed",
                evidence.folder().toString(),
                List.of(state(Undo.Where.BOARD))));
    }

    private Optional<Resumption> resume() {
        return new Resuming(ledger, changes, evidence, this::state).resume();
    }

    @Test
    void whatTheUnfinishedStepHadBegunIsTakenBackAndTheRestStays() throws IOException {
        Path first = change("first");
        proven("0001", StepOutcome.Result.PROVEN);
        Path second = change("second");

        Resumption resumption = resume().orElseThrow();

        assertThat(resumption.of("0001").orElseThrow().plan()).isEqualTo("identity of 0001");
        assertThat(resumption.of("0002")).isEmpty();
        assertThat(first).exists();
        assertThat(second).doesNotExist();
        assertThat(ledger.open()).extracting(LedgerEntry::what).containsExactly("first");
    }

    @Test
    void withoutAProvenStepThereIsNothingToGoOnFrom() throws IOException {
        assertThat(resume()).isEmpty();

        Path first = change("first");
        proven("0001", StepOutcome.Result.REGRESSED);

        assertThat(resume()).isEmpty();
        assertThat(first).as("left to recovery").exists();
    }

    @Test
    void aStepThatWasProvenBeforeTheBoardWasGivenBackDoesNotCount() throws IOException {
        change("first");
        proven("0001", StepOutcome.Result.PROVEN);
        changes.undoAll();
        ledger.givenBack(ledger.found(Undo.Where.BOARD).orElseThrow().sequence(), "as it was found");

        assertThat(resume()).isEmpty();
    }

    @Test
    void whatDiffersFromHowTheStepLeftItIsSaid() throws IOException {
        change("first");
        proven("0001", StepOutcome.Result.PROVEN);
        now = "edited by somebody";

        assertThatExceptionOfType(InfrastructureException.class)
                .isThrownBy(this::resume)
                .withMessageContaining("the run cannot be resumed: after step 0001: PROVEN")
                .withMessageContaining("modules: was as the step left it, is edited by somebody")
                .withMessageContaining("Begin again without -Dhil.resume");
    }

    @Test
    void aProofThatIsGoneIsNone() throws IOException {
        change("first");
        ledger.step(new StepOutcome(
                "i",
                "0001",
                StepOutcome.Result.PROVEN,
                "",
                disk.resolve("pruned").toString(),
                List.of()));

        assertThatExceptionOfType(InfrastructureException.class)
                .isThrownBy(this::resume)
                .withMessageContaining("the evidence of step 0001 is gone: " + disk.resolve("pruned"));
    }
}
