package dev.hil.junit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run of a plan says how it came out, whatever came of it. */
class LastWordTest {
    private final PlanRun plan;

    LastWordTest(@TempDir Path folder) throws IOException {
        this.plan = new PlanRun(folder).onTheBoard();
    }

    @HilTest
    @HardGate
    @Order(102)
    @DisplayName("0.2 backup")
    static class Gate {
        @Test
        void fails() {
            throw new AssertionError("the backup host boltzmann is away");
        }
    }

    @BisectStep(order = 1, patch = "0004")
    @DisplayName("2.1 core helper")
    static class Step {
        @Test
        void step() {}
    }

    @HilTest
    @Order(10)
    @DisplayName("0.1 first look")
    static class WantsTheBoard {
        @Test
        void wants(dev.hil.board.Board board) {
            assertThat(board).isNotNull();
        }
    }

    private String file(String name) throws IOException {
        try (Stream<Path> runs = Files.walk(plan.runs())) {
            Path file = runs.filter(path -> path.endsWith(name)).findFirst().orElseThrow();
            return Files.readString(file);
        }
    }

    @Test
    void aBoardThatCannotBeHadIsAFailureWithItsReason() throws IOException {
        plan.execute(WantsTheBoard.class, Gate.class, Step.class);

        assertThat(file("outcome.md"))
                .startsWith("# FAILURE")
                .contains("hard gate \"0.2 backup\" failed: the backup host boltzmann is away")
                .containsPattern("- the board could not be had: .*\"-no-host\" is not a host name")
                .doesNotContain("NOT as it was found")
                .contains("| phase | estimated | actual |", "| 0 Pre-flight | none | ", "| 2.1 core helper | none | ");
        assertThat(file("outcome.json")).contains("\"outcome\":\"FAILURE\"");
        assertThat(file("events.jsonl").lines().reduce((first, last) -> last).orElse(""))
                .contains("\"kind\":\"outcome\"")
                .contains("FAILURE");
    }

    @Test
    void aRunWithoutAStepHasNone() throws IOException {
        plan.execute(WantsTheBoard.class);

        assertThat(file("events.jsonl")).doesNotContain("outcome");
    }
}
