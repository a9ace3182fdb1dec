package dev.hil.junit;

import dev.hil.board.BoardDefinition;
import dev.hil.kernel.Series;
import dev.hil.kernel.SeriesEntry;
import dev.hil.kernel.SeriesException;
import dev.hil.plan.Outcome;
import dev.hil.plan.Phases;
import dev.hil.record.Evidence;
import java.lang.reflect.Method;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a run has seen of its plan, for its last word. */
final class PlanReport {
    /** How the name of the class begins that runs the whole series on the safe configuration. */
    private static final String SAFE = "3.1";

    private final BoardDefinition definition;
    private final Phases phases;
    private final Map<String, Outcome.Step> steps = new LinkedHashMap<>();
    private Outcome.Step safe = Outcome.Step.NOT_RUN;
    private @Nullable ClassTests safeTests;
    private boolean planned;
    private Optional<String> lastWord = Optional.empty();

    PlanReport(BoardDefinition definition) {
        this.definition = definition;
        this.phases = new Phases(definition.estimates());
    }

    /** @param step whether it is a step of the series: without one there is no plan that could come out */
    synchronized void begin(String name, boolean step) {
        planned |= step;
        phases.begin(name);
    }

    void end(String name) {
        phases.end(name);
    }

    synchronized void step(String patch, Outcome.Step step) {
        steps.put(patch, step);
    }

    /**
     * A test of a class passed or failed. Those of the safe configuration are remembered: the first failure for good, and
     * proven is what every test of its class has passed.
     *
     * @param test empty for what failed around the tests of a class
     */
    synchronized void test(
            String ofClass, Optional<Class<?>> type, Optional<Method> test, @Nullable Throwable failure) {
        boolean failed = safe.state() == Outcome.State.REGRESSED || safe.state() == Outcome.State.FAILED;
        if (!ofClass.startsWith(SAFE) || failed || type.isEmpty()) {
            return;
        }
        if (failure != null) {
            safe = new Outcome.Step(
                    failure instanceof AssertionError ? Outcome.State.REGRESSED : Outcome.State.FAILED,
                    headline(failure));
            return;
        }
        ClassTests tests = safeTests;
        if (tests == null || !tests.isOf(type.get())) {
            tests = new ClassTests(type.get());
            safeTests = tests;
        }
        test.ifPresent(tests::passed);
        Set<String> missing = tests.missing();
        safe = missing.isEmpty()
                ? new Outcome.Step(Outcome.State.PROVEN, "")
                : new Outcome.Step(
                        Outcome.State.NOT_RUN,
                        "of %s only %d ran and passed, not %s"
                                .formatted(ofClass, tests.count(), String.join(", ", missing)));
    }

    static String headline(Throwable failure) {
        return headline(String.valueOf(failure.getMessage()));
    }

    static String headline(String failure) {
        return failure.strip().split("\n", 2)[0];
    }

    /**
     * Judges the run, if a step was planned, and keeps that in the evidence.
     *
     * @param stopped why the plan was stopped
     * @param notHad why the board could not be had
     * @param notRestored why it is not as it was found
     */
    synchronized void conclude(
            Evidence evidence, Optional<String> stopped, Optional<String> notHad, Optional<String> notRestored) {
        if (!planned) {
            return;
        }
        List<String> series = series();
        Outcome outcome = Outcome.of(new Outcome.Seen(series, steps, stopped, safe, notHad, notRestored));
        String times = phases.table();
        evidence.event("time", "estimated and actual%n%s".formatted(times.stripTrailing()));
        evidence.write(
                "outcome.md",
                outcome.page(
                        definition.name(),
                        definition
                                .kernel()
                                .map(kernel -> String.valueOf(kernel.series().getFileName()))
                                .orElse("none"),
                        times));
        evidence.json("outcome.json", outcome.asMap());
        evidence.fact("outcome", outcome.word().name());
        lastWord = Optional.of("%s%n%s".formatted(outcome.word(), String.join("\n", outcome.reasons())));
    }

    /** What is to be said after everything else; empty where there was no plan. */
    synchronized Optional<String> lastWord() {
        return lastWord;
    }

    private List<String> series() {
        try {
            return definition.kernel().stream()
                    .flatMap(kernel -> Series.read(kernel.series()).entries().stream())
                    .map(SeriesEntry::name)
                    .toList();
        } catch (SeriesException e) {
            // Said already by the step that wanted it.
            return List.copyOf(steps.keySet());
        }
    }
}
