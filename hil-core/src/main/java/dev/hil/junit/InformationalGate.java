package dev.hil.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A gate of a plan that stops nothing: where this test, or a test of this class, finds something, that is recorded and
 * shown, and the test counts as aborted, neither passed nor failed. A lost board, and what the kernel reports meanwhile,
 * are held against it as against any test.
 */
@Target({ElementType.TYPE, ElementType.METHOD, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Inherited
public @interface InformationalGate {
    /**
     * How the name of the hard gate begins that decides in its place, later, such as {@code 1.8a}; empty for none. No
     * step of the series is begun before a gate of that name has been passed.
     */
    String movedTo() default "";
}
