package dev.hil.board;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hil.kernel.Series;
import dev.hil.link.Command;
import dev.hil.link.LocalShell;
import dev.hil.plan.Regression;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A stand-in for a board whose kernel log has a report that the emulated board really made. */
@Timeout(60)
class RegressionTest {
    private final FakeBoard fake;
    private final Path tree;
    private final Series series;

    RegressionTest(@TempDir Path folder) throws IOException {
        fake = new FakeBoard(Files.createDirectories(folder.resolve("board")));
        tree = Files.createDirectories(folder.resolve("tree"));
        Files.writeString(tree.resolve("Makefile"), "VERSION = 6\n");
        new LocalShell(tree)
                .exec(Command.script("git init -q && git add -A &&"
                        + " git -c user.name=x -c user.email=x@x commit -q -m 'Linux 6.1'"))
                .orThrow();
        Path patches = Files.createDirectories(folder.resolve("board/boards/series"));
        for (String name : new String[] {"0006-vivid.patch", "0007-v1.patch"}) {
            Files.writeString(patches.resolve(name), """
                    From: somebody
                    Subject: [PATCH 4/4] media: vicodec: publish release
                     fences <early>

                    --- a/Makefile
                    +++ b/Makefile
                    """);
        }
        Files.writeString(
                patches.resolve("series"), "0006-vivid.patch # hil: modules=a\n0007-v1.patch # hil: modules=b\n");
        series = Series.read(patches);
        fake.kernelTree(tree);
    }

    @AfterEach
    void end() throws IOException {
        fake.close();
    }

    @Test
    void theReportOfTheKernelIsWrittenUpWithEverythingToSeeItAgain() throws IOException {
        fake.put("/dev/kmsg", Files.readString(Path.of("../fixtures/klog/virtual/dma-fence.kmsg")));
        fake.put("/proc/device-tree/model", "linux,dummy-virt\0");
        fake.define("""
                [plan.config]
                PROVE_LOCKING = "y"
                [smoke.decode]
                command = "v4l2-ctl --stream-mmap"
                frame = "dqbuf"
                frames = 60
                """);
        LiveBoard board = fake.open(false);
        board.watch()
                .await(
                        "the splat",
                        sighting -> sighting.isSplat() && sighting.finding() != null,
                        0,
                        Duration.ofSeconds(20));

        Path page = new Regression(board, series, series.entry("0007"), tree.toString()).write("lockdep is SPLAT: ...");

        assertThat(page).hasFileName("bug-report-0007-v1.md");
        assertThat(Files.readString(page))
                .startsWith("# [REGRESSION] circular locking dependency: reservation_ww_class_mutex -> dma_fence_map")
                .contains(
                        "Patch 2 of 2 of the series series",
                        "`0007-v1.patch` (media: vicodec: publish release fences \\<early>)",
                        "passes the same tests: 0006-vivid.patch",
                        "lockdep is SPLAT: ...",
                        "Seen on: KMSG.",
                        "reservation_ww_class_mutex --> fs_reclaim --> dma_fence_map",
                        "functions are given with file and line",
                        "- kernel: `6.1.0-fake #1 SMP fake`",
                        " Linux 6.1`",
                        "- board: `fake, linux,dummy-virt`",
                        "git checkout ",
                        "git apply -p1 0006-vivid.patch\n       git apply -p1 0007-v1.patch",
                        "CONFIG_PROVE_LOCKING=y",
                        "root=/dev/fake",
                        "v4l2-ctl --stream-mmap",
                        "./mvnw verify -Pboard=fake",
                        board.evidence().folder().toString());
    }

    @Test
    void aSilentResetIsWrittenUpWithoutAReport() throws IOException {
        LiveBoard board = fake.open(false);

        Path page = new Regression(board, series, series.entry("0006"), tree.toString())
                .write("board fake was reset and nobody ordered it: SILENT_WATCHDOG\n  - bootstatus");

        assertThat(Files.readString(page))
                .startsWith("# [REGRESSION] board fake was reset and nobody ordered it: SILENT_WATCHDOG\n")
                .contains("without it the same kernel passes the same tests", "  - bootstatus")
                .doesNotContain("What the kernel says");
    }
}
