package dev.hil.engine;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/** Decides for each test whether it has the engine and the images that it needs. */
final class EngineCondition implements ExecutionCondition, BeforeEachCallback {
    /** Begins each reason for skipping. */
    static final String PREFIX = "container engine: ";

    private final Function<List<String>, Optional<String>> problem;

    EngineCondition() {
        this(Engine::problem);
    }

    /** @param problem what is missing for images of these names */
    EngineCondition(Function<List<String>, Optional<String>> problem) {
        this.problem = problem;
    }

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        // Where a whole class is skipped, its tests are not in Surefire's report.
        if (context.getTestMethod().isEmpty() || isRequired()) {
            return ConditionEvaluationResult.enabled("decided for each test");
        }
        return missing(context)
                .map(what -> ConditionEvaluationResult.disabled(PREFIX + what))
                .orElse(ConditionEvaluationResult.enabled("there is an engine"));
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        missing(context).ifPresent(what -> {
            throw new AssertionError("-Dhil.engine=required, and " + what);
        });
    }

    private Optional<String> missing(ExtensionContext context) {
        return problem.apply(AnnotationSupport.findAnnotation(context.getRequiredTestClass(), NeedsEngine.class)
                .map(needs -> List.of(needs.value()))
                .orElse(List.of()));
    }

    private static boolean isRequired() {
        String wanted = System.getProperty("hil.engine", "").strip();
        if (!wanted.isEmpty() && !wanted.equals("required")) {
            throw new AssertionError("-Dhil.engine=%s: it is required, or it is not given".formatted(wanted));
        }
        return wanted.equals("required");
    }
}
