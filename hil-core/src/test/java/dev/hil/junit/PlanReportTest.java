package dev.hil.junit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hil.board.BoardDefinition;
import dev.hil.board.BoardDefinitions;
import dev.hil.kernel.Series;
import dev.hil.kernel.SeriesEntry;
import dev.hil.plan.Outcome;
import dev.hil.record.Evidence;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a run has seen of its plan becomes its last word. */
class PlanReportTest {
    private static final String SAFE = "3.1 the series on the safe configuration";

    private final BoardDefinition definition = BoardDefinitions.find().get("virtual");
    private final PlanReport report = new PlanReport(definition);

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path home;

    /** Tests of the safe configuration, as JUnit finds them: one of its own and an inherited one. */
    private static class Safe implements Inherited {
        @Test
        void boots() {}
    }

    private interface Inherited {
        @Test
        default void decodes() {}
    }

    private void seriesIsProven() {
        report.begin("2.1 first", true);
        for (SeriesEntry patch :
                Series.read(definition.kernel().orElseThrow().series()).entries()) {
            report.step(patch.name(), new Outcome.Step(Outcome.State.PROVEN, ""));
        }
    }

    private void safe(String test, @Nullable Throwable failure) throws NoSuchMethodException {
        Class<?> of = test.equals("boots") ? Safe.class : Inherited.class;
        report.test(SAFE, Optional.of(Safe.class), Optional.of(of.getDeclaredMethod(test)), failure);
    }

    private String lastWord() {
        report.conclude(
                Evidence.start(home, "virtual", new PrintStream(OutputStream.nullOutputStream())),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        return report.lastWord().orElseThrow();
    }

    @Test
    void isASuccessWhenEveryTestOfTheSafeConfigurationHasPassed() throws NoSuchMethodException {
        seriesIsProven();
        safe("boots", null);
        safe("decodes", null);

        assertThat(lastWord()).startsWith("SUCCESS");
    }

    @Test
    void isNoneWhereOneOfThemWasLeftOut() throws NoSuchMethodException {
        seriesIsProven();
        safe("boots", null);

        assertThat(lastWord())
                .startsWith("PARTIAL")
                .contains("the series was not run (of " + SAFE + " only 1 ran and passed, not decodes)");
    }

    @Test
    void aFailureIsNotForgottenForWhatPassesAfterIt() throws NoSuchMethodException {
        seriesIsProven();
        safe("boots", new AssertionError("a splat\nand more"));
        safe("boots", null);
        safe("decodes", null);

        assertThat(lastWord()).startsWith("PARTIAL").contains("the series regresses without it: a splat");
    }

    @Test
    void whatCouldNotBeJudgedIsSaidToBeSo() throws NoSuchMethodException {
        seriesIsProven();
        safe("boots", new IllegalStateException("no link"));

        assertThat(lastWord()).startsWith("PARTIAL").contains("it could not be judged: no link");
    }
}
