package dev.hil.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** After a hard gate or a step has failed nothing runs any more, and each test says why. */
class StopRuleTest {
    private final PlanRun plan;

    StopRuleTest(@TempDir Path folder) throws IOException {
        this.plan = new PlanRun(folder).onTheBoard();
    }

    @HilTest
    @Order(300)
    static class Later {
        @Test
        @Order(1)
        void one() {}

        @ParameterizedTest
        @Order(2)
        @ValueSource(ints = {1, 2})
        void two(int number) {}
    }

    @HilTest
    @HardGate
    @Order(100)
    @DisplayName("the gate")
    static class FailingClass {
        @Test
        @Order(1)
        void fails() {
            throw new AssertionError("ramoops is deaf\nand more");
        }

        @Test
        @Order(2)
        void isSkipped() {}
    }

    @HilTest
    @Order(100)
    static class FailingMethod {
        @Test
        @HardGate
        @DisplayName("the gate")
        void fails() {
            throw new AssertionError("ramoops is deaf");
        }
    }

    @HilTest
    @HardGate
    @Order(100)
    @DisplayName("the gate")
    static class GivingUp {
        @Test
        void assumes() {
            assumeTrue(false, "ramoops is deaf");
        }
    }

    @HilTest
    @HardGate
    @Order(100)
    @DisplayName("the gate")
    static class FailingBefore {
        @BeforeEach
        void prepare() {
            throw new IllegalStateException("ramoops is deaf");
        }

        @Test
        void is() {}
    }

    @HilTest
    @HardGate
    @Order(100)
    @DisplayName("the gate")
    static class FailingBeforeAll {
        @BeforeAll
        static void prepare() {
            fail("ramoops is deaf");
        }

        @Test
        void is() {}
    }

    @HilTest
    @HardGate
    @Order(100)
    @DisplayName("the gate")
    static class FailingAfterAll {
        @AfterAll
        static void check() {
            fail("ramoops is deaf");
        }

        @Test
        void is() {}
    }

    @HilTest
    @HardGate
    @Order(100)
    @DisplayName("the gate")
    static class FailingInside {
        @Nested
        class Inner {
            @Test
            void fails() {
                throw new AssertionError("ramoops is deaf");
            }
        }
    }

    @HilTest
    @HardGate
    @Order(100)
    @DisplayName("the gate")
    static class FailingFactory {
        @TestFactory
        Stream<DynamicTest> made() {
            return Stream.of(DynamicTest.dynamicTest("fails", () -> {
                throw new AssertionError("ramoops is deaf");
            }));
        }
    }

    static Stream<Class<?>> gatesThatFail() {
        return Stream.of(
                FailingClass.class,
                FailingMethod.class,
                GivingUp.class,
                FailingBefore.class,
                FailingBeforeAll.class,
                FailingAfterAll.class,
                FailingInside.class,
                FailingFactory.class);
    }

    @ParameterizedTest
    @MethodSource("gatesThatFail")
    void aGateThatDoesNotSucceedHasEachLaterTestSkippedNamingIt(Class<?> gate) {
        // Given the wrong way round: the plan's order counts.
        PlanRun.Outcome outcome = plan.execute(Later.class, gate);

        assertThat(outcome.passed()).doesNotContain("one()", "[1] 1", "[2] 2");
        assertThat(outcome.skipped()).containsKeys("one()", "two(int)");
        assertThat(outcome.skipped().values())
                .allSatisfy(reason -> assertThat(reason)
                        .startsWith("not run: hard gate \"the gate\" failed: ")
                        .contains("ramoops is deaf"));
    }

    @Test
    void theRestOfAFailedGateIsSkippedToo() {
        PlanRun.Outcome outcome = plan.execute(FailingClass.class);

        assertThat(outcome.failed()).containsOnlyKeys("fails()");
        assertThat(outcome.skipped()).containsOnlyKeys("isSkipped()");
    }

    @HilTest
    @Order(90)
    static class FailingWithoutConsequence {
        @Test
        void fails() {
            throw new AssertionError("a pity");
        }
    }

    @Test
    void aFailureThatIsNoGateStopsNothing() {
        PlanRun.Outcome outcome = plan.execute(FailingWithoutConsequence.class, Later.class);

        assertThat(outcome.failed()).containsOnlyKeys("fails()");
        assertThat(outcome.passed()).hasSize(3);
    }

    @HilTest
    @HardGate
    @Order(110)
    @DisplayName("the second gate")
    static class SecondGate {
        @Test
        void fails() {
            throw new AssertionError("a consequence");
        }
    }

    @Test
    void theFirstFailureIsTheReason() {
        Map<String, String> skipped =
                plan.execute(SecondGate.class, FailingMethod.class, Later.class).skipped();

        assertThat(skipped.values())
                .hasSize(3)
                .allSatisfy(reason -> assertThat(reason).contains("\"the gate\""));
    }

    @Test
    void oneRunIsNotStoppedByAnother() {
        plan.execute(FailingClass.class);

        assertThat(plan.execute(Later.class).passed()).hasSize(3);
    }

    @BisectStep(order = 2, patch = "0005")
    static class StepFive {
        @Test
        void five() {}
    }

    @BisectStep(order = 3, patch = "0006")
    static class StepSix {
        @Test
        void six() {}

        @Nested
        class Inner {
            @Test
            void inner() {}
        }
    }

    @Test
    void aStepThatFailsHasLaterStepsSkippedNamingIt() {
        PlanRun.Outcome outcome = plan.execute(StepSix.class, Later.class, StepFive.class);

        assertThat(outcome.passed()).isEmpty();
        assertThat(outcome.failure())
                .contains("\"-no-host\" is not a host name")
                .contains("evidence: " + plan.runs());
        assertThat(outcome.skipped()).containsOnlyKeys("six()", "inner()", "one()", "two(int)");
        assertThat(outcome.skipped().values())
                .allSatisfy(reason ->
                        assertThat(reason).startsWith("not run: step 0005 failed: \"-no-host\" is not a host name"));
    }

    @HilTest
    @Order(10)
    @DisplayName("ten")
    static class Ten {
        @Test
        void ten() {}
    }

    @HilTest
    static class Unordered {
        @Test
        void last() {}
    }

    @Test
    void classesRunInThePlansOrder() {
        PlanRun.Outcome outcome = plan.withoutBoard()
                .with("board", "")
                .execute(Unordered.class, Later.class, StepSix.class, StepFive.class, Ten.class);

        assertThat(outcome.skipped().keySet())
                .containsExactly("ten()", "five()", "six()", "inner()", "one()", "two(int)", "last()");
    }
}
