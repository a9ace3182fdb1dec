package dev.hil.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * Tests of this class need a board, which they take as a parameter of type {@link dev.hil.board.Board}. Which board is
 * said by {@code -Pboard=NAME} (Maven), {@code -Dboard=NAME}, or {@code HIL_BOARD=NAME}; without any of them the tests
 * are skipped, each saying so. One board serves a whole run, and its classes never run in parallel.
 */
@Target({ElementType.TYPE, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Inherited
@Tag("board")
@Execution(ExecutionMode.SAME_THREAD)
@ResourceLock(providers = BoardLocks.class)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@ExtendWith(TestJournal.class)
@ExtendWith(BoardExtension.class)
@ExtendWith(OutcomeExtension.class)
public @interface HilTest {}
