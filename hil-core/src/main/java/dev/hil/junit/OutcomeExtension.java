package dev.hil.junit;

import dev.hil.board.BoardLostException;
import dev.hil.link.InfrastructureException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.BeforeTestExecutionCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.LifecycleMethodExecutionExceptionHandler;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;
import org.junit.jupiter.api.extension.TestWatcher;
import org.junit.platform.commons.support.AnnotationSupport;
import org.opentest4j.AssertionFailedError;

/** Ends each failure message with the evidence folder, notes outcomes, and stops the plan where it must stop. */
final class OutcomeExtension
        implements BeforeTestExecutionCallback,
                AfterTestExecutionCallback,
                TestExecutionExceptionHandler,
                LifecycleMethodExecutionExceptionHandler,
                TestWatcher {

    @Override
    public void beforeTestExecution(ExtensionContext context) {
        note(context, "test", title(context));
    }

    @Override
    public void afterTestExecution(ExtensionContext context) {
        boolean failed = context.getExecutionException().isPresent();
        note(context, failed ? "failed" : "passed", title(context));
    }

    private static void note(ExtensionContext context, String kind, String text) {
        Run.of(context)
                .filter(run -> run.evidence().isPresent())
                .ifPresent(run -> run.board().evidence().event(kind, text));
    }

    private static String title(ExtensionContext context) {
        String ofClass =
                context.getParent().map(ExtensionContext::getDisplayName).orElse("");
        return ofClass + " / " + context.getDisplayName();
    }

    @Override
    public void handleTestExecutionException(ExtensionContext context, Throwable thrown) throws Throwable {
        throw withEvidence(context, thrown);
    }

    @Override
    public void handleBeforeAllMethodExecutionException(ExtensionContext context, Throwable thrown) throws Throwable {
        throw withEvidence(context, thrown);
    }

    @Override
    public void handleBeforeEachMethodExecutionException(ExtensionContext context, Throwable thrown) throws Throwable {
        throw withEvidence(context, thrown);
    }

    static Throwable withEvidence(ExtensionContext context, Throwable thrown) {
        Optional<Path> folder = Run.of(context).flatMap(Run::evidence);
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

    /** Called for every way a test can fail, also before its body began. */
    @Override
    public void testFailed(ExtensionContext context, Throwable cause) {
        Optional<Run> run = Run.of(context);
        if (run.isEmpty()) {
            return;
        }
        String why = String.valueOf(cause.getMessage());
        if (isGate(context)) {
            run.get().plan().gateFailed(gateName(context), why);
        }
        Optional<BisectStep> step = AnnotationSupport.findAnnotation(context.getTestClass(), BisectStep.class);
        if (step.isPresent()) {
            run.get().plan().stepFailed(step.get().patch(), why);
        }
        if (cause instanceof BoardLostException) {
            run.get().plan().boardLost(why);
        }
    }

    /** A gate that gives up by itself has not been passed. */
    @Override
    public void testAborted(ExtensionContext context, Throwable cause) {
        if (isGate(context)) {
            testFailed(context, cause);
        }
    }

    private static boolean isGate(ExtensionContext context) {
        return AnnotationSupport.isAnnotated(context.getTestMethod(), HardGate.class)
                || AnnotationSupport.isAnnotated(context.getTestClass(), HardGate.class);
    }

    private static String gateName(ExtensionContext context) {
        return AnnotationSupport.isAnnotated(context.getTestMethod(), HardGate.class)
                ? context.getDisplayName()
                : context.getParent().map(ExtensionContext::getDisplayName).orElse(context.getDisplayName());
    }
}
