package dev.hil.klog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hil.klog.LockdepState.Verdict;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import org.junit.jupiter.api.Test;

/** The sample logs that come with the project. */
class FixturesTest {

    private static Path directory() {
        Path here = Path.of("fixtures", "klog");
        return Files.isDirectory(here) ? here : Path.of("..").resolve(here);
    }

    private static KlogResult scan(String name) throws IOException {
        return CorpusTest.scan(Files.readAllBytes(directory().resolve(name)));
    }

    @Test
    void aCleanBootHasNoFindings() throws IOException {
        KlogResult result = scan("clean-boot.log");
        assertThat(result.findings()).isEmpty();
        assertThat(result.lockdep()).isEqualTo(Verdict.PROVEN_POSSIBLE);
        assertThat(result.boots()).singleElement().extracting(Boot::end).isEqualTo(Boot.End.ORDERED);
    }

    @Test
    void aSilentResetIsFound() throws IOException {
        assertThat(scan("silent-reset.log").findings())
                .extracting(Finding::kind)
                .containsExactly(Kind.SILENT_RESET);
    }

    @Test
    void aSplatBetweenOtherMessagesIsUntangled() throws IOException {
        assertThat(scan("interleaved-splat.log").findings()).singleElement().satisfies(finding -> {
            assertThat(finding.kind()).isEqualTo(Kind.RECURSIVE);
            assertThat(finding.complete()).isTrue();
            assertThat(finding.locks()).containsOnly("&ctx->vpu_mutex");
            assertThat(finding.lines()).noneMatch(line -> line.contains("eth0"));
        });
    }

    @Test
    void theExampleOfKnownIssuesCanBeRead() throws IOException {
        KnownIssues known = KnownIssues.parse(
                Files.readAllLines(directory().resolve("known-issues.example"), StandardCharsets.UTF_8),
                LocalDate.of(2027, 1, 1));
        assertThat(known.unused()).hasSize(2);
        assertThat(known.expired()).hasSize(1);
    }
}
