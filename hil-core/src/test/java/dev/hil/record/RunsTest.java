package dev.hil.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which runs may be removed, and which must stay. */
class RunsTest {
    private final Path home;
    private final Runs runs;

    RunsTest(@TempDir Path home) {
        this.home = home;
        this.runs = new Runs(home.resolve("x"));
    }

    private Evidence run() {
        return Evidence.start(home, "x", new PrintStream(OutputStream.nullOutputStream()));
    }

    private static String name(Evidence evidence) {
        return String.valueOf(evidence.folder().getFileName());
    }

    private Map<String, Optional<String>> kept() {
        Map<String, Optional<String>> kept = new java.util.TreeMap<>();
        runs.all().forEach(run -> kept.put(String.valueOf(run.folder().getFileName()), run.keep()));
        return kept;
    }

    private Ledger ledger(Evidence run) {
        return Ledger.open(home.resolve("x/ledger.jsonl"), name(run));
    }

    @Test
    void aRunThatHasEndedMayGoAndOneThatGoesOnMayNot() {
        Evidence ended = run();
        ended.end("done");
        Evidence living = run();

        assertThat(kept().get(name(ended))).isEmpty();
        assertThat(kept().get(name(living))).contains("it is going on");
    }

    @Test
    void aRunThatWasKilledMayGoUnlessItsChangesAreOpen() throws IOException {
        Evidence killed = run();
        Path index = killed.file("index.json");
        Files.writeString(
                index,
                Files.readString(index)
                        .replaceFirst("\"process-started\" : \"[^\"]*\"", "\"process-started\" : \"x\""));
        assertThat(kept().get(name(killed))).isEmpty();

        long intent;
        try (Ledger ledger = ledger(killed)) {
            intent = ledger.intent("module", new Undo.RemoveFile(Undo.Where.BOARD, "/m.ko"));
        }
        assertThat(kept().get(name(killed))).contains("the ledger has open changes of it");

        try (Ledger ledger = ledger(killed)) {
            ledger.undone(intent);
        }
        assertThat(kept().get(name(killed))).isEmpty();
    }

    @Test
    void theProofOfAStepStaysAsLongAsALaterRunMayGoOnFromIt() {
        Evidence proof = run();
        proof.end("done");
        Evidence cut = run();
        cut.end("done");
        try (Ledger ledger = ledger(cut)) {
            ledger.found(new FoundState(Undo.Where.BOARD, Map.of()));
        }
        try (Ledger ledger = ledger(proof)) {
            ledger.step(new StepOutcome("plan", "0001", StepOutcome.Result.PROVEN, "", "", List.of()));
        }
        assertThat(kept().get(name(proof))).contains("it has the proof of step 0001");

        try (Ledger ledger = ledger(cut)) {
            ledger.givenBack(1, "as it was found");
        }
        assertThat(kept().get(name(proof))).isEmpty();
    }

    @Test
    void whatIsOpenInADamagedLedgerCannotBeKnownSoNothingMayGo() throws IOException {
        run().end("done");
        Files.writeString(home.resolve("x/ledger.jsonl"), "rubbish\nrubbish\n");

        assertThatExceptionOfType(DamagedLedgerException.class).isThrownBy(runs::all);
    }

    @Test
    void removingTakesTheWholeFolderAndNothingElse() throws IOException {
        Evidence ended = run();
        Files.writeString(home.resolve("outside"), "x");
        Files.createSymbolicLink(ended.folder().resolve("link"), home);
        ended.folder("pstore-1");
        ended.end("done");

        List<Runs.Kept> all = new ArrayList<>(runs.all());
        runs.remove(all.get(0));

        assertThat(ended.folder()).doesNotExist();
        assertThat(home.resolve("outside")).exists();
    }

    @Test
    void aRunThatStaysIsNotRemoved() {
        run();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> runs.remove(runs.all().get(0)));
    }
}
