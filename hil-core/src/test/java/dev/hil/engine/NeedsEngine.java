package dev.hil.engine;

import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Tests that run containers. Where there is no engine, or not these images, each is skipped and the end of the run says
 * how many and why ({@link EngineReport}); with {@code -Dhil.engine=required} each fails.
 *
 * <p>Not Testcontainers' {@code disabledWithoutDocker}: that skips whole classes, which Surefire does not report.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Inherited
@ExtendWith(EngineCondition.class)
public @interface NeedsEngine {
    /** Names of files in fixtures/containers/recipes. */
    String[] value();
}
