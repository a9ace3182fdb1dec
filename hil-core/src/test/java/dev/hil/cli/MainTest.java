package dev.hil.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hil.report.SampleRun;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.IntSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class MainTest {
    @TempDir
    private Path home;

    /** What a command said, and its exit code. */
    private record Said(int exit, String out, String err) {}

    @ParameterizedTest
    @ValueSource(strings = {"klog", "lint", "doctor", "boards", "watch", "report", "recover", "prune"})
    void eachCommandsHelpHasAnExampleAndItsExitCodes(String command) {
        CommandLine line = Main.commandLine();
        StringWriter help = new StringWriter();
        line.setOut(new PrintWriter(help));

        assertThat(line.execute(command, "--help")).isZero();

        assertThat(help.toString())
                .contains("Example: hil " + command)
                .contains("Exit codes:")
                .contains("--debug");
    }

    @Test
    void aReportIsMadeOfTheEvidence() throws IOException {
        Path folder = SampleRun.partial(home);

        Said said = run("report", folder.toString());

        assertThat(said.exit()).isEqualTo(ReportCommand.OTHER);
        assertThat(said.out()).contains("PARTIAL: lockdep is SPLAT").contains("report.html");
        assertThat(folder.resolve("report.html")).exists();
    }

    @Test
    void whatIsWrongIsSaidInOneLineAndInMoreWithDebug() {
        Said said = run("report", home.toString());
        Said more = run("report", "--debug", home.toString());

        assertThat(said.exit()).isEqualTo(ReportCommand.COULD_NOT);
        assertThat(said.err().lines())
                .singleElement()
                .asString()
                .startsWith("hil report: ")
                .contains("HOME/BOARD/runs/RUN");
        assertThat(more.err()).contains("    at dev.hil.report.Reports.");
    }

    @Test
    void aRunIsWatchedFromItsEvidence() throws IOException {
        Path folder = SampleRun.partial(home);
        run("report", folder.toString());

        Said said = run("watch", "virtual", "--home", home.toString());

        assertThat(said.exit()).isEqualTo(WatchCommand.OTHER);
        assertThat(said.out())
                .contains("PARTIAL")
                .contains("failed   2.2 fences / lockdep clean")
                .contains("FINDING  circular locking dependency")
                .contains("| [ 9.9] after")
                .contains(folder.toString());
    }

    @Test
    void aBoardWithoutRunsOrAStrangeNameIsSaid() {
        assertThat(run("watch", "nosuch", "--home", home.toString()).err()).contains("there is no run of board nosuch");
        assertThat(run("watch", "../x", "--home", home.toString()).exit()).isEqualTo(WatchCommand.NOTHING);
    }

    @Test
    void boardsAreListedWithTheirLastRun() throws IOException {
        SampleRun.partial(home);
        Path boards = Files.createDirectory(home.resolve("boards"));
        Files.writeString(boards.resolve("broken.toml"), "nam = 1\n");
        Files.copy(Path.of("..", "fixtures", "boards", "virtual.toml"), boards.resolve("virtual.toml"));

        Said said = run("boards", "--boards", boards.toString(), "--home", home.toString());

        assertThat(said.exit()).isEqualTo(BoardsCommand.WRONG);
        assertThat(said.out())
                .contains("broken ")
                .contains("cannot be used: ")
                .containsPattern("virtual +virtual +free; last run");
    }

    private static Said run(String... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int exit = with(out, err, () -> Main.commandLine().execute(args));
        return new Said(exit, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    private static int with(ByteArrayOutputStream out, ByteArrayOutputStream err, IntSupplier command) {
        PrintStream realOut = System.out;
        PrintStream realErr = System.err;
        try {
            System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
            System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
            return command.getAsInt();
        } finally {
            System.setOut(realOut);
            System.setErr(realErr);
            Complaint.debug(false);
        }
    }
}
