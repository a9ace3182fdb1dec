package dev.hil.plan;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PlanStateTest {
    private final PlanState plan = new PlanState();

    @Test
    void aPlanThatHasNotFailedGoesOn() {
        assertThat(plan.stopped()).isEmpty();
    }

    @Test
    void aFailedGateStopsItNamingTheGate() {
        plan.gateFailed("1.8a ramoops", "nothing was captured");

        assertThat(plan.stopped()).contains("hard gate \"1.8a ramoops\" failed: nothing was captured");
    }

    @Test
    void aFailedStepStopsItNamingThePatch() {
        plan.stepFailed("0005", "circular locking: a -> b");

        assertThat(plan.stopped()).contains("step 0005 failed: circular locking: a -> b");
    }

    @Test
    void aLostBoardStopsIt() {
        plan.boardLost("did not come back");

        assertThat(plan.stopped()).contains("the board was lost: did not come back");
    }

    @Test
    void theFirstFailureIsTheReason() {
        plan.stepFailed("0005", "it hangs");
        plan.stepFailed("0006", "consequence");
        plan.gateFailed("gate", "consequence");
        plan.boardLost("consequence");

        assertThat(plan.stopped()).contains("step 0005 failed: it hangs");
    }

    /** AssertJ's messages say nothing in their first line. */
    @Test
    void theReasonSaysOnOneLineWhatWasExpectedAndWhatWas() {
        plan.gateFailed("gate", "\nexpected: ORDERED\n but was: UNKNOWN\nevidence: /runs/1");

        assertThat(plan.stopped())
                .contains("hard gate \"gate\" failed: expected: ORDERED but was: UNKNOWN evidence: /runs/1");
    }

    @Test
    void aLongReasonIsCut() {
        plan.gateFailed("gate", "x".repeat(10_000));

        assertThat(plan.stopped().orElseThrow()).hasSizeLessThan(400).endsWith("...");
    }

    @Test
    void noReasonIsSaidToBeNone() {
        plan.gateFailed("gate", " \n");

        assertThat(plan.stopped()).contains("hard gate \"gate\" failed: no reason given");
    }

    @Test
    void aGateThatWasMovedIsOwedUntilTheOtherIsPassed() {
        plan.gateMoved("0.4 capture", "1.8a");
        plan.gatePassed("1.7 lockdep kernel");
        assertThat(plan.owed()).get().asString().contains("\"0.4 capture\" was moved to 1.8a");

        plan.gatePassed("1.8a ramoops");
        assertThat(plan.owed()).isEmpty();
        assertThat(plan.stopped()).isEmpty();
    }
}
