package dev.hil.junit;

import dev.hil.board.Board;
import dev.hil.link.InfrastructureException;
import dev.hil.plan.ModuleStep;
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
        if (run.isEmpty() || run.get().plan().stopped().isPresent()) {
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
            Board board = run.get().board();
            run.get().doing("step " + step.get().patch());
            ModuleStep module = ModuleStep.of(board, step.get().patch());
            if (isProven(run.get(), module)) {
                return;
            }
            run.get()
                    .begin(new StepTests(
                            context.getRequiredTestClass(), module.patch().name(), module.identity()));
            try (var phase = board.evidence()
                    .progress()
                    .begin(
                            "step",
                            "step " + module.patch().name(),
                            "step %s: build, install, boot"
                                    .formatted(module.patch().name()))) {
                // It counts for the estimates of later runs only where it came to its end.
                phase.failed();
                module.run();
                phase.succeeded();
            }
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
    private static boolean isProven(Run run, ModuleStep module) {
        Optional<StepOutcome> proven = run.proven(module.patch().name());
        if (proven.isPresent() && !proven.get().plan().equals(module.identity())) {
            throw new InfrastructureException(
                    ("step %s was proven by an earlier run (evidence: %s), but its patch or one before it has changed since:"
                                    + " begin again without -Dhil.resume")
                            .formatted(module.patch().name(), proven.get().evidence()));
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
            run.get().endStep();
        }
    }
}
