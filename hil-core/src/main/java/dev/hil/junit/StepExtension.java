package dev.hil.junit;

import dev.hil.board.BoardLostException;
import dev.hil.link.InfrastructureException;
import dev.hil.plan.Bisection;
import dev.hil.plan.Step;
import dev.hil.record.StepOutcome;
import java.util.Optional;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/** Brings a step's patch onto the board before the first of its tests. */
final class StepExtension implements BeforeAllCallback, AfterAllCallback {
    @Override
    public void beforeAll(ExtensionContext context) throws Exception {
        Optional<Run> run = Run.of(context);
        // Its tests are skipped one by one then, each with its reason.
        if (run.isEmpty() || run.get().plan().stopped().isPresent() || Bisection.Way.chosen() == Bisection.Way.HALVE) {
            return;
        }
        Optional<BisectStep> step = AnnotationSupport.findAnnotation(context.getTestClass(), BisectStep.class);
        // A class nested in a step has the extension too, but the step is made already.
        if (step.isEmpty()) {
            return;
        }
        try {
            run.get().plan().owed().ifPresent(owed -> {
                throw new InfrastructureException("step %s is not begun: %s. Run that gate too"
                        .formatted(step.get().patch(), owed));
            });
            run.get().doing("step " + step.get().patch());
            Step made = run.get().kernel().step(step.get().patch());
            if (isProven(run.get(), made)) {
                return;
            }
            run.get()
                    .begin(new StepTests(
                            context.getRequiredTestClass(), made.patch().name(), made.identity(), made));
            EarlierSteps.require(run.get(), made);
            try (var phase = run.get()
                    .board()
                    .evidence()
                    .progress()
                    .begin(
                            "step",
                            "step " + made.patch().name(),
                            "step %s: build, install, boot"
                                    .formatted(made.patch().name()))) {
                // It counts for the estimates of later runs only where it came to its end.
                phase.failed();
                made.run();
                phase.succeeded();
            }
            run.get().lookAhead();
        } catch (RuntimeException | AssertionError e) {
            run.get().step().ifPresent(tests -> tests.failed(e));
            run.get().plan().stepFailed(step.get().patch(), String.valueOf(e.getMessage()));
            Throwable complete = OutcomeExtension.withEvidence(context, e);
            if (complete instanceof Error error) {
                throw error;
            }
            throw (Exception) complete;
        }
    }

    /** Its tests are skipped then, each naming the earlier run. */
    private static boolean isProven(Run run, Step made) {
        Optional<StepOutcome> proven = run.proven(made.patch().name());
        if (proven.isPresent() && !proven.get().plan().equals(made.identity())) {
            throw new InfrastructureException(
                    ("step %s was proven by an earlier run (evidence: %s), but its patch or one before it has changed since:"
                                    + " begin again without -Dhil.resume")
                            .formatted(made.patch().name(), proven.get().evidence()));
        }
        return proven.isPresent();
    }

    @Override
    public void afterAll(ExtensionContext context) {
        Optional<Run> run = Run.of(context);
        boolean ofThisClass = run.flatMap(Run::step)
                .filter(step -> step.isOf(context.getRequiredTestClass()))
                .isPresent();
        if (ofThisClass) {
            context.getExecutionException().ifPresent(cause -> run.get().step().ifPresent(step -> step.failed(cause)));
            run.get().writeUp();
            try {
                run.get().step().filter(step -> step.failure().isPresent()).ifPresent(step -> revert(run.get(), step));
            } finally {
                run.get().endStep();
            }
        }
    }

    /** Only this step, so that what was proven before it is on the board again. */
    private static void revert(Run run, StepTests step) {
        for (Throwable cause = step.failure().orElse(null); cause != null; cause = cause.getCause()) {
            if (cause instanceof BoardLostException) {
                // Nobody is there to revert it on; it is in the ledger.
                return;
            }
        }
        try {
            step.made().revert();
        } catch (RuntimeException | AssertionError e) {
            run.evidence()
                    .ifPresent(evidence -> evidence.event(
                            "revert",
                            "step %s is NOT reverted as it should be: %s".formatted(step.patch(), e.getMessage())));
            step.failure().ifPresent(failure -> failure.addSuppressed(e));
            throw e;
        }
    }
}
