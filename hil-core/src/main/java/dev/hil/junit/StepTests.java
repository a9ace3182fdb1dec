package dev.hil.junit;

import dev.hil.plan.Step;
import java.lang.reflect.Method;
import java.util.Optional;
import java.util.Set;

/** What became of the tests of the step that is being made. */
final class StepTests {
    private final ClassTests tests;
    private final String patch;
    private final String identity;
    private Optional<Throwable> failure = Optional.empty();

    private final Step made;

    StepTests(Class<?> type, String patch, String identity, Step made) {
        this.made = made;
        this.tests = new ClassTests(type);
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
        return tests.isOf(other);
    }

    void passed(Method test) {
        tests.passed(test);
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
        return tests.missing();
    }

    int count() {
        return tests.count();
    }
}
