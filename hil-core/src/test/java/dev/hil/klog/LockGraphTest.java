package dev.hil.klog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hil.klog.LockGraph.Edge;
import dev.hil.klog.LockGraph.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The graphs of reports that the emulated board's kernel has printed. */
class LockGraphTest {

    @Test
    void theFenceCaseIsACircleOfThreeLocksClosedByTheFaultyFunction() throws IOException {
        LockGraph graph = graph("dma-fence.kmsg", Kind.CIRCULAR);

        assertThat(graph.nodes())
                .extracting(LockGraph.Node::name)
                .containsExactly("reservation_ww_class_mutex", "dma_fence_map", "fs_reclaim");
        assertThat(graph.nodes())
                .extracting(LockGraph.Node::role)
                .containsExactly(Role.WANTED, Role.HELD, Role.BETWEEN);
        assertThat(graph.edges())
                .extracting(Edge::from, Edge::to, Edge::at, Edge::closing)
                .containsExactly(
                        org.assertj.core.api.Assertions.tuple(
                                "fs_reclaim", "dma_fence_map", "__dma_fence_might_wait", false),
                        org.assertj.core.api.Assertions.tuple(
                                "reservation_ww_class_mutex", "fs_reclaim", "dma_resv_lockdep", false),
                        org.assertj.core.api.Assertions.tuple(
                                "dma_fence_map", "reservation_ww_class_mutex", "hil_dma_fence", true));
    }

    @Test
    void anInversionIsClosedByTheInterrupt() throws IOException {
        LockGraph graph = graph("irq-inversion.kmsg", Kind.IRQ_INVERSION);

        assertThat(graph.edges())
                .extracting(Edge::from, Edge::to, Edge::closing)
                .containsExactly(
                        org.assertj.core.api.Assertions.tuple("hil_irq_outer", "hil_irq_inner", false),
                        org.assertj.core.api.Assertions.tuple("hil_irq_inner", "hil_irq_outer", true));
        assertThat(graph.edges().get(0).at()).isEqualTo("hil_irq_inversion");
        assertThat(graph.nodes())
                .filteredOn(node -> node.name().equals("hil_irq_outer"))
                .flatExtracting(LockGraph.Node::states)
                .containsExactly("taken in hardirq");
        assertThat(graph.nodes())
                .filteredOn(node -> node.name().equals("hil_irq_inner"))
                .flatExtracting(LockGraph.Node::states)
                .contains("held with hardirqs on");
    }

    @Test
    void aLockThatIsTakenTwiceIsACircleOfItself() throws IOException {
        LockGraph graph = graph("recursive.kmsg", Kind.RECURSIVE);

        assertThat(graph.edges()).singleElement().satisfies(edge -> {
            assertThat(edge.from()).isEqualTo(edge.to());
            assertThat(edge.closing()).isTrue();
        });
    }

    @Test
    void twoMutexesInBothOrdersAreACircleOfTwo() throws IOException {
        LockGraph graph = graph("abba.kmsg", Kind.CIRCULAR);

        assertThat(graph.edges()).hasSize(2).filteredOn(Edge::closing).hasSize(1);
        assertThat(graph.edges().get(0).from()).isEqualTo(graph.edges().get(1).to());
    }

    /** Whatever a log holds, an edge joins locks that are drawn, and nothing is thrown. */
    @Test
    void edgesJoinNodesAlsoWhereReportsAreTorn() throws IOException {
        int graphs = 0;
        for (String name : List.of("dma-fence.kmsg", "irq-inversion.kmsg", "recursive.kmsg", "abba.kmsg")) {
            Finding whole = splat(name, null);
            for (int cut = 0; cut < whole.lines().size(); cut++) {
                LockGraph graph = LockGraph.of(whole.kind().id(), whole.lines().subList(0, cut));
                for (Edge edge : graph.edges()) {
                    graphs++;
                    assertThat(graph.nodes()).extracting(LockGraph.Node::name).contains(edge.from(), edge.to());
                }
            }
        }
        assertThat(graphs).isGreaterThan(100);
    }

    @Test
    void whatIsNoReportOfLocksHasNoGraph() {
        assertThat(LockGraph.of("panic", List.of("Kernel panic - not syncing: x"))
                        .edges())
                .isEmpty();
        assertThat(LockGraph.of("no such kind", List.of()).nodes()).isEmpty();
    }

    private static LockGraph graph(String log, Kind kind) throws IOException {
        return LockGraph.of(kind.id(), splat(log, kind).lines());
    }

    private static Finding splat(String log, @org.jspecify.annotations.Nullable Kind kind) throws IOException {
        Path file = Path.of("..", "fixtures", "klog", "virtual", log);
        return KlogScanner.scan(Files.newInputStream(file)).findings().stream()
                .filter(finding ->
                        kind == null ? finding.kind().category() == Category.LOCKDEP : finding.kind() == kind)
                .findFirst()
                .orElseThrow();
    }
}
