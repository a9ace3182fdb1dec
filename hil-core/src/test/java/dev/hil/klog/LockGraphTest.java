package dev.hil.klog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.hil.klog.LockGraph.Edge;
import dev.hil.klog.LockGraph.Role;
import java.io.IOException;
import java.io.UncheckedIOException;
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
                        tuple("fs_reclaim", "dma_fence_map", "__dma_fence_might_wait", false),
                        tuple("reservation_ww_class_mutex", "fs_reclaim", "dma_resv_lockdep", false),
                        tuple("dma_fence_map", "reservation_ww_class_mutex", "hil_dma_fence", true));
    }

    @Test
    void anInversionIsClosedByTheInterrupt() throws IOException {
        LockGraph graph = graph("irq-inversion.kmsg", Kind.IRQ_INVERSION);

        assertThat(graph.edges())
                .extracting(Edge::from, Edge::to, Edge::closing)
                .containsExactly(
                        tuple("hil_irq_outer", "hil_irq_inner", false), tuple("hil_irq_inner", "hil_irq_outer", true));
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

    /** "Possible interrupt unsafe locking scenario", of a kernel of syzkaller's. */
    @Test
    void anUnsafeOrderIsClosedByTheInterruptThatWasSeen() {
        LockGraph graph = ofCorpus("syzkaller/559", Kind.IRQ_ORDER);

        assertThat(graph.edges())
                .extracting(Edge::from, Edge::to, Edge::at, Edge::closing, Edge::remark)
                .containsExactly(
                        tuple("&mapping->tree_lock", "&info->lock", "shmem_uncharge", false, "the new order"),
                        tuple(
                                "&info->lock",
                                "&mapping->tree_lock",
                                "test_clear_page_writeback",
                                true,
                                "an interrupt takes it"));
        assertThat(graph.nodes())
                .extracting(LockGraph.Node::name, LockGraph.Node::role, LockGraph.Node::states)
                .containsExactly(
                        tuple("&info->lock", Role.WANTED, List.of("held with hardirqs on", "held with softirqs on")),
                        tuple("&mapping->tree_lock", Role.HELD, List.of("taken in hardirq", "taken in softirq")));
    }

    /** The stack begins with what lets interrupts in; who called that is told. */
    @Test
    void anInconsistentLockIsACircleOfItselfThroughTheInterrupt() {
        LockGraph graph = ofCorpus("syzkaller/678", Kind.INCONSISTENT);

        assertThat(graph.nodes())
                .extracting(LockGraph.Node::name, LockGraph.Node::states)
                .containsExactly(
                        tuple("sync_timeline_list_lock", List.of("taken in hardirq", "held with hardirqs on")));
        assertThat(graph.edges())
                .extracting(Edge::from, Edge::to, Edge::at, Edge::closing, Edge::remark)
                .containsExactly(tuple(
                        "sync_timeline_list_lock",
                        "sync_timeline_list_lock",
                        "sync_info_debugfs_show",
                        true,
                        "an interrupt takes it while it is held: {IN-HARDIRQ-W} -> {HARDIRQ-ON-W}"));
        assertThat(ofCorpus("syzkaller/669", Kind.INCONSISTENT).edges())
                .extracting(Edge::from, Edge::remark)
                .containsExactly(tuple(
                        "fs_reclaim", "an interrupt takes it while it is held: {SOFTIRQ-ON-W} -> {IN-SOFTIRQ-W}"));
    }

    @Test
    void aWaitContextIsBrokenByTheStrictestLockOrByTheInterrupt() {
        assertThat(ofCorpus("syzkaller/528", Kind.WAIT_CONTEXT).edges())
                .extracting(Edge::from, Edge::to, Edge::at, Edge::closing, Edge::remark)
                .containsExactly(tuple(
                        "rcu_read_lock",
                        "&mm->mmap_lock",
                        "do_ipv6_setsockopt",
                        true,
                        "may sleep: wait type {3:3} inside {1:2}"));
        assertThat(ofCorpus("syzkaller/546", Kind.WAIT_CONTEXT).edges())
                .extracting(Edge::from, Edge::to, Edge::at, Edge::closing, Edge::remark)
                .containsExactly(tuple(
                        "rcu_read_lock",
                        "&n->list_lock",
                        "deactivate_slab",
                        true,
                        "may sleep: wait type {3:3} in the context {2:2}"));
    }

    @Test
    void ofTheHeldLocksTheStrictestOneStopsTheTask() {
        LockGraph graph = LockGraph.of(
                Kind.WAIT_CONTEXT.id(),
                List.of(
                        "[ BUG: Invalid wait context ]",
                        "cat/12 is trying to lock:",
                        "ffff888101f0a0d8 (&c){+.+.}-{4:4}, at: f+0x1/0x2",
                        "other info that might help us debug this:",
                        "context-{5:5}",
                        "2 locks held by cat/12:",
                        " #0: ffff888101f0a0e8 (&a){....}-{2:2}, at: g+0x1/0x2",
                        " #1: ffff888101f0a0f8 (&b){+.+.}-{3:3}, at: h+0x1/0x2"));

        assertThat(graph.edges())
                .extracting(Edge::from, Edge::to, Edge::closing, Edge::remark)
                .containsExactly(
                        tuple("&a", "&b", false, ""),
                        tuple("&a", "&c", true, "may sleep: wait type {4:4} inside {2:2}"));
    }

    /** The form of a kernel of today; the one report of syzkaller's was cut off before it named the lock. */
    @Test
    void aNestedLockHangsOnTheOneThatShouldBeHeld() {
        assertThat(ofCorpus("headers/nested-not-taken.log", Kind.NESTED).edges())
                .extracting(Edge::from, Edge::to, Edge::at, Edge::closing, Edge::remark)
                .containsExactly(tuple(
                        "reservation_ww_class_acquire",
                        "&dev->mutex",
                        "foo_ioctl",
                        true,
                        "should be held, and is not"));
        assertThat(ofCorpus("syzkaller/655", Kind.NESTED).nodes())
                .extracting(LockGraph.Node::name)
                .containsExactly("&s->s_inode_list_lock");
    }

    @Test
    void aLockOfAnOldKernelHasItsStatesToo() {
        assertThat(ofCorpus("syzkaller/33", Kind.INCONSISTENT).nodes())
                .flatExtracting(LockGraph.Node::states)
                .containsExactly("held with hardirqs on", "taken in softirq", "held with softirqs on");
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

    private static LockGraph ofCorpus(String file, Kind kind) {
        try {
            byte[] log = Files.readAllBytes(Corpus.directory().resolve(file));
            return CorpusTest.scan(log).findings().stream()
                    .filter(finding -> finding.kind() == kind)
                    .findFirst()
                    .map(finding -> LockGraph.of(kind.id(), finding.lines()))
                    .orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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
