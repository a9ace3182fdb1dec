package dev.hil.junit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hil.link.InfrastructureException;
import dev.hil.link.LinkException;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an informational gate finds is shown and stops nothing; a gate that was moved is not forgotten. */
class InformationalGateTest {
    private final PlanRun plan;

    InformationalGateTest(@TempDir Path folder) throws IOException {
        this.plan = new PlanRun(folder).onTheBoard();
    }

    @HilTest
    @InformationalGate
    @Order(10)
    @DisplayName("0.5 the tree")
    static class Tree {
        @Test
        @Order(1)
        void isModified() {
            throw new AssertionError("3 files differ");
        }

        @Test
        @Order(2)
        void cannotBeRead() {
            throw new InfrastructureException("no git");
        }

        @Test
        @Order(3)
        void isFine() {}

        @Test
        @Order(4)
        void isAway() {
            throw new LinkException(LinkException.Kind.REFUSED, "nobody answers");
        }

        @Test
        @Order(5)
        void isBroken() {
            throw new IllegalStateException("a mistake in the test");
        }
    }

    @HilTest
    @Order(20)
    static class Later {
        @Test
        void runs() {}
    }

    @Test
    void whatItFindsIsNeitherPassedNorFailedAndThePlanGoesOn() {
        PlanRun.Outcome outcome = plan.execute(Tree.class, Later.class);

        assertThat(outcome.aborted()).containsOnlyKeys("isModified()", "cannotBeRead()");
        assertThat(outcome.aborted().get("isModified()")).contains("informational", "3 files differ");
        assertThat(outcome.passed()).containsExactly("isFine()", "runs()");
        assertThat(outcome.failed()).containsOnlyKeys("isAway()", "isBroken()");
    }

    @HilTest
    @InformationalGate(movedTo = "1.8a")
    @Order(10)
    @DisplayName("0.4 capture")
    static class Moved {
        @Test
        void isSurveyed() {}
    }

    @HilTest
    @HardGate
    @Order(118)
    @DisplayName("1.8a ramoops")
    static class Gate {
        @Test
        void isPassed() {}
    }

    @BisectStep(order = 1, patch = "0004")
    static class Step {
        @Test
        void step() {}
    }

    @Test
    void aStepIsNotBegunBeforeTheGateThatAnotherWasMovedTo() {
        PlanRun.Outcome outcome = plan.execute(Moved.class, Step.class);

        assertThat(outcome.failure())
                .startsWith(
                        "step 0004 is not begun: gate \"0.4 capture\" was moved to 1.8a, and no hard gate 1.8a has been passed in this run");
        assertThat(outcome.skipped()).isEmpty();
    }

    @Test
    void aGateThatWasPassedWhereItWasMovedToIsOwedNoMore() {
        PlanRun.Outcome outcome = plan.execute(Moved.class, Gate.class, Step.class);

        assertThat(outcome.failure()).startsWith("\"-no-host\" is not a host name");
    }
}
