package dev.hil.junit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hil.board.Board;
import dev.hil.board.DefinitionException;
import dev.hil.link.InfrastructureException;
import java.io.IOException;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which tests run, and what is said where they do not. */
class HilTestTest {
    private final PlanRun plan;

    HilTestTest(@TempDir Path folder) throws IOException {
        this.plan = new PlanRun(folder);
    }

    @HilTest
    static class Plain {
        @Test
        @Order(1)
        void first() {}

        @Test
        @Order(2)
        void second() {}
    }

    @HilTest
    static class WantsTheBoard {
        @Test
        @Order(1)
        void usesIt(Board board) {
            assertThat(board).isNotNull();
        }

        @Test
        @Order(2)
        void usesItAgain(Board board) {
            assertThat(board).isNotNull();
        }
    }

    @Retention(RetentionPolicy.RUNTIME)
    @HilTest
    @interface OurBoardTest {}

    @OurBoardTest
    static class Meta {
        @Test
        void first() {}
    }

    static class Heir extends Plain {}

    @Test
    void withoutABoardEachTestIsSkippedSayingHowToSelectOne() {
        PlanRun.Outcome outcome = plan.withoutBoard().execute(Plain.class, WantsTheBoard.class);

        assertThat(outcome.started()).isEmpty();
        assertThat(outcome.failed()).isEmpty();
        assertThat(outcome.skipped()).containsOnlyKeys("first()", "second()", "usesIt(Board)", "usesItAgain(Board)");
        assertThat(outcome.skipped().values())
                .allSatisfy(reason -> assertThat(reason)
                        .contains(
                                "no board selected", "-Pboard=NAME", "-Dboard=NAME", "HIL_BOARD=NAME", "tiny, zebra"));
    }

    @Test
    void withoutABoardAndWithoutDefinitionsTheReasonSaysWhereTheyBelong() {
        PlanRun.Outcome outcome =
                plan.withoutBoard().with("hil.boards", "/no/such").execute(Plain.class);

        assertThat(outcome.skipped().values())
                .allSatisfy(reason -> assertThat(reason).contains("no board selected", "/no/such, which is no folder"));
    }

    @Test
    void withoutABoardAStepIsSkippedToo() {
        PlanRun.Outcome outcome = plan.withoutBoard().execute(FirstStep.class);

        assertThat(outcome.failed()).isEmpty();
        assertThat(outcome.skipped()).containsKey("first()");
    }

    @Test
    void anUnknownBoardIsAnErrorOfEachTestNamingTheDefinitions() {
        PlanRun.Outcome outcome = plan.with("board", "nosuch").execute(Plain.class);

        assertThat(outcome.passed()).isEmpty();
        assertThat(outcome.skipped()).isEmpty();
        assertThat(outcome.failed()).containsOnlyKeys("first()", "second()");
        assertThat(outcome.failed().values()).allSatisfy(error -> {
            assertThat(error).isNotInstanceOf(AssertionError.class);
            assertThat(error).hasStackTraceContaining("nosuch").hasStackTraceContaining("tiny, zebra");
        });
    }

    @Test
    void anUnknownBoardIsAnErrorOfAStep() {
        PlanRun.Outcome outcome = plan.with("board", "nosuch").execute(FirstStep.class);

        assertThat(outcome.passed()).isEmpty();
        assertThat(outcome.failed().values())
                .isNotEmpty()
                .allSatisfy(error -> assertThat(error).isInstanceOf(DefinitionException.class));
    }

    @Test
    void aDefinitionWithMistakesIsAnErrorShowingThem() throws IOException {
        PlanRun.Outcome outcome = plan.with("board", "zebra").execute(Plain.class);

        assertThat(outcome.failed()).hasSize(2);
        assertThat(outcome.failed().values())
                .allSatisfy(error ->
                        assertThat(error).hasStackTraceContaining("zebra.toml: name is missing; write for instance"));
    }

    @Test
    void twoDifferentBoardsAreAnError() {
        PlanRun.Outcome outcome = plan.onTheBoard()
                .with("hil.profiles", "requested:[board=zebra]")
                .execute(Plain.class);

        assertThat(outcome.failed().values())
                .hasSize(2)
                .allSatisfy(error -> assertThat(error)
                        .hasStackTraceContaining("more than one board was asked for (-Dboard=tiny, -Pboard=zebra)"));
    }

    @Test
    void aProfileThatMavenDoesNotKnowSelectsTheBoard() {
        PlanRun.Outcome outcome =
                plan.with("hil.profiles", "requested:[board=tiny]").execute(Plain.class);

        assertThat(outcome.passed()).containsExactly("first()", "second()");
    }

    @Test
    void theAnnotationCanBePartOfAnother() {
        assertThat(plan.withoutBoard().execute(Meta.class).skipped()).containsKey("first()");
        assertThat(plan.onTheBoard().execute(Meta.class).passed()).containsExactly("first()");
    }

    @Test
    void theAnnotationIsInherited() {
        assertThat(plan.withoutBoard().execute(Heir.class).skipped()).containsKeys("first()", "second()");
    }

    @Test
    void testsThatDoNotTouchTheBoardDoNotOpenIt() {
        plan.onTheBoard().execute(Plain.class);

        assertThat(plan.runs()).doesNotExist();
    }

    @Test
    void aBoardThatCannotBeHadIsAnErrorThatEndsWithTheEvidenceFolder() throws IOException {
        PlanRun.Outcome outcome = plan.onTheBoard().execute(WantsTheBoard.class);

        assertThat(outcome.failed()).containsOnlyKeys("usesIt(Board)", "usesItAgain(Board)");
        Throwable first = root(outcome.failure("usesIt(Board)"));
        Throwable again = root(outcome.failure("usesItAgain(Board)"));
        assertThat(first)
                .isInstanceOf(InfrastructureException.class)
                .hasMessageContaining("\"-no-host\" is not a host name")
                .message()
                .endsWith("evidence: " + onlyRun());
        assertThat(again).isInstanceOf(InfrastructureException.class);
        assertThat(again).message().contains("board tiny could not be had earlier in this run", "-no-host");
        assertThat(onlyRun().resolve("events.jsonl")).content().contains("-no-host");
    }

    @BisectStep(order = 1, patch = "0001")
    static class FirstStep {
        @Test
        void first() {}
    }

    /** The error of a parameter comes wrapped by JUnit. */
    private static Throwable root(Throwable thrown) {
        Throwable cause = thrown.getCause();
        return thrown instanceof InfrastructureException || cause == null ? thrown : root(cause);
    }

    private Path onlyRun() throws IOException {
        try (Stream<Path> runs = Files.list(plan.runs())) {
            List<Path> all = runs.toList();
            assertThat(all).hasSize(1);
            return all.get(0);
        }
    }
}
