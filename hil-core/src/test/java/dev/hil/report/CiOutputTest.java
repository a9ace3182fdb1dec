package dev.hil.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CiOutputTest {
    @TempDir
    private Path home;

    @Test
    void gitHubGetsAnAnnotationAFailureAndASummary() throws IOException {
        Report report = Reports.write(SampleRun.partial(home, "\n::error::no <script> | `x`"));
        Path summary = home.resolve("summary.md");

        String said = tell(report, Map.of("GITHUB_ACTIONS", "true", "GITHUB_STEP_SUMMARY", summary.toString()));

        assertThat(said.lines())
                .singleElement()
                .asString()
                .startsWith("::error title=virtual%3A 2.2 fences")
                .contains("::lockdep is SPLAT: there is a report");
        assertThat(Files.readString(summary))
                .contains("## PARTIAL: board virtual")
                .contains("| 2.2 fences")
                .contains("circular locking dependency: reservation\\_ww\\_class\\_mutex")
                .doesNotContain("<script>");
        assertThat(Files.readAllLines(summary)).noneMatch(line -> line.startsWith("::"));
    }

    @Test
    void elsewhereNothingIsSaid() throws IOException {
        assertThat(tell(Reports.write(SampleRun.partial(home)), Map.of())).isEmpty();
    }

    @Test
    void gitLabGetsPathsWithinTheProject() {
        assertThat(CiOutput.attachment(Path.of("/p/target/x"), Map.of("CI_PROJECT_DIR", "/p")))
                .isEqualTo("[[ATTACHMENT|target/x]]");
        assertThat(CiOutput.attachment(Path.of("/q/x"), Map.of("CI_PROJECT_DIR", "/p")))
                .isEqualTo("[[ATTACHMENT|/q/x]]");
        assertThat(CiOutput.attachment(Path.of("/q/x"), Map.of())).isEqualTo("[[ATTACHMENT|/q/x]]");
    }

    private static String tell(Report report, Map<String, String> environment) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        CiOutput.tell(report, environment, new PrintStream(out, true, StandardCharsets.UTF_8));
        return out.toString(StandardCharsets.UTF_8);
    }
}
