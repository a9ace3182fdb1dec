package dev.hil.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClasspathRoots;

import dev.hil.board.Board;
import dev.hil.board.BoardFiles;
import dev.hil.board.Folders;
import dev.hil.boot.ExtlinuxMenu;
import dev.hil.link.Command;
import dev.hil.record.Undo;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.ClassNameFilter;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/**
 * A plan in a process of its own, run by JUnit as an IDE or Maven would: to be killed, or to lose its board, at any
 * point of it. What it does to the board is all that the project does to one.
 */
public final class PlanProcess {
    /** What its last line begins with. */
    public static final String ENDED = "plan-ended, failed: ";

    /** A folder that the test has put on the board, and that the plan changes. */
    public static final String OLD_TREE = "/lib/modules/hil-before";

    private static final String NEW_TREE = "/lib/modules/hil-new";
    private static final String NEW_FILE = "/boot/Image-hil-new";

    private PlanProcess() {}

    /** Each kind of change that a whole kernel takes, made as a user would make it. */
    @HilTest
    @HardGate
    @Order(1)
    static class Install {
        @Test
        @Order(1)
        void clearsPstore(Board board) {
            board.pstore().clear(board.pstore().read());
        }

        @Test
        @Order(2)
        void addsAFile(Board board) {
            BoardFiles files = board.files();
            board.change("file " + NEW_FILE, new Undo.RemoveFile(Undo.Where.BOARD, NEW_FILE), () -> {
                files.copy(board.definition().boot().menu(), NEW_FILE);
                return NEW_FILE;
            });
        }

        @Test
        @Order(3)
        void addsAModuleTree(Board board) {
            board.change("modules " + NEW_TREE, new Undo.RemoveTree(Undo.Where.BOARD, NEW_TREE), () -> {
                board.files().folders().copy(OLD_TREE, NEW_TREE);
                return NEW_TREE;
            });
        }

        @Test
        @Order(4)
        void replacesAModuleTree(Board board) {
            Folders folders = board.files().folders();
            String backup = OLD_TREE + ".hil-backup";
            String sum = folders.sha256(OLD_TREE).orElseThrow();
            board.change("modules " + OLD_TREE, new Undo.RestoreTree(Undo.Where.BOARD, OLD_TREE, backup, sum), () -> {
                folders.copy(OLD_TREE, backup);
                board.exec(Command.script("echo changed > \"$1/kernel/m.ko\"; rm \"$1/modules.dep\"", OLD_TREE))
                        .orThrow();
                return OLD_TREE;
            });
        }

        @Test
        @Order(5)
        void addsALabel(Board board) {
            String path = board.definition().boot().menu();
            String text = new String(board.files().read(path), StandardCharsets.ISO_8859_1);
            String with = ExtlinuxMenu.parse(path, text)
                    .withLabel("LABEL hil-new\n\tLINUX " + NEW_FILE + "\n")
                    .text();
            board.change("label hil-new", new Undo.RemoveLabel(Undo.Where.BOARD, path, "hil-new", text), () -> {
                board.files().write(path, with.getBytes(StandardCharsets.ISO_8859_1));
                return path;
            });
        }
    }

    @HilTest
    @HardGate
    @Order(2)
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
     * Runs classes of a plan, in the plan's order, and prints what becomes of each test.
     *
     * @param args the names of classes, those in here by their simple names; or a folder of compiled classes
     * @throws ClassNotFoundException where there is none of such a name
     */
    public static void main(String[] args) throws ClassNotFoundException {
        List<DiscoverySelector> plan = new ArrayList<>();
        for (String name : args) {
            if (name.startsWith("/")) {
                plan.addAll(selectClasspathRoots(Set.of(Path.of(name))));
            } else {
                plan.add(selectClass(
                        Class.forName(name.contains(".") ? name : PlanProcess.class.getName() + "$" + name)));
            }
        }
        Printer printer = new Printer();
        try (LauncherSession session = LauncherFactory.openSession()) {
            session.getLauncher()
                    .execute(
                            LauncherDiscoveryRequestBuilder.request()
                                    .selectors(plan)
                                    .filters(ClassNameFilter.includeClassNamePatterns(
                                            ".*IT", Pattern.quote(PlanProcess.class.getName()) + ".*", ".*Test"))
                                    .configurationParameter(
                                            "junit.jupiter.testclass.order.default", PlanOrder.class.getName())
                                    .configurationParameter(
                                            "junit.jupiter.testmethod.order.default",
                                            "org.junit.jupiter.api.MethodOrderer$OrderAnnotation")
                                    .build(),
                            printer);
        }
        System.out.println(ENDED + printer.failed);
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
