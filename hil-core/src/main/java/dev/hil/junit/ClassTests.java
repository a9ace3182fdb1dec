package dev.hil.junit;

import java.lang.reflect.Method;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import org.junit.platform.commons.annotation.Testable;
import org.junit.platform.commons.support.AnnotationSupport;
import org.junit.platform.commons.support.HierarchyTraversalMode;

/**
 * Which tests of a class have passed. What a class stands for is proven only when every one has: one that was left out,
 * disabled, aborted or not selected proves nothing.
 */
final class ClassTests {
    private final Class<?> type;
    private final Set<String> passed = new HashSet<>();

    ClassTests(Class<?> type) {
        this.type = type;
    }

    boolean isOf(Class<?> other) {
        return type.equals(other);
    }

    void passed(Method test) {
        passed.add(test.getName());
    }

    /** The tests that have not passed, by name; none where all have. */
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
