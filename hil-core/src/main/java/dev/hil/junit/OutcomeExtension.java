package dev.hil.junit;

import dev.hil.board.BoardLostException;
import dev.hil.board.DefinitionException;
import dev.hil.link.InfrastructureException;
import dev.hil.link.LinkException;
import dev.hil.plan.PlanState;
import dev.hil.record.Evidence;
import java.lang.annotation.Annotation;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeTestExecutionCallback;
import org.junit.jupiter.api.extension.DynamicTestInvocationContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.LifecycleMethodExecutionExceptionHandler;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;
import org.junit.jupiter.api.extension.TestWatcher;
import org.junit.platform.commons.support.AnnotationSupport;
import org.opentest4j.AssertionFailedError;
import org.opentest4j.TestAbortedException;

/** Ends each failure message with the evidence folder, notes outcomes, and stops the plan where it must stop. */
final class OutcomeExtension
        implements BeforeAllCallback,
                BeforeTestExecutionCallback,
                AfterTestExecutionCallback,
                AfterAllCallback,
                InvocationInterceptor,
                TestExecutionExceptionHandler,
                LifecycleMethodExecutionExceptionHandler,
                TestWatcher {

    @Override
    public void beforeAll(ExtensionContext context) {
        if (isOutermost(context)) {
            run(context)
                    .ifPresent(run -> run.report()
                            .begin(
                                    context.getDisplayName(),
                                    AnnotationSupport.isAnnotated(context.getTestClass(), BisectStep.class)));
        }
    }

    /** A class nested in another belongs to that one. */
    private static boolean isOutermost(ExtensionContext context) {
        return outermost(context).equals(context);
    }

    private static ExtensionContext outermost(ExtensionContext context) {
        ExtensionContext outermost = context;
        for (Optional<ExtensionContext> at = Optional.of(context);
                at.isPresent();
                at = at.get().getParent()) {
            outermost = at.get().getTestClass().isPresent() ? at.get() : outermost;
        }
        return outermost;
    }

    @Override
    public void beforeTestExecution(ExtensionContext context) {
        note(context, "test", title(context));
        of(context, InformationalGate.class).ifPresent(gate -> moved(context, gate));
        boolean step = of(context, BisectStep.class).isPresent();
        run(context)
                .flatMap(Run::opened)
                .ifPresent(board -> store(context).put(Judging.class, Judging.begin(board, step)));
        run(context).ifPresent(run -> run.doing("test " + title(context)));
    }

    private static void moved(ExtensionContext context, ExtensionContext gate) {
        AnnotationSupport.findAnnotation(gate.getElement(), InformationalGate.class)
                .map(InformationalGate::movedTo)
                .filter(to -> !to.isEmpty())
                .filter(to -> run(context)
                        .filter(run -> run.plan().gateMoved(gate.getDisplayName(), to))
                        .isPresent())
                .ifPresent(to -> note(context, "gate", "%s: the hard gate is %s".formatted(gate.getDisplayName(), to)));
    }

    @Override
    public void afterTestExecution(ExtensionContext context) {
        boolean failed = context.getExecutionException().isPresent();
        try {
            Optional<String> kernel = failed ? Optional.empty() : kernel(context, "");
            if (kernel.isPresent()) {
                failed = true;
                throw unchecked(withEvidence(context, new AssertionError(kernel.get())));
            }
        } catch (InfrastructureException e) {
            failed = true;
            throw unchecked(withEvidence(context, e));
        } finally {
            note(context, failed ? "failed" : "passed", title(context));
        }
    }

    private static RuntimeException unchecked(Throwable thrown) {
        if (thrown instanceof Error error) {
            throw error;
        }
        return thrown instanceof RuntimeException e ? e : new IllegalStateException(thrown);
    }

    private static ExtensionContext.Store store(ExtensionContext context) {
        return context.getStore(ExtensionContext.Namespace.create(OutcomeExtension.class, context.getUniqueId()));
    }

    /** What the kernel did during the test, if anything is to be held against it. */
    private static Optional<String> kernel(ExtensionContext context, String said) {
        return Optional.ofNullable(store(context).get(Judging.class, Judging.class))
                .flatMap(judging -> judging.end(said));
    }

    /** A test that failed, seen together with what the kernel did meanwhile: a lost link may be a kernel that died. */
    private static Throwable withKernel(ExtensionContext context, Throwable thrown) {
        if (thrown instanceof BoardLostException) {
            return thrown;
        }
        Optional<String> kernel;
        try {
            kernel = kernel(context, thrown instanceof AssertionError ? String.valueOf(thrown.getMessage()) : "");
        } catch (InfrastructureException e) {
            e.addSuppressed(thrown);
            return thrown instanceof AssertionError ? thrown : e;
        }
        if (kernel.isEmpty()) {
            return thrown;
        }
        AssertionError whole = new AssertionError(
                thrown instanceof AssertionError
                        ? "%s%nMeanwhile: %s".formatted(thrown.getMessage(), kernel.get())
                        : "%s%nThe test had ended with: %s".formatted(kernel.get(), thrown),
                thrown);
        whole.setStackTrace(thrown.getStackTrace());
        return whole;
    }

    private static void note(ExtensionContext context, String kind, String text) {
        run(context).flatMap(Run::evidence).ifPresent(evidence -> evidence.event(kind, text));
    }

    private static String title(ExtensionContext context) {
        String ofClass =
                context.getParent().map(ExtensionContext::getDisplayName).orElse("");
        return ofClass + " / " + context.getDisplayName();
    }

    @Override
    public void handleTestExecutionException(ExtensionContext context, Throwable thrown) throws Throwable {
        Throwable whole = withKernel(context, thrown);
        if (whole == thrown && isOnlyInformation(context, thrown)) {
            note(context, "informational", "%s: %s".formatted(title(context), thrown.getMessage()));
            throw new TestAbortedException(
                    "informational, the plan goes on: "
                            + withEvidence(context, thrown).getMessage(),
                    thrown);
        }
        throw withEvidence(context, whole);
    }

    /** What a board that is away has to do with it is for the gates that follow to say. */
    private static boolean isOnlyInformation(ExtensionContext context, Throwable thrown) {
        boolean told = thrown instanceof AssertionError
                || (thrown instanceof InfrastructureException
                        && !(thrown instanceof BoardLostException)
                        && !(thrown instanceof LinkException));
        return told && of(context, InformationalGate.class).isPresent();
    }

    @Override
    public void handleBeforeAllMethodExecutionException(ExtensionContext context, Throwable thrown) throws Throwable {
        throw withEvidence(context, thrown);
    }

    @Override
    public void handleBeforeEachMethodExecutionException(ExtensionContext context, Throwable thrown) throws Throwable {
        throw withEvidence(context, thrown);
    }

    @Override
    public void handleAfterEachMethodExecutionException(ExtensionContext context, Throwable thrown) throws Throwable {
        throw withEvidence(context, thrown);
    }

    @Override
    public void handleAfterAllMethodExecutionException(ExtensionContext context, Throwable thrown) throws Throwable {
        throw withEvidence(context, thrown);
    }

    /** A test made by a {@code @TestFactory}: JUnit tells its outcome to no watcher. */
    @Override
    public void interceptDynamicTest(
            Invocation<@Nullable Void> invocation, DynamicTestInvocationContext test, ExtensionContext context)
            throws Throwable {
        try {
            invocation.proceed();
        } catch (Throwable thrown) {
            Throwable complete = withEvidence(context, thrown);
            testFailed(context, complete);
            throw complete;
        }
    }

    static Throwable withEvidence(ExtensionContext context, Throwable thrown) {
        Optional<Path> folder = run(context).flatMap(Run::evidence).map(Evidence::folder);
        String message = String.valueOf(thrown.getMessage());
        if (folder.isEmpty() || message.contains(folder.get().toString())) {
            return thrown;
        }
        String whole = "%s%nevidence: %s".formatted(message, folder.get());
        Throwable replacement;
        if (thrown instanceof AssertionFailedError failed && failed.isExpectedDefined() && failed.isActualDefined()) {
            replacement = new AssertionFailedError(whole, failed.getExpected(), failed.getActual(), thrown);
        } else if (thrown instanceof AssertionError) {
            replacement = new AssertionError(whole, thrown);
        } else if (thrown instanceof InfrastructureException && !(thrown instanceof BoardLostException)) {
            replacement = new InfrastructureException(whole, thrown);
        } else {
            return thrown;
        }
        replacement.setStackTrace(thrown.getStackTrace());
        return replacement;
    }

    @Override
    public void testSuccessful(ExtensionContext context) {
        run(context)
                .flatMap(Run::step)
                .ifPresent(step -> context.getTestMethod().ifPresent(step::passed));
        run(context)
                .ifPresent(run ->
                        of(context, HardGate.class).ifPresent(gate -> run.plan().gatePassed(gate.getDisplayName())));
        run(context).ifPresent(run -> {
            tell(run, context, null);
            run.lookAhead();
        });
    }

    private static void tell(Run run, ExtensionContext context, @Nullable Throwable failure) {
        ExtensionContext whole = outermost(context);
        run.report().test(whole.getDisplayName(), whole.getTestClass(), context.getTestMethod(), failure);
    }

    /** Called for every way a test can fail, also before its body began. */
    @Override
    public void testFailed(ExtensionContext context, Throwable cause) {
        run(context).ifPresent(run -> {
            run.step().ifPresent(step -> step.failed(cause));
            tell(run, context, cause);
            stop(run.plan(), context, cause);
        });
    }

    /** A gate that gives up by itself has not been passed. */
    @Override
    public void testAborted(ExtensionContext context, Throwable cause) {
        if (of(context, HardGate.class).isPresent()) {
            testFailed(context, cause);
        } else {
            run(context).ifPresent(run -> tell(run, context, cause));
        }
    }

    /** What failed around the tests of a class, where no watcher is told. */
    @Override
    public void afterAll(ExtensionContext context) {
        context.getExecutionException().ifPresent(cause -> testFailed(context, cause));
        if (isOutermost(context)) {
            run(context).ifPresent(run -> run.report().end(context.getDisplayName()));
        }
    }

    private static void stop(PlanState plan, ExtensionContext context, Throwable cause) {
        String why = String.valueOf(cause.getMessage());
        of(context, HardGate.class).ifPresent(gate -> plan.gateFailed(gate.getDisplayName(), why));
        of(context, BisectStep.class)
                .flatMap(step -> AnnotationSupport.findAnnotation(step.getElement(), BisectStep.class))
                .ifPresent(step -> plan.stepFailed(step.patch(), why));
        for (Throwable thrown = cause; thrown != null; thrown = thrown.getCause()) {
            if (thrown instanceof BoardLostException) {
                plan.boardLost(String.valueOf(thrown.getMessage()));
            }
        }
    }

    /** The method or class, of those a test is in, that has an annotation: the outermost context of the innermost one. */
    private static Optional<ExtensionContext> of(ExtensionContext context, Class<? extends Annotation> annotation) {
        Optional<ExtensionContext> found = Optional.empty();
        for (Optional<ExtensionContext> at = Optional.of(context);
                at.isPresent();
                at = at.get().getParent()) {
            boolean same =
                    found.isEmpty() || found.get().getElement().equals(at.get().getElement());
            if (same && AnnotationSupport.isAnnotated(at.get().getElement(), annotation)) {
                found = at;
            }
        }
        return found;
    }

    /** The run, if there is one: that the board asked for is not defined was said already where the test was to begin. */
    private static Optional<Run> run(ExtensionContext context) {
        try {
            return Run.of(context);
        } catch (DefinitionException e) {
            return Optional.empty();
        }
    }
}
