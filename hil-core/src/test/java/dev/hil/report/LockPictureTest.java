package dev.hil.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hil.klog.Corpus;
import dev.hil.klog.Finding;
import dev.hil.klog.KlogScanner;
import dev.hil.klog.LockGraph;
import java.awt.geom.Rectangle2D;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LockPictureTest {

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 8})
    void aChainIsDrawnWholeAndNothingStandsUponAnother(int locks) {
        isDrawnWhole(circle(locks));
    }

    /** Each of the corpus whose report is of an order of locks: each kind of report that has such a picture. */
    @Test
    void realReportsAreDrawnWhole() throws IOException {
        Set<String> kinds = new TreeSet<>();
        try (Stream<Path> files = Files.walk(Corpus.directory())) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                for (Finding finding :
                        KlogScanner.scan(Files.newInputStream(file)).findings()) {
                    LockGraph graph = LockGraph.of(finding.kind().id(), finding.lines());
                    if (finding.complete() && !graph.edges().isEmpty()) {
                        isDrawnWhole(graph);
                        kinds.add(finding.kind().id());
                    }
                }
            }
        }
        assertThat(kinds)
                .contains(
                        "circular",
                        "inconsistent",
                        "irq-order",
                        "irq-inversion",
                        "nested",
                        "recursive",
                        "wait-context");
    }

    private static void isDrawnWhole(LockGraph graph) {
        LockPicture picture = LockPicture.of(graph);

        assertThat(picture.boxes()).hasSameSizeAs(graph.nodes());
        assertThat(picture.arrows())
                .hasSameSizeAs(graph.edges())
                .filteredOn(LockPicture.Arrow::closing)
                .hasSize(1);
        assertThat(picture.width()).as("as wide as a page").isLessThan(900);
        List<Rectangle2D> places = new ArrayList<>();
        picture.boxes().forEach(box -> places.add(new Rectangle2D.Double(box.x(), box.y(), box.width(), box.height())));
        picture.arrows().forEach(arrow -> {
            double width = arrow.label().stream().mapToInt(String::length).max().orElse(0) * 6.6;
            places.add(new Rectangle2D.Double(
                    arrow.x(), arrow.y() - 11, width, arrow.label().size() * 15));
        });
        for (int i = 0; i < places.size(); i++) {
            assertThat(places.get(i).getMaxX()).isLessThanOrEqualTo(picture.width());
            assertThat(places.get(i).getMaxY()).isLessThanOrEqualTo(picture.height());
            for (int j = i + 1; j < places.size(); j++) {
                assertThat(places.get(i).intersects(places.get(j)))
                        .as("%s upon %s", places.get(i), places.get(j))
                        .isFalse();
            }
        }
    }

    /** The lock that is held stands above the one that is taken then; only the closing arrow leads up. */
    @Test
    void theChainRunsDownAndTheClosingArrowUp() {
        LockPicture picture = LockPicture.of(circle(8));

        for (int i = 1; i < 8; i++) {
            assertThat(picture.boxes().get(i).y())
                    .isGreaterThan(picture.boxes().get(i - 1).y());
        }
    }

    private static LockGraph circle(int locks) {
        return new LockGraph(
                IntStream.range(0, locks)
                        .mapToObj(i -> new LockGraph.Node(
                                "&dev->some_lock_of_class_" + i,
                                i == 0 ? LockGraph.Role.WANTED : LockGraph.Role.HELD,
                                i % 2 == 0 ? List.of() : List.of("taken in hardirq")))
                        .toList(),
                IntStream.range(0, locks)
                        .mapToObj(i -> new LockGraph.Edge(
                                "&dev->some_lock_of_class_" + i,
                                "&dev->some_lock_of_class_" + (i + 1) % locks,
                                "some_function_that_takes_" + i,
                                List.of("mutex_lock", "some_function_that_takes_" + i),
                                i == locks - 1,
                                ""))
                        .toList());
    }
}
