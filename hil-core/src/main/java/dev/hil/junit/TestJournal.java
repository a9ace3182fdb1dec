package dev.hil.junit;

import dev.hil.board.DefinitionException;
import dev.hil.record.Evidence;
import dev.hil.record.Progress;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.BeforeTestExecutionCallback;
import org.junit.jupiter.api.extension.DynamicTestInvocationContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.TestWatcher;
import org.junit.platform.commons.support.AnnotationSupport;

/** Writes how each test came out, and when it ran, into {@code tests.jsonl} of the evidence, and says what runs now. */
final class TestJournal
        implements BeforeAllCallback,
                AfterAllCallback,
                BeforeEachCallback,
                BeforeTestExecutionCallback,
                InvocationInterceptor,
                TestWatcher {
    static final String FILE = "tests.jsonl";

    private static final int LONGEST_REASON = 16_384;
    private static final String BEGAN = "began";
    private static final String CLASS = "class";

    @Override
    public void beforeAll(ExtensionContext context) {
        begins(context);
        String type = context.getRequiredTestClass().getName();
        evidence(context)
                .ifPresent(evidence -> store(context)
                        .put(CLASS, evidence.progress().begin("class", "class " + type, context.getDisplayName())));
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        begins(context);
    }

    /** The evidence may have come to be only now, with the board that the test has as a parameter. */
    @Override
    public void beforeTestExecution(ExtensionContext context) {
        evidence(context)
                .ifPresent(evidence -> store(context)
                        .getOrComputeIfAbsent(
                                Progress.Phase.class,
                                key -> evidence.progress()
                                        .begin(
                                                "test",
                                                "test "
                                                        + context.getRequiredTestClass()
                                                                .getName() + " " + context.getDisplayName(),
                                                "test \"%s\"".formatted(context.getDisplayName())),
                                Progress.Phase.class));
    }

    /** What fails around the tests of a class is told to no watcher. */
    @Override
    public void afterAll(ExtensionContext context) {
        context.getExecutionException().ifPresent(cause -> write(context, result(cause), reason(cause)));
        Progress.Phase phase = store(context).remove(CLASS, Progress.Phase.class);
        if (phase != null) {
            phase.close();
        }
    }

    @Override
    public void testSuccessful(ExtensionContext context) {
        write(context, "passed", "");
    }

    @Override
    public void testFailed(ExtensionContext context, Throwable cause) {
        write(context, result(cause), reason(cause));
        evidence(context).ifPresent(evidence -> Attachments.attach(context, evidence));
    }

    @Override
    public void testAborted(ExtensionContext context, Throwable cause) {
        write(context, "aborted", reason(cause));
    }

    @Override
    public void testDisabled(ExtensionContext context, Optional<String> reason) {
        write(context, "skipped", reason.orElse(""));
    }

    /** A test made by a {@code @TestFactory}: JUnit tells its outcome to no watcher. */
    @Override
    public void interceptDynamicTest(
            Invocation<@Nullable Void> invocation, DynamicTestInvocationContext test, ExtensionContext context)
            throws Throwable {
        begins(context);
        try {
            invocation.proceed();
            write(context, "passed", "");
        } catch (Throwable cause) {
            write(context, result(cause), reason(cause));
            throw cause;
        }
    }

    private static void begins(ExtensionContext context) {
        store(context)
                .put(
                        BEGAN,
                        evidence(context)
                                .map(evidence -> evidence.elapsed().toMillis())
                                .orElse(0L));
    }

    private static void write(ExtensionContext context, String result, String reason) {
        Progress.Phase phase = store(context).remove(Progress.Phase.class, Progress.Phase.class);
        if (phase != null) {
            if (!result.equals("passed")) {
                phase.failed();
            }
            phase.close();
        }
        Progress.Phase whole = store(ofClass(context)).get(CLASS, Progress.Phase.class);
        if (whole != null && !result.equals("passed")) {
            whole.failed();
        }
        Optional<Evidence> evidence = evidence(context);
        if (evidence.isEmpty()) {
            return;
        }
        long now = evidence.get().elapsed().toMillis();
        Class<?> type = context.getRequiredTestClass();
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("class", type.getName());
        values.put("title", ofClass(context).getDisplayName());
        values.put(
                "test",
                context.getTestMethod().map(java.lang.reflect.Method::getName).orElse(""));
        values.put("name", context.getTestMethod().isPresent() ? context.getDisplayName() : "");
        values.put("gate", isGate(context));
        values.put(
                "step",
                AnnotationSupport.findAnnotation(type, BisectStep.class)
                        .map(BisectStep::patch)
                        .orElse(""));
        values.put("classBegan", began(ofClass(context), now));
        values.put("began", began(context, now));
        values.put("ended", now);
        values.put("result", result);
        values.put("reason", reason.length() <= LONGEST_REASON ? reason : reason.substring(0, LONGEST_REASON) + "...");
        evidence.get().json(FILE, values);
    }

    private static long began(ExtensionContext context, long now) {
        Long began = store(context).get(BEGAN, Long.class);
        return began == null ? now : began;
    }

    private static boolean isGate(ExtensionContext context) {
        return AnnotationSupport.isAnnotated(context.getElement(), HardGate.class)
                || AnnotationSupport.isAnnotated(context.getTestClass(), HardGate.class);
    }

    private static ExtensionContext ofClass(ExtensionContext context) {
        ExtensionContext at = context;
        while (at.getTestMethod().isPresent() && at.getParent().isPresent()) {
            at = at.getParent().get();
        }
        return at;
    }

    private static String result(Throwable cause) {
        if (cause.getClass().getSimpleName().equals("TestAbortedException")) {
            return "aborted";
        }
        return cause instanceof AssertionError ? "failed" : "error";
    }

    private static String reason(Throwable cause) {
        String message = String.valueOf(cause.getMessage());
        return cause instanceof AssertionError || cause instanceof dev.hil.link.InfrastructureException
                ? message
                : cause.getClass().getSimpleName() + ": " + message;
    }

    /** In the store of the class: a test's own is closed when its watchers are told. */
    private static ExtensionContext.Store store(ExtensionContext context) {
        return ofClass(context).getStore(ExtensionContext.Namespace.create(TestJournal.class, context.getUniqueId()));
    }

    /** The evidence, if there is any; that the board asked for is not defined is said elsewhere. */
    private static Optional<Evidence> evidence(ExtensionContext context) {
        try {
            return Run.of(context).flatMap(Run::evidence);
        } catch (DefinitionException e) {
            return Optional.empty();
        }
    }
}
