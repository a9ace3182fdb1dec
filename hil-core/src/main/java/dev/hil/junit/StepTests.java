package dev.hil.junit;

import dev.hil.plan.Step;
import java.lang.reflect.Method;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.platform.commons.annotation.Testable;
import org.junit.platform.commons.support.AnnotationSupport;
import org.junit.platform.commons.support.HierarchyTraversalMode;

/**
 * What became of the tests of the step that is being made. A step is proven only when every test of its class has run and
 * passed: one that was left out, disabled, aborted or not selected proves nothing.
 */
final class StepTests {
    private final Class<?> type;
    private final String patch;
    private final String identity;
    private final Set<String> passed = new HashSet<>();
    private Optional<Throwable> failure = Optional.empty();

    private final Step made;

    StepTests(Class<?> type, String patch, String identity, Step made) {
        this.made = made;
        this.type = type;
        this.patch = patch;
        this.identity = identity;
    }

    /** The step itself, to be taken back if it fails. */
    Step made() {
        return made;
    }

    String patch() {
        return patch;
    }

    String identity() {
        return identity;
    }

    boolean isOf(Class<?> other) {
        return type.equals(other);
    }

    void passed(Method test) {
        passed.add(test.getName());
    }

    void failed(Throwable cause) {
        if (failure.isEmpty()) {
            failure = Optional.of(cause);
        }
    }

    Optional<Throwable> failure() {
        return failure;
    }

    /** The tests that have not passed, by name; none for a proven step. */
    Set<String> missing() {
        Set<String> missing = new TreeSet<>();
        AnnotationSupport.findAnnotatedMethods(type, Testable.class, HierarchyTraversalMode.TOP_DOWN)
                .forEach(method -> missing.add(method.getName()));
        missing.removeAll(passed);
        return missing;
    }

    int count() {
        return passed.size();
    }
}
