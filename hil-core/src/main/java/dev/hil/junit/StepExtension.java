package dev.hil.junit;

import dev.hil.board.Board;
import dev.hil.plan.ModuleStep;
import java.util.Optional;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/** Brings a step's patch onto the board before the first of its tests. */
final class StepExtension implements BeforeAllCallback {
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
            Board board = run.get().board();
            run.get().doing("step " + step.get().patch());
            ModuleStep.of(board, step.get().patch()).run();
        } catch (RuntimeException | AssertionError e) {
            run.get().plan().stepFailed(step.get().patch(), String.valueOf(e.getMessage()));
            Throwable complete = OutcomeExtension.withEvidence(context, e);
            if (complete instanceof Error error) {
                throw error;
            }
            throw (Exception) complete;
        }
    }
}
