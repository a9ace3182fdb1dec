package dev.hil.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hil.plan.Outcome.Seen;
import dev.hil.plan.Outcome.State;
import dev.hil.plan.Outcome.Step;
import dev.hil.plan.Outcome.Word;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class OutcomeTest {
    private static final List<String> SERIES = List.of("0004.patch", "0005.patch", "0006.patch", "0007.patch");
    private static final Step PROVEN = new Step(State.PROVEN, "all 4 tests passed");
    private static final Step REGRESSED = new Step(State.REGRESSED, "possible circular locking dependency");

    private final Map<String, Step> steps = new LinkedHashMap<>();
    private Optional<String> stopped = Optional.empty();
    private Step safe = Step.NOT_RUN;
    private Optional<String> notHad = Optional.empty();
    private Optional<String> notRestored = Optional.empty();

    private Outcome outcome() {
        return Outcome.of(new Seen(SERIES, steps, stopped, safe, notHad, notRestored));
    }

    private void proven(int count) {
        SERIES.subList(0, count).forEach(patch -> steps.put(patch, PROVEN));
    }

    @Test
    void allProvenWithAndWithoutLockdepIsSuccessAndRcuIsNext() {
        proven(4);
        safe = PROVEN;

        assertThat(outcome().word()).isEqualTo(Word.SUCCESS);
        assertThat(outcome().reasons())
                .startsWith("every patch is proven with lockdep, and the whole series without it")
                .contains(Outcome.ADVICE);
    }

    @Test
    void withoutTheSafeConfigurationItIsNoSuccessYet() {
        proven(4);

        assertThat(outcome().word()).isEqualTo(Word.PARTIAL);
        assertThat(outcome().reasons().get(0))
                .endsWith("without it the series was not run (3.1, left out by -Dhil.post=none)");
        assertThat(outcome().reasons()).doesNotContain(Outcome.ADVICE);
    }

    @Test
    void aSafeConfigurationThatRegressesIsNoSuccess() {
        proven(4);
        safe = new Step(State.REGRESSED, "a panic");

        assertThat(outcome().word()).isEqualTo(Word.PARTIAL);
        assertThat(outcome().reasons().get(0)).endsWith("regresses without it: a panic");
    }

    @Test
    void aLaterPatchThatRegressesLeavesWhatIsProven() {
        proven(3);
        steps.put("0007.patch", REGRESSED);
        stopped = Optional.of("step 0007 failed: ...");

        assertThat(outcome().word()).isEqualTo(Word.PARTIAL);
        assertThat(outcome().reasons())
                .containsExactly(
                        "0007.patch regresses: possible circular locking dependency",
                        "proven, one upon the other: 0004.patch, 0005.patch, 0006.patch");
    }

    @Test
    void theFirstPatchThatRegressesClosesTheLine() {
        steps.put("0004.patch", REGRESSED);

        assertThat(outcome().word()).isEqualTo(Word.FAILURE);
        assertThat(outcome().reasons().get(0)).startsWith("0004.patch regresses: ");
        assertThat(outcome().reasons().get(1)).startsWith("the line is closed: ");
        assertThat(outcome().reasons()).contains("not run: 0005.patch, 0006.patch, 0007.patch");
    }

    @Test
    void aPatchThatDoesNotBuildClosesNoLine() {
        steps.put("0004.patch", new Step(State.FAILED, "make failed"));

        assertThat(outcome().word()).isEqualTo(Word.FAILURE);
        assertThat(outcome().reasons().get(0)).isEqualTo("0004.patch could not be judged: make failed");
        assertThat(outcome().reasons()).noneMatch(reason -> reason.contains("closed"));
    }

    @Test
    void aGateThatFailsIsTheReason() {
        stopped = Optional.of("hard gate \"1.8a ramoops\" failed: nothing came back");

        assertThat(outcome().word()).isEqualTo(Word.FAILURE);
        assertThat(outcome().reasons().get(0)).startsWith("hard gate \"1.8a ramoops\" failed");
    }

    @Test
    void aBoardThatIsNotAsItWasFoundIsNoSuccess() {
        proven(4);
        safe = PROVEN;
        notRestored = Optional.of("DEFAULT is test");

        assertThat(outcome().word()).isEqualTo(Word.PARTIAL);
        assertThat(outcome().reasons()).contains("the board is NOT as it was found: DEFAULT is test");
    }

    @Test
    void aBoardThatCouldNotBeHadIsTheReasonAndWasNotTouched() {
        notHad = Optional.of("no route to ampere");
        stopped = Optional.of("hard gate \"0.0 readiness\" failed: board ampere could not be had");

        assertThat(outcome().word()).isEqualTo(Word.FAILURE);
        assertThat(outcome().reasons().get(0)).isEqualTo("the board could not be had: no route to ampere");
        assertThat(outcome().reasons()).noneMatch(reason -> reason.contains("NOT as it was found"));
    }

    @Test
    void thePageHasWordReasonsAndTimes() {
        proven(1);

        assertThat(outcome().page("virtual", "iter6-virtual", "| phase |\n"))
                .startsWith("# PARTIAL")
                .contains(
                        "Board virtual, series iter6-virtual.",
                        "- proven, one upon the other: 0004.patch",
                        "| phase |");
    }
}
