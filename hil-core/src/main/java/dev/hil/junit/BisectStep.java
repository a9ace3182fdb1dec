package dev.hil.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A step of the board's patch series: before the first test of the class the patch is applied, built, installed and
 * booted, and the new build is proven to be what runs. If the step or one of its tests fails, later steps are skipped,
 * naming it.
 */
@Target({ElementType.TYPE, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Inherited
@HilTest
@ExtendWith(StepExtension.class)
public @interface BisectStep {
    /** Position among the steps; see {@link PlanOrder}. */
    int order();

    /** How the name of the patch begins in the series file, such as {@code 0005}. */
    String patch();
}
