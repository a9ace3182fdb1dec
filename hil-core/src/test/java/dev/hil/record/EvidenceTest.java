package dev.hil.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.hil.link.InfrastructureException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class EvidenceTest {
    private final Path home;
    private final ByteArrayOutputStream console = new ByteArrayOutputStream();

    EvidenceTest(@TempDir Path home) {
        this.home = home;
    }

    private Evidence start() {
        return Evidence.start(home, "ampere", new PrintStream(console, true, StandardCharsets.UTF_8));
    }

    @Test
    void aRunHasAFolderOfItsOwnUnderItsBoard() {
        Evidence evidence = start();

        assertThat(evidence.folder()).isDirectory().hasParent(home.resolve("ampere/runs"));
        assertThat(evidence.folder().getFileName().toString())
                .matches("\\d{8}T\\d{6}-" + ProcessHandle.current().pid());
        assertThat(evidence.home()).isEqualTo(home);
    }

    @Test
    void runsThatBeginTogetherGetFoldersOfTheirOwn() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            Set<Path> folders = ConcurrentHashMap.newKeySet();
            Callable<Boolean> one = () -> folders.add(start().folder());
            List<Callable<Boolean>> many = java.util.Collections.nCopies(200, one);
            for (Future<Boolean> added : threads.invokeAll(many)) {
                assertThat(added.get()).as("a folder of its own").isTrue();
            }
            assertThat(folders).hasSize(200);
        } finally {
            threads.shutdownNow();
        }
    }

    static List<String> hostileNames() {
        List<String> names = new ArrayList<>(List.of(
                "../../x",
                "..",
                ".",
                "",
                "/etc/passwd",
                "a/b",
                "a\\b",
                "\u0000",
                "a\u001b[2Jb\n",
                "-rf",
                "\u00e4\u20ac",
                "x".repeat(10_000),
                ".ssh",
                "con:"));
        return names;
    }

    @ParameterizedTest
    @MethodSource("hostileNames")
    void aNameFromABoardCannotLeadOutOfTheFolder(String name) throws IOException {
        Evidence evidence = start();

        Path file = evidence.write(name, "content");

        assertThat(file).hasParent(evidence.folder()).hasContent("content");
        assertThat(file.toRealPath()).hasParent(evidence.folder().toRealPath());
        assertThat(file.getFileName().toString()).matches("[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}");
    }

    @ParameterizedTest
    @MethodSource("hostileNames")
    void aBoardsNameCannotLeadOutOfTheHome(String name) {
        Evidence evidence = Evidence.start(home, name, new PrintStream(console));

        assertThat(evidence.folder().normalize()).startsWith(home);
        assertThat(home.relativize(evidence.folder()).getNameCount())
                .as("board, runs, run")
                .isEqualTo(3);
    }

    @Test
    void ordinaryNamesStayAsTheyAre() {
        assertThat(start().file("kmsg-01-ab12.log").getFileName()).hasToString("kmsg-01-ab12.log");
    }

    @Test
    void eventsAreLinesOfJsonInTheirOrder() throws IOException {
        Evidence evidence = start();
        String hostile = "\"quotes\" \\ \n two lines \u001b[31m\u0000 \u20ac";

        evidence.event("boot", hostile);
        evidence.event("run", "ended");

        List<JsonNode> events = new ArrayList<>();
        for (String line : Files.readAllLines(evidence.file("events.jsonl"))) {
            events.add(new JsonMapper().readTree(line));
        }
        assertThat(events).extracting(event -> event.get("kind").asText()).containsExactly("boot", "run");
        assertThat(events.get(0).get("text").asText()).isEqualTo(hostile);
        assertThat(events.get(0).get("millis").isIntegralNumber()).isTrue();
        assertThat(java.time.Instant.parse(events.get(0).get("at").asText())).isNotNull();
    }

    @Test
    void theConsoleGetsALineAnEventWithoutControlCharacters() {
        start().event("pstore", "copied \u001b[2J\u0007\u001b]0;owned\u0007name\r");

        assertThat(console.toString(StandardCharsets.UTF_8))
                .matches("hil +\\d+ ms  pstore: copied [^\\p{Cntrl}]*name\\R")
                .doesNotContain("[2J");
    }

    @Test
    void textIsAddedAtTheEnd() {
        Evidence evidence = start();

        evidence.append("log", "a\n");
        evidence.append("log", "b\n");

        assertThat(evidence.file("log")).hasContent("a\nb\n");
    }

    private static JsonNode index(Evidence evidence) throws IOException {
        return new JsonMapper().readTree(evidence.file("index.json").toFile());
    }

    @Test
    void theIndexIsThereFromTheBeginningAndSaysThatTheRunHasNotEnded() throws IOException {
        Evidence evidence = start();
        evidence.event("boot", "x");
        evidence.fact("board: /proc/version", "Linux version 6.1");

        JsonNode index = index(evidence);

        assertThat(index.get("board").asText()).isEqualTo("ampere");
        assertThat(index.get("pid").asLong()).isEqualTo(ProcessHandle.current().pid());
        assertThat(index.has("ended")).isFalse();
        assertThat(index.get("facts").get("board: /proc/version").asText()).isEqualTo("Linux version 6.1");
        assertThat(index.get("facts").has("version: java")).isTrue();
        assertThat(index.get("files").findValuesAsText("file")).containsExactly("events.jsonl");
        assertThat(evidence.file("README.txt")).content().contains("events.jsonl", "hil prune");
    }

    @Test
    void theIndexOfARunThatHasEndedHasAChecksumOfEachFile() throws IOException {
        Evidence evidence = start();
        evidence.write("console.log", "U-Boot");
        java.nio.file.Files.writeString(evidence.folder("pstore-1").resolve("0-dmesg"), "Panic#1");

        evidence.end("the board was given back");

        JsonNode index = index(evidence);
        assertThat(index.has("ended")).isTrue();
        assertThat(index.get("outcome").asText()).isEqualTo("the board was given back");
        assertThat(index.get("files").findValuesAsText("sha256"))
                .containsExactly(dev.hil.link.Sha256.of("U-Boot"), dev.hil.link.Sha256.of("Panic#1"));
        assertThat(index.get("files").findValuesAsText("what").get(0)).contains("every byte");
    }

    @Test
    void aFactIsBounded() throws IOException {
        Evidence evidence = start();

        evidence.fact("board: model", "x".repeat(100_000));

        assertThat(index(evidence).get("facts").get("board: model").asText()).hasSize(4096 + 3);
    }

    @Test
    void aPlaceThatCannotBeWrittenIsNamedWithTheWayOut() throws IOException {
        Files.writeString(home.resolve("ampere"), "a file where a folder should be");

        assertThatExceptionOfType(InfrastructureException.class)
                .isThrownBy(this::start)
                .withMessageContaining(home.resolve("ampere/runs").toString())
                .withMessageContaining("-Dhil.home=DIR");
    }

    @Test
    void theHomeCanBeChosen() {
        String before = System.getProperty("hil.home");
        System.setProperty("hil.home", "/somewhere");
        try {
            assertThat(Evidence.defaultHome()).isEqualTo(Path.of("/somewhere"));
        } finally {
            if (before == null) {
                System.clearProperty("hil.home");
            } else {
                System.setProperty("hil.home", before);
            }
        }
    }

    @Test
    void whatIsKeptBesideOthersIsNeverWrittenOver() throws IOException {
        Evidence evidence = start();

        Path first = evidence.writeBeside("not-restored", "../menu", "one".getBytes(StandardCharsets.UTF_8));
        Path second = evidence.writeBeside("not-restored", "../menu", "two".getBytes(StandardCharsets.UTF_8));

        assertThat(first).hasContent("one").isNotEqualTo(second);
        assertThat(second).hasContent("two").hasParentRaw(evidence.folder().resolve("not-restored"));
    }

    @Test
    void whatThereIsNoRoomForIsRefusedBeforeItIsTakenAndHilsOwnLinesGoOn() throws IOException {
        System.setProperty("hil.evidence.limit", "1M");
        try {
            Evidence evidence = start();

            evidence.requireRoom(1 << 19, "a record");
            assertThatExceptionOfType(InfrastructureException.class)
                    .isThrownBy(() -> evidence.requireRoom(1 << 20, "two records of x"))
                    .withMessageContaining("no room left for two records of x: of 1 MiB 0 are left")
                    .withMessageContaining("it stays where it is")
                    .withMessageContaining("-Dhil.evidence.limit=32G");
            assertThat(evidence.room().take(1 << 20)).isFalse();

            evidence.event("note", "x".repeat(2 << 20));
            evidence.event("note", "still told");
            assertThat(evidence.file("events.jsonl")).content().contains("still told");
        } finally {
            System.clearProperty("hil.evidence.limit");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "lots", "-1G", "10", "1T", "99999999999G"})
    void aLimitThatIsNoneIsSaidToBe(String limit) {
        System.setProperty("hil.evidence.limit", limit);
        try {
            assertThatExceptionOfType(InfrastructureException.class)
                    .isThrownBy(() -> start())
                    .withMessageContaining("-Dhil.evidence.limit=" + limit + " is no size: write for instance");
        } finally {
            System.clearProperty("hil.evidence.limit");
        }
    }
}
