package dev.hil.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hil.board.Checkup.Check;
import dev.hil.board.Checkup.Outcome;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class DoctorCommandTest {
    @TempDir
    Path home;

    private static final Check WELL = new Check("reach", Outcome.OK, "ssh answers");
    private static final Check NOTE = new Check("watchdog", Outcome.NOTE, "no watchdog is known to be armed");
    private static final Check BAD = new Check("console level", Outcome.PROBLEM, "the console level is 4");

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    private int report(Check... checks) {
        return DoctorCommand.report(List.of(checks), new PrintStream(bytes, true, StandardCharsets.UTF_8));
    }

    private String said() {
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Test
    void aBoardWithoutProblemsIsFitAlsoWhereThereIsSomethingToKnow() {
        assertThat(report(WELL, NOTE)).isEqualTo(DoctorCommand.WELL);
        assertThat(said())
                .containsSubsequence("OK       reach", "NOTE     watchdog", "nothing stands in the way of tests");
    }

    @Test
    void problemsAreCountedAndMakeTheExitCodeOne() {
        assertThat(report(WELL, BAD, BAD)).isEqualTo(DoctorCommand.PROBLEMS);
        assertThat(said())
                .containsSubsequence("PROBLEM  console level  the console level is 4", "2 problems to be mended");
    }

    @Test
    void whatABoardSaysCannotPaintTheTerminal() {
        report(new Check("rights", Outcome.PROBLEM, "refused: \u001b[31mred\u001b[0m\u0007"));

        assertThat(said()).contains("refused: red").doesNotContain("\u001b", "\u0007");
    }

    @Test
    void aBoardThatNobodyKnowsIsAUsageErrorThatNamesTheOthers() {
        PrintStream stderr = System.err;
        String before = System.getProperty("hil.boards");
        System.setProperty("hil.boards", "../fixtures/boards");
        try {
            System.setErr(new PrintStream(bytes, true, StandardCharsets.UTF_8));

            int exit = new CommandLine(new Main()).execute("doctor", "nosuch", "--home", home.toString());

            assertThat(exit).isEqualTo(DoctorCommand.USAGE);
            assertThat(said()).contains("hil doctor: ", "nosuch", "ampere", "virtual");
            assertThat(home).isEmptyDirectory();
        } finally {
            System.setErr(stderr);
            if (before == null) {
                System.clearProperty("hil.boards");
            } else {
                System.setProperty("hil.boards", before);
            }
        }
    }
}
