package dev.hil.junit;

import dev.hil.board.Board;
import dev.hil.board.BoardDefinitions;
import dev.hil.board.DefinitionException;
import dev.hil.plan.Bisection;
import dev.hil.plan.HalvedSeries;
import dev.hil.plan.KernelUnderTest;
import dev.hil.record.StepOutcome;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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
    /** What a test may take as a parameter. */
    private static final Set<Class<?>> GIVEN = Set.of(Board.class, KernelUnderTest.class, HalvedSeries.class);

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        if (context.getTestMethod().isEmpty()) {
            return ConditionEvaluationResult.enabled("decided for each test");
        }
        Optional<Run> run = Run.of(context);
        if (run.isEmpty()) {
            return ConditionEvaluationResult.disabled(howToSelect());
        }
        Optional<String> otherWay = otherWay(context);
        if (otherWay.isPresent()) {
            return ConditionEvaluationResult.disabled(otherWay.get());
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

    /** A series is gone through in order or by halves, not both. */
    private static Optional<String> otherWay(ExtensionContext context) {
        boolean halves = Bisection.Way.chosen() == Bisection.Way.HALVE;
        if (halves && AnnotationSupport.isAnnotated(context.getTestClass(), BisectStep.class)) {
            return Optional.of(
                    "not run one by one: -D%s=halve searches the series by halves".formatted(Bisection.Way.PROPERTY));
        }
        boolean searches = context.getTestMethod()
                .filter(method -> List.of(method.getParameterTypes()).contains(HalvedSeries.class))
                .isPresent();
        return searches && !halves
                ? Optional.of("the series is gone through in order; -D%s=halve searches it by halves"
                        .formatted(Bisection.Way.PROPERTY))
                : Optional.empty();
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
        if (wanted.stream().anyMatch(GIVEN::contains)) {
            board(context);
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return GIVEN.contains(parameter.getParameter().getType());
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Board board = board(context);
        Class<?> type = parameter.getParameter().getType();
        if (type == Board.class) {
            return board;
        }
        Run run = Run.of(context).orElseThrow();
        return type == KernelUnderTest.class ? run.kernel() : run.halved();
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
