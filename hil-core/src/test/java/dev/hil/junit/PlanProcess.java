package dev.hil.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import dev.hil.board.Board;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** A plan of two steps in a process of its own, run by JUnit as an IDE or Maven would. */
public final class PlanProcess {
    private PlanProcess() {}

    @HilTest
    @Order(1)
    static class Base {
        @Test
        void runsTheTestKernel(Board board) {
            board.reboot(board.definition().boot().test());
        }
    }

    @BisectStep(order = 1, patch = "0001")
    static class First {
        @Test
        void answersTwo(Board board) {
            assertThat(answer(board)).isEqualTo("2");
        }
    }

    @BisectStep(order = 2, patch = "0002")
    static class Second {
        @Test
        void answersThree(Board board) {
            assertThat(answer(board)).isEqualTo("3");
        }
    }

    private static String answer(Board board) {
        return board.exec("cat", "/sys/module/hil_tiny/parameters/answer")
                .orThrow()
                .text();
    }

    /**
     * Runs the plan and prints what becomes of each test.
     *
     * @param args none
     */
    public static void main(String[] args) {
        Printer printer = new Printer();
        try (LauncherSession session = LauncherFactory.openSession()) {
            session.getLauncher()
                    .execute(
                            LauncherDiscoveryRequestBuilder.request()
                                    .selectors(
                                            selectClass(Base.class),
                                            selectClass(First.class),
                                            selectClass(Second.class))
                                    .configurationParameter(
                                            "junit.jupiter.testclass.order.default", PlanOrder.class.getName())
                                    .build(),
                            printer);
        }
        System.out.println("plan-failed " + printer.failed);
        System.exit(printer.failed == 0 ? 0 : 1);
    }

    private static final class Printer implements TestExecutionListener {
        private int failed;

        @Override
        public void executionSkipped(TestIdentifier test, String reason) {
            System.out.println("plan-skipped " + test.getDisplayName() + ": " + reason);
        }

        @Override
        public void executionFinished(TestIdentifier test, TestExecutionResult result) {
            if (result.getStatus() != TestExecutionResult.Status.SUCCESSFUL) {
                failed++;
                System.out.println("plan-failed " + test.getDisplayName() + ": "
                        + result.getThrowable().map(Throwable::getMessage).orElse(""));
            } else if (test.isTest()) {
                System.out.println("plan-passed " + test.getDisplayName());
            }
        }
    }
}
