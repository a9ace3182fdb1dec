package dev.hil.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.hil.link.InfrastructureException;
import dev.hil.report.Report.Result;
import java.io.IOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportsTest {
    /** Ends each context that a value can stand in, and would then run. */
    static final String HOSTILE =
            "</pre></title></style></script><script>alert(1)</script><img src=http://evil.invalid/x onerror=alert(2)>\"'`${1+1} onload='x' \u202e\u001b[31m]]>";

    @TempDir
    private Path home;

    @Test
    void aProvenStepAndAFailedOneArePartial() throws IOException {
        Report report = Reports.write(SampleRun.partial(home));

        assertThat(report.outcome().result()).isEqualTo(Result.PARTIAL);
        assertThat(report.outcome().step()).isEqualTo("2.2 fences");
        assertThat(report.outcome().headline())
                .startsWith(
                        "lockdep is SPLAT: there is a report; circular locking dependency: reservation_ww_class_mutex");
        assertThat(report.outcome().proven()).containsExactly("2.1 vim2m counts frames");
        assertThat(report.steps())
                .extracting(Report.Step::kind, Report.Step::result)
                .containsExactly(
                        org.assertj.core.api.Assertions.tuple("gate", "passed"),
                        org.assertj.core.api.Assertions.tuple("step", "passed"),
                        org.assertj.core.api.Assertions.tuple("step", "failed"),
                        org.assertj.core.api.Assertions.tuple("step", "skipped"));
        assertThat(report.boots()).extracting(Report.BootInfo::end).containsExactly("ORDERED", "");
        assertThat(report.findings()).singleElement().satisfies(splat -> {
            assertThat(splat.channels()).containsExactly("SERIAL", "KMSG");
            assertThat(splat.boot()).isEqualTo("31c8559d");
            assertThat(splat.line()).isEqualTo(2);
            assertThat(splat.graph().edges()).hasSize(3);
        });
        assertThat(report.console().lines())
                .filteredOn(line -> line.finding().equals("finding-1"))
                .hasSizeGreaterThan(20);
        assertThat(report.remarks()).isEmpty();
        assertThat(report.qualification())
                .singleElement()
                .extracting(Report.Qualified::dmesg)
                .isEqualTo(true);
        assertThat(report.phases()).extracting(Report.Phase::kind).containsExactly("build");
    }

    /** By halves there is one test, and it fails. */
    @Test
    void whatASearchByHalvesHasProvenIsPartial() throws IOException {
        Path folder = SampleRun.partial(home);
        List<String> failed = Files.readAllLines(folder.resolve("tests.jsonl")).stream()
                .filter(line -> !line.contains("2.1 vim2m counts frames"))
                .toList();
        Files.write(folder.resolve("tests.jsonl"), failed);
        Files.delete(folder.resolve("plan.txt"));
        assertThat(Reports.write(folder).outcome().result()).isEqualTo(Result.FAILURE);

        Files.writeString(
                folder.resolve("outcome.json"),
                "{\"outcome\":\"PARTIAL\",\"reasons\":[\"0007 regresses\"],\"proven\":[\"0004.patch\",\"0005.patch\"]}");
        Report report = Reports.write(folder);

        assertThat(report.outcome().result()).isEqualTo(Result.PARTIAL);
        assertThat(report.outcome().proven()).containsExactly("0004.patch", "0005.patch");
    }

    @Test
    void aKilledRunIsNoSuccessAndSaysWhatItWasAt() throws IOException {
        Path folder = SampleRun.killed(home);
        Files.delete(folder.resolve("tests.jsonl"));

        Report report = Reports.write(folder);

        assertThat(report.outcome().result()).isEqualTo(Result.FAILURE);
        assertThat(report.run().end()).contains("cut off").contains("make M=drivers/media modules");
        assertThat(report.remarks()).singleElement().asString().contains("events.jsonl: 1 lines are torn");
        assertThat(Files.readString(folder.resolve(Reports.HTML))).contains("This report is not complete");
    }

    @Test
    void withoutAnyTestThereIsNoSuccess() throws IOException {
        Path folder = SampleRun.partial(home);
        Files.delete(folder.resolve("tests.jsonl"));
        Files.delete(folder.resolve("plan.txt"));

        assertThat(Reports.write(folder).outcome().result()).isEqualTo(Result.FAILURE);
    }

    @Test
    void whatWasPlannedAndNeverRanIsNoSuccess() throws IOException {
        Path folder = SampleRun.partial(home);
        List<String> passed = Files.readAllLines(folder.resolve("tests.jsonl")).stream()
                .filter(line -> line.contains("\"passed\""))
                .toList();
        Files.write(folder.resolve("tests.jsonl"), passed);

        Report report = Reports.write(folder);

        assertThat(report.outcome().result()).isEqualTo(Result.PARTIAL);
        assertThat(report.outcome().step()).isEqualTo("2.2 fences");
        assertThat(report.outcome().headline()).isEqualTo("not run");
    }

    /** Everything that a board, a tree or a test says stays text. */
    @Test
    void hostileTextsStayTexts() throws IOException {
        Path folder = SampleRun.partial(home, HOSTILE);

        Reports.write(folder);

        String page = Files.readString(folder.resolve(Reports.HTML));
        assertThat(page).contains("&lt;script&gt;alert(1)");
        assertThat(count(page, "alert(1)")).isGreaterThan(20);
        assertThat(page).doesNotContain("<script>alert").doesNotContain("<img");
        assertThat(count(page, "<script>")).isEqualTo(1);
        assertThat(count(page, "</style>")).isEqualTo(1);
        assertThat(count(page, "</title>")).isEqualTo(1 + count(page, "<title>") - 1);
    }

    private static int count(String text, String part) {
        return text.split(java.util.regex.Pattern.quote(part), -1).length - 1;
    }

    @Test
    void aFileWithAStrangeNameIsLinkedToAsAFile() throws IOException {
        Path folder = SampleRun.partial(home);
        Files.writeString(folder.resolve("javascript:alert(1)//\u00e4 #?%".replace('/', '_')), "x");

        Reports.write(folder);

        assertThat(Files.readString(folder.resolve(Reports.HTML)))
                .contains("href=\"./javascript%3Aalert%281%29__%C3%A4%20%23%3F%25\"");
    }

    @Test
    void aBoardThatIsNotAsItWasFoundIsNoSuccessAndStandsFirst() throws IOException {
        Path folder = SampleRun.partial(home);
        List<String> passed = Files.readAllLines(folder.resolve("tests.jsonl")).stream()
                .filter(line -> line.contains("\"passed\""))
                .toList();
        Files.write(folder.resolve("tests.jsonl"), passed);
        Files.delete(folder.resolve("plan.txt"));
        assertThat(Reports.write(folder).outcome().result()).isEqualTo(Result.SUCCESS);

        Files.writeString(
                folder.resolve("events.jsonl"),
                "{\"at\":\"2026-11-22T20:01:38Z\",\"kind\":\"not-restored\",\"text\":\"board virtual is NOT as it was found: DEFAULT\"}\n",
                StandardOpenOption.APPEND);
        Report report = Reports.write(folder);

        assertThat(report.outcome().result()).isEqualTo(Result.PARTIAL);
        assertThat(report.outcome().headline()).isEqualTo("board virtual is NOT as it was found: DEFAULT");
        assertThat(report.outcome().left()).isEqualTo("board virtual is NOT as it was found: DEFAULT");
        assertThat(Files.readString(folder.resolve(Reports.HTML)))
                .contains("<div class=\"alert\" role=\"alert\">board virtual is NOT as it was found: DEFAULT</div>");
    }

    @Test
    void aKnownIssueIsListedWithTheEntryThatMatches() throws IOException {
        Path folder = SampleRun.partial(home);
        Path findings = folder.resolve("findings.jsonl");
        Files.writeString(
                findings,
                Files.readString(findings)
                        .replace(
                                "\"known\":\"\"",
                                "\"known\":\"fix is queued\",\"pattern\":\"title ^circular .*fs_<reclaim>\""));

        Report report = Reports.write(folder);

        assertThat(report.knownIssues())
                .containsExactly(
                        new Report.Known("fix is queued", "title ^circular .*fs_<reclaim>", 1, List.of("finding-1")));
        assertThat(report.findings()).singleElement().satisfies(splat -> {
            assertThat(splat.status()).isEqualTo("known");
            assertThat(splat.pattern()).isEqualTo("title ^circular .*fs_<reclaim>");
        });
        assertThat(count(Files.readString(folder.resolve(Reports.HTML)), "title ^circular .*fs_&lt;reclaim&gt;"))
                .isEqualTo(2);
    }

    @Test
    void aFolderWithoutEvidenceIsRefused() {
        assertThatThrownBy(() -> Reports.write(home))
                .isInstanceOf(InfrastructureException.class)
                .hasMessageContaining(home.toString())
                .hasMessageContaining("HOME/BOARD/runs/RUN");
    }

    /** docs/report-schema.md has a line for each key, and the JSON has no others. */
    @Test
    void theSchemaIsDocumented() throws IOException {
        Path folder = SampleRun.partial(home);
        Reports.write(folder);
        JsonNode json = new JsonMapper().readTree(folder.resolve(Reports.JSON).toFile());
        Set<String> keys = new TreeSet<>();
        keys(Report.class, "", keys);
        Set<String> documented = new TreeSet<>();
        for (String line : Files.readAllLines(Path.of("..", "docs", "report-schema.md"))) {
            if (line.startsWith("| `")) {
                documented.add(line.substring(3, line.indexOf('`', 3)));
            }
        }

        assertThat(documented).containsExactlyElementsOf(keys);
        assertThat(json.path("schema").asText()).isEqualTo(Report.SCHEMA);
        Set<String> written = new TreeSet<>();
        written(json, "", written);
        assertThat(keys).containsAll(written);
    }

    /** All keys, such as {@code steps[].tests[].name}. */
    private static void keys(Class<?> type, String prefix, Set<String> keys) {
        for (RecordComponent component : type.getRecordComponents()) {
            String key = prefix + component.getName();
            Type generic = component.getGenericType();
            if (generic instanceof ParameterizedType list && component.getType() == List.class) {
                Class<?> item = (Class<?>) list.getActualTypeArguments()[0];
                keys.add(key + "[]");
                if (item.isRecord()) {
                    keys(item, key + "[].", keys);
                }
            } else {
                keys.add(key);
                if (component.getType().isRecord()) {
                    keys(component.getType(), key + ".", keys);
                }
            }
        }
    }

    private static void written(JsonNode node, String prefix, Set<String> keys) {
        node.properties().forEach(entry -> {
            String key = prefix + entry.getKey();
            if (entry.getValue().isArray()) {
                keys.add(key + "[]");
                entry.getValue().forEach(item -> written(item, key + "[].", keys));
            } else {
                keys.add(key);
                // What stands in a map is no key of the schema.
                if (!key.equals("facts") && !key.equals("versions")) {
                    written(entry.getValue(), key + ".", keys);
                }
            }
        });
    }
}
