package dev.hil.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class LintCommandTest {
    private static final String BOARDS = "../fixtures/boards";

    @TempDir
    Path folder;

    private record Run(int exit, String out, String err) {}

    private static Run run(String... args) {
        PrintStream stdout = System.out;
        PrintStream stderr = System.err;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        try {
            System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
            System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
            int exit = new CommandLine(new Main()).execute(args);
            return new Run(exit, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
        } finally {
            System.setOut(stdout);
            System.setErr(stderr);
        }
    }

    @Test
    void errorsMakeTheExitCodeOne() {
        Run run = run("lint", "ampere-as-planned", "--boards", BOARDS);

        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.out())
                .contains("ampere-as-planned.toml:", ": error memmap: memmap=0x100000$0x10000000 reserves nothing")
                .contains("    why: ", "    instead: ", "not checked: boot-menu: ", "30 rules: 11 errors, 4 warnings");
        assertThat(run.err()).isEmpty();
    }

    @Test
    void aCleanBoardMakesItZero() {
        Run run = run("lint", "ampere", "--boards", BOARDS);

        assertThat(run.exit()).isZero();
        assertThat(run.out()).contains("30 rules: 0 errors, 0 warnings, 0 notes, 0 accepted");
    }

    @Test
    void theDefinitionCanBeGivenByItsPath() {
        assertThat(run("lint", BOARDS + "/ampere.toml").exit()).isZero();
    }

    @Test
    void jsonIsAnObjectALine() throws Exception {
        Run run = run("lint", "--json", "ampere-as-planned", "--boards", BOARDS);
        List<JsonNode> objects = new ArrayList<>();
        for (String line : run.out().lines().toList()) {
            objects.add(new ObjectMapper().readTree(line));
        }

        assertThat(run.exit()).isEqualTo(1);
        assertThat(objects.get(0).fieldNames())
                .toIterable()
                .containsExactly("rule", "severity", "where", "what", "why", "source", "instead");
        assertThat(objects.get(objects.size() - 1).get("summary").get("errors").asInt())
                .isEqualTo(11);
        assertThat(objects)
                .filteredOn(object -> object.has("notChecked"))
                .hasSize(15)
                .allSatisfy(object -> assertThat(object.get("because").asText()).contains("the board was not asked"));
    }

    @Test
    void anAcceptedFindingIsShownWithItsReason() throws Exception {
        String text = Files.readString(Path.of(BOARDS, "ampere.toml")).replace("ecc          = 16", "ecc = 0")
                + "\n[lint.accept]\nramoops-ecc = \"the vendor's firmware\"\n";
        Path file = Files.writeString(folder.resolve("ampere.toml"), text);

        assertThat(run("lint", file.toString()).out())
                .contains("accepted ramoops-ecc: ramoops has no error correction (the vendor's firmware)");
        assertThat(run("lint", "--json", file.toString()).out()).contains("\"accepted\":\"the vendor's firmware\"");
    }

    @Test
    void whatCannotBeDoneMakesItTwo() throws Exception {
        assertThat(run("lint", "nosuch", "--boards", BOARDS))
                .satisfies(run -> assertThat(run.exit()).isEqualTo(2))
                .satisfies(run -> assertThat(run.err()).contains("nosuch", "ampere, ampere-as-planned, virtual"));
        assertThat(run("lint", folder.resolve("no.toml").toString()).exit()).isEqualTo(2);
        assertThat(run("lint", "a/b").err()).contains("a/b is no board definition");
        Files.writeString(folder.resolve("bad.toml"), "name = 3\n");
        assertThat(run("lint", folder.resolve("bad.toml").toString()))
                .satisfies(run -> assertThat(run.exit()).isEqualTo(2))
                .satisfies(run -> assertThat(run.err()).contains("bad.toml:1:1"));
        assertThat(run("lint").exit()).isEqualTo(2);
    }

    @Test
    void aBoardThatIsAwayIsNoCleanBoard() throws Exception {
        String text = Files.readString(Path.of(BOARDS, "ampere.toml"))
                .replace("host = \"ampere\"", "host = \"board.invalid\"");
        Path file = Files.writeString(folder.resolve("ampere.toml"), text);

        Run run = run("lint", "--live", file.toString());

        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.err()).contains("board.invalid");
    }
}
