package dev.hil.junit;

import dev.hil.board.Board;
import dev.hil.board.BoardDefinitions;
import dev.hil.board.DefinitionException;
import dev.hil.plan.KernelUnderTest;
import dev.hil.record.StepOutcome;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * Hands out the board, and decides whether a test may run at all. The decision is made for each test, not for its
 * class: Surefire does not report the tests of a class that was skipped as a whole.
 */
final class BoardExtension implements ExecutionCondition, BeforeEachCallback, ParameterResolver {
    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        if (context.getTestMethod().isEmpty()) {
            return ConditionEvaluationResult.enabled("decided for each test");
        }
        Optional<Run> run = Run.of(context);
        if (run.isEmpty()) {
            return ConditionEvaluationResult.disabled(howToSelect());
        }
        Optional<StepOutcome> proven = AnnotationSupport.findAnnotation(context.getTestClass(), BisectStep.class)
                .flatMap(step -> run.get().provenBeginning(step.patch()));
        if (proven.isPresent()) {
            return ConditionEvaluationResult.disabled(
                    "not run again: step %s was proven by an earlier run (%s); evidence: %s"
                            .formatted(
                                    proven.get().patch(),
                                    proven.get().why(),
                                    proven.get().evidence()));
        }
        return run.get()
                .plan()
                .stopped()
                .map(reason -> ConditionEvaluationResult.disabled("not run: " + reason))
                .orElseGet(() -> ConditionEvaluationResult.enabled("a board was asked for"));
    }

    private static String howToSelect() {
        return "no board selected. Select one by -Pboard=NAME (Maven), -Dboard=NAME (any JVM), or HIL_BOARD=NAME in the"
                + " environment; NAME is one of: " + names();
    }

    private static String names() {
        try {
            return String.join(", ", BoardDefinitions.find().names());
        } catch (DefinitionException e) {
            return "(" + e.getMessage() + ")";
        }
    }

    /** Opens the board before its parameter is asked for: JUnit would wrap what goes wrong there in a message of its own. */
    @Override
    public void beforeEach(ExtensionContext context) {
        List<Class<?>> wanted = context.getTestMethod()
                .map(method -> List.of(method.getParameterTypes()))
                .orElse(List.of());
        if (wanted.contains(Board.class) || wanted.contains(KernelUnderTest.class)) {
            board(context);
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return type == Board.class || type == KernelUnderTest.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Board board = board(context);
        return parameter.getParameter().getType() == Board.class
                ? board
                : Run.of(context).orElseThrow().kernel();
    }

    private static Board board(ExtensionContext context) {
        Run run = Run.of(context).orElseThrow(() -> new DefinitionException(howToSelect()));
        try {
            return run.board();
        } catch (RuntimeException e) {
            // JUnit asks no exception handler about the error of a parameter.
            throw OutcomeExtension.withEvidence(context, e) instanceof RuntimeException complete ? complete : e;
        }
    }
}
