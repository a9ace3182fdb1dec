package dev.hil.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hil.kernel.KernelTree;
import dev.hil.kernel.Series;
import dev.hil.kernel.SeriesEntry;
import dev.hil.link.Command;
import dev.hil.link.LocalShell;
import dev.hil.plan.Bisection.Way;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A series of 32 patches under a real git, searched both ways; only the board is a stand-in, and counts its boots. */
class BisectionTest {
    private static final int PATCHES = 32;
    private static final String SOURCE = "drivers/media/vb2.c";

    @TempDir
    static Path folder;

    private static Path tree = Path.of("");
    private static Series series = Series.read(Path.of("../fixtures/series/iter6-ampere"));

    /** Patch n replaces line n of one file and a line of the file that only it makes. */
    @BeforeAll
    static void make() throws IOException {
        tree = Files.createDirectories(folder.resolve("tree"));
        Path source = tree.resolve(SOURCE);
        Files.createDirectories(source.getParent());
        write(source, 0);
        git("init", "-q");
        git("add", "-A");
        git("commit", "-q", "-m", "base");
        Path patches = Files.createDirectories(folder.resolve("series"));
        StringBuilder list = new StringBuilder("# quilt's own form\n");
        for (int n = 1; n <= PATCHES; n++) {
            write(source, n);
            Files.writeString(tree.resolve("drivers/new-%d.c".formatted(n)), "new\n");
            git("add", "-A");
            git("commit", "-q", "-m", "patch %d".formatted(n));
            String name = "%04d-change.patch".formatted(n);
            Files.writeString(patches.resolve(name), git("format-patch", "-1", "--stdout"));
            list.append(name).append(n % 2 == 0 ? " -p1" : "").append("  # hil: modules=drivers/media\n");
        }
        git("reset", "-q", "--hard", "HEAD~%d".formatted(PATCHES));
        Files.writeString(patches.resolve("series"), list);
        series = Series.read(patches);
    }

    private static void write(Path source, int patched) throws IOException {
        Files.writeString(
                source,
                IntStream.rangeClosed(1, PATCHES)
                        .mapToObj(line -> (line <= patched ? "patched " : "plain ") + line)
                        .collect(Collectors.joining("\n", "", "\n")));
    }

    private static String git(String... arguments) {
        return new LocalShell(tree)
                .exec(Command.script("exec git -c user.name=x -c user.email=x@x \"$@\"", arguments))
                .orThrow()
                .stdout();
    }

    /** Boots what lies in the tree, and is bad where one patch is in it. */
    private static final class Board {
        private final int culprit;
        private int boots;

        Board(int culprit) {
            this.culprit = culprit;
        }

        boolean bootsWell() {
            boots++;
            try {
                return !Files.readAllLines(tree.resolve(SOURCE)).contains("patched " + culprit);
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** As a plan does it: from what is good, the next patches as one; those that were bad are taken out again. */
    private static Bisection search(Way way, Board board) {
        KernelTree kernel = new KernelTree(new LocalShell(), tree.toString());
        return SeriesSearch.run(way, PATCHES, (good, to) -> {
                    SeriesEntry step = PatchRange.of(series, folder, good, to);
                    kernel.apply(step);
                    boolean well = board.bootsWell();
                    if (!well) {
                        kernel.revert(step);
                    }
                    return well;
                })
                .state();
    }

    /** 33 positions: each patch, and none. */
    static IntStream positions() {
        return IntStream.rangeClosed(1, PATCHES + 1);
    }

    @ParameterizedTest
    @org.junit.jupiter.params.provider.MethodSource("positions")
    void theCulpritIsFoundWhereverItIs(int culprit) throws IOException {
        OptionalInt expected = culprit <= PATCHES ? OptionalInt.of(culprit) : OptionalInt.empty();

        Board halved = new Board(culprit);
        Bisection byHalves = search(Way.HALVE, halved);
        int left = patchesIn();
        reset();
        Board straight = new Board(culprit);
        Bisection inOrder = search(Way.IN_ORDER, straight);

        assertThat(byHalves.culprit()).isEqualTo(expected);
        assertThat(inOrder.culprit()).isEqualTo(expected);
        assertThat(halved.boots).as("boots; ceil(log2(33)) is 6").isLessThanOrEqualTo(6);
        assertThat(straight.boots).isEqualTo(Math.min(culprit, PATCHES));
        assertThat(left).as("what is left in the tree is what is good").isEqualTo(culprit - 1);
        assertThat(patchesIn()).isEqualTo(culprit - 1);
        reset();
    }

    private static int patchesIn() throws IOException {
        return (int) Files.readAllLines(tree.resolve(SOURCE)).stream()
                .filter(line -> line.startsWith("patched"))
                .count();
    }

    private static void reset() {
        git("reset", "-q", "--hard");
        git("clean", "-q", "-f", "-d");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 7, 8, 15, 16, 31, 32, 33, 100})
    void halvingTakesNoMoreBootsThanTheLogarithm(int patches) {
        int most = (int) Math.ceil(Math.log(patches + 1) / Math.log(2) - 1e-9);
        int worst = 0;
        for (int culprit = 1; culprit <= patches + 1; culprit++) {
            int[] boots = {0};
            int bad = culprit;
            IntPredicate good = count -> {
                boots[0]++;
                return count < bad;
            };
            Bisection end = SeriesSearch.run(Way.HALVE, patches, (from, to) -> good.test(to))
                    .state();
            assertThat(end.culprit()).isEqualTo(bad <= patches ? OptionalInt.of(bad) : OptionalInt.empty());
            worst = Math.max(worst, boots[0]);
        }
        assertThat(worst).isEqualTo(most);
        assertThat(Bisection.begin(Way.HALVE, patches).mostQuestions()).isEqualTo(most);
        assertThat(Bisection.begin(Way.IN_ORDER, patches).mostQuestions()).isEqualTo(patches);
    }

    @Test
    void aSeriesWithoutPatchesAsksNothing() {
        assertThat(Bisection.begin(Way.HALVE, 0).next()).isEmpty();
        assertThat(Bisection.begin(Way.HALVE, 0).culprit()).isEmpty();
    }

    @Test
    void nothingIsAskedAfterTheAnswerIsKnown() {
        Bisection known = Bisection.begin(Way.HALVE, 1).answered(false);

        assertThat(known.culprit()).hasValue(1);
        assertThatThrownBy(() -> known.answered(true)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void whatIsRebuiltForSeveralPatchesHoldsWhatEachOfThemNeeds() {
        assertThat(PatchRange.directory(List.of("drivers/media/a", "drivers/media/b/c")))
                .isEqualTo("drivers/media");
        assertThat(PatchRange.directory(List.of("drivers/media", "drivers/media-x")))
                .isEqualTo("drivers");
        assertThat(PatchRange.directory(List.of("drivers/media/a", "drivers/media/a")))
                .isEqualTo("drivers/media/a");
        assertThat(PatchRange.directory(List.of("drivers/media", ""))).isEmpty();
        assertThat(PatchRange.directory(List.of("drivers/x", "net/y"))).isEmpty();
    }
}
