package dev.hil.ide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.platform.engine.discovery.ClassNameFilter.includeClassNamePatterns;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectPackage;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** The plan as an IDE shows it: through JUnit's Launcher, as an IDE asks for it. */
@DisplayName("in an IDE")
class IdeTreeTest {
    private static final String PLAN = "dev.hil.iter6";

    private final TreeMap<String, String> set = new TreeMap<>();

    /** What this run itself was asked for must not reach the run inside it. */
    @BeforeEach
    void noBoard() {
        assumeTrue(System.getenv("HIL_BOARD") == null, "HIL_BOARD is set, and cannot be taken back here");
        for (String name : List.of("board", "hil.profiles")) {
            String value = System.clearProperty(name);
            if (value != null) {
                set.put(name, value);
            }
        }
    }

    @AfterEach
    void asBefore() {
        set.forEach(System::setProperty);
    }

    /** A test or class as it appears: depth, name, and what became of it. */
    private record Node(int depth, String name, String result) {}

    private static List<Node> run(DiscoverySelector selector) {
        List<Node> nodes = new ArrayList<>();
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                .selectors(selector)
                .filters(includeClassNamePatterns(".*IT"))
                .build();
        LauncherFactory.create().execute(request, new TestExecutionListener() {
            @Nullable private TestPlan plan;

            @Override
            public void testPlanExecutionStarted(TestPlan started) {
                plan = started;
            }

            private int depth(TestIdentifier test) {
                int depth = 0;
                TestPlan whole = Objects.requireNonNull(plan, "the plan has begun");
                for (var above = whole.getParent(test); above.isPresent(); above = whole.getParent(above.get())) {
                    depth++;
                }
                return depth;
            }

            @Override
            public void executionSkipped(TestIdentifier test, String reason) {
                nodes.add(new Node(depth(test), test.getDisplayName(), reason));
            }

            @Override
            public void executionStarted(TestIdentifier test) {
                nodes.add(new Node(depth(test), test.getDisplayName(), "started"));
            }
        });
        return nodes;
    }

    private static List<Node> atDepth(List<Node> nodes, int depth) {
        return nodes.stream().filter(node -> node.depth() == depth).toList();
    }

    @Test
    @DisplayName("the classes stand in the plan's order, by its numbers")
    void theOrderIsThePlans() {
        List<String> classes =
                atDepth(run(selectPackage(PLAN)), 1).stream().map(Node::name).toList();

        assertThat(classes).hasSizeGreaterThan(3).allMatch(name -> name.matches("\\d\\.\\d+[a-z]?(-G)? .+"));
        assertThat(classes).isSortedAccordingTo(Comparator.comparing((String name) -> name.split(" ", 2)[0]));
    }

    @Test
    @DisplayName("without a board each test is skipped, with the ways to choose one")
    void everyTestSaysHowToChooseABoard() {
        List<Node> tests = atDepth(run(selectPackage(PLAN)), 2);

        assertThat(tests)
                .hasSizeGreaterThan(5)
                .allSatisfy(test -> assertThat(test.result())
                        .as(test.name())
                        .contains("-Pboard=NAME", "-Dboard=NAME", "HIL_BOARD=NAME"));
    }

    @Test
    @DisplayName("one class and one method run by themselves")
    void aClassAndAMethodAlone() {
        String type = PLAN + ".Base18bSmokeIT";

        assertThat(atDepth(run(selectClass(type)), 2))
                .extracting(Node::name)
                .contains("smoke: decode", "lockdep clean");
        assertThat(atDepth(run(selectMethod(type + "#decodes(dev.hil.board.Board)")), 2))
                .extracting(Node::name)
                .containsExactly("smoke: decode");
    }
}
