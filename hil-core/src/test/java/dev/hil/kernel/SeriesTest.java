package dev.hil.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.entry;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssertAlternative;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SeriesTest {
    private final Path folder;

    SeriesTest(@TempDir Path folder) throws IOException {
        this.folder = folder;
        for (String name : new String[] {"0001-a.patch", "0002-b.patch", "0010-c.diff"}) {
            Files.writeString(folder.resolve(name), "");
        }
    }

    private Series series(String text) throws IOException {
        Files.writeString(folder.resolve("series"), text);
        return Series.read(folder);
    }

    @Test
    void patchesAreReadInTheirOrderWithWhatToRebuild() throws IOException {
        Series series = series("""
                # the series

                0002-b.patch
                0001-a.patch -p0   # hil: modules=drivers/media/test-drivers
                0010-c.diff -p2 # a remark
                """);

        assertThat(series.entries())
                .extracting(SeriesEntry::name, SeriesEntry::strip, SeriesEntry::moduleDirectory, SeriesEntry::shortName)
                .containsExactly(
                        tuple("0002-b.patch", 1, "", "0002-b"),
                        tuple("0001-a.patch", 0, "drivers/media/test-drivers", "0001-a"),
                        tuple("0010-c.diff", 2, "", "0010-c"));
        assertThat(series.entries().get(0).file()).isEqualTo(folder.resolve("0002-b.patch"));
    }

    @Test
    void lineEndsOfWindowsAndAFileWithoutALastOneAreRead() throws IOException {
        assertThat(series("0001-a.patch\r\n0002-b.patch").entries()).hasSize(2);
    }

    @Test
    void theSeriesOfTheProjectAreRight() {
        assertThat(Series.read(Path.of("../fixtures/series/iter6-ampere"))).isNotNull();
        for (String name : List.of("iter6-virtual", "iter6-virtual-v1", "iter6-virtual-wedge")) {
            Series series = Series.read(Path.of("../fixtures/series", name));
            assertThat(series.entries()).as(name).hasSize(4);
            assertThat(series.entry("0004").isWholeKernel()).as(name).isTrue();
            assertThat(series.entry("0004").config())
                    .as(name)
                    .containsExactly(Map.entry("VIDEOBUF2_RELEASE_FENCES", "y"));
            assertThat(series.entry("0007").moduleDirectory()).as(name).endsWith("vicodec");
        }
    }

    @Test
    void aPatchIsFoundByItsBeginning() throws IOException {
        Series series = series("0001-a.patch\n0002-b.patch\n0010-c.diff\n");

        assertThat(series.entry("0002").name()).isEqualTo("0002-b.patch");
        assertRefused(() -> series.entry("00"))
                .withMessage(
                        "more than one patch of %s begins with \"00\"; there are: 0001-a.patch, 0002-b.patch,"
                                + " 0010-c.diff",
                        folder);
        assertRefused(() -> series.entry("0005"))
                .withMessage(
                        "no patch of %s begins with \"0005\"; there are: 0001-a.patch, 0002-b.patch, 0010-c.diff",
                        folder);
    }

    @Test
    void aSeriesThatIsNotThereIsNamed() {
        assertRefused(() -> Series.read(folder.resolve("nosuch")))
                .withMessageContaining("cannot read the patch series " + folder.resolve("nosuch/series"));
    }

    @Test
    void aPatchThatIsNotThereIsShownWithItsLine() {
        assertRefused(() -> series("0001-a.patch\n\n0003-x.patch\n"))
                .withMessage("%s:3: there is no patch 0003-x.patch in %s", folder.resolve("series"), folder);
    }

    @ParameterizedTest
    @ValueSource(strings = {"../outside.patch", "/etc/passwd", "a/../../outside.patch", ".", ".."})
    void aPatchOutsideOfTheFolderIsRefused(String name) throws IOException {
        assertRefused(() -> series(name + "\n")).withMessageContaining("series:1: there is no patch " + name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0001-a.patch -p", "0001-a.patch -p10", "0001-a.patch -R", "0001-a.patch 0002-b.patch"})
    void aLineThatIsNotUnderstoodIsShown(String line) {
        assertRefused(() -> series("# x\n" + line + "\n"))
                .withMessage(
                        "%s:2: \"%s\" is not PATCH [-pN] [# hil: modules=DIRECTORY | kernel config=SYMBOL=VALUE]",
                        folder.resolve("series"), line);
    }

    @ParameterizedTest
    @ValueSource(strings = {"modules=/etc", "modules=../x", "modules=", "module=x", "modules=a b", "modules=$(x)"})
    void whatToRebuildMustBeADirectoryOfTheTree(String hil) {
        assertRefused(() -> series("0001-a.patch # hil: " + hil + "\n"))
                .withMessage(
                        "%s:1: \"hil: %s\" is not understood; write hil: modules=DIRECTORY, a directory of the"
                                + " kernel tree, or hil: kernel config=SYMBOL=VALUE for a whole kernel",
                        folder.resolve("series"), hil);
    }

    @Test
    void aWholeKernelComesWithTheOptionsToSet() throws IOException {
        Series series = series("0001-a.patch # hil: kernel config=A=y config=B_2=m config=NAME=-x\n0002-b.patch\n");

        assertThat(series.entry("0001").config()).containsOnly(entry("A", "y"), entry("B_2", "m"), entry("NAME", "-x"));
        assertThat(series.entry("0002").config()).isEmpty();
        assertThat(series.identity(series.entry("0001")))
                .as("other options are another step")
                .isNotEqualTo(series("0001-a.patch # hil: kernel config=A=m\n")
                        .identity(series("0001-a.patch # hil: kernel config=A=m\n")
                                .entry("0001")));
    }

    @Test
    void anotherConfigurationTakesAWholeKernel() {
        assertRefused(() -> series("0001-a.patch # hil: modules=drivers/x config=A=y\n"))
                .withMessageContaining("takes a whole kernel");
    }

    @Test
    void theNeighboursOfAPatchAreKnown() throws IOException {
        Series series = series("0001-a.patch\n0002-b.patch\n0010-c.diff\n");

        assertThat(series.before(series.entry("0002"))).containsExactly(series.entry("0001"));
        assertThat(series.after(series.entry("0002"))).contains(series.entry("0010"));
        assertThat(series.after(series.entry("0010"))).isEmpty();
    }

    private interface Reading {
        Object get() throws IOException;
    }

    private static ThrowableAssertAlternative<SeriesException> assertRefused(Reading reading) {
        return assertThatExceptionOfType(SeriesException.class).isThrownBy(reading::get);
    }
}
