package dev.hil.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.testkit.engine.EventConditions.event;
import static org.junit.platform.testkit.engine.EventConditions.finishedWithFailure;
import static org.junit.platform.testkit.engine.EventConditions.skippedWithReason;
import static org.junit.platform.testkit.engine.TestExecutionResultConditions.message;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.platform.launcher.core.LauncherConfig;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Events;

/** Without an engine a test is never green: it is skipped and counted, or it fails. */
class EngineConditionTest {
    private static final String KEY = "hil.engine";

    private final Optional<String> before = Optional.ofNullable(System.getProperty(KEY));

    @BeforeEach
    void nothingIsRequired() {
        System.clearProperty(KEY);
    }

    @AfterEach
    void asItWas() {
        before.ifPresentOrElse(value -> System.setProperty(KEY, value), () -> System.clearProperty(KEY));
    }

    static final class Without {
        @RegisterExtension
        static final EngineCondition CONDITION = new EngineCondition(images -> Optional.of("there is none"));

        @Test
        void one() {}

        @Test
        void other() {}
    }

    static final class With {
        @RegisterExtension
        static final EngineCondition CONDITION = new EngineCondition(images -> Optional.empty());

        @Test
        void one() {}
    }

    private static EngineExecutionResults run(Class<?> tests) {
        return EngineTestKit.engine("junit-jupiter")
                .selectors(selectClass(tests))
                .execute();
    }

    @Test
    void eachTestIsSkippedAndTheClassIsNot() {
        EngineExecutionResults results = run(Without.class);

        results.testEvents()
                .assertStatistics(events -> events.skipped(2).started(0))
                .assertThatEvents()
                .haveExactly(2, event(skippedWithReason("container engine: there is none")));
        results.containerEvents().assertStatistics(events -> events.skipped(0));
    }

    @Test
    void eachTestFailsWhereAnEngineIsRequired() {
        System.setProperty(KEY, "required");

        Events tests = run(Without.class).testEvents();

        tests.assertStatistics(events -> events.failed(2).skipped(0));
        tests.assertThatEvents()
                .haveExactly(2, event(finishedWithFailure(message("-Dhil.engine=required, and there is none"))));
    }

    @Test
    void aMistypedRequirementIsNoPermissionToSkip() {
        System.setProperty(KEY, "require");

        EngineExecutionResults results = run(Without.class);

        results.testEvents().assertStatistics(events -> events.skipped(0).succeeded(0));
        results.allEvents()
                .failed()
                .assertThatEvents()
                .haveExactly(2, event(finishedWithFailure(message(text -> text.contains("-Dhil.engine=require: ")))));
    }

    @Test
    void testsRunWhereThereIsAnEngine() {
        System.setProperty(KEY, "required");

        run(With.class).testEvents().assertStatistics(events -> events.succeeded(1));
    }

    @Test
    void theEndOfTheRunSaysHowManyWereSkippedAndWhy() {
        List<String> lines = new ArrayList<>();

        // Without the listener of that kind that every run has: it would say so of this one.
        LauncherFactory.create(LauncherConfig.builder()
                        .enableTestExecutionListenerAutoRegistration(false)
                        .build())
                .execute(
                        LauncherDiscoveryRequestBuilder.request()
                                .selectors(selectClass(Without.class), selectClass(With.class))
                                .build(),
                        new EngineReport(lines::add));

        assertThat(lines).containsExactly("hil: 2 container tests were skipped: there is none");
    }
}
