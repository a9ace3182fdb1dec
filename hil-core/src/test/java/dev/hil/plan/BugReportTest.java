package dev.hil.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hil.klog.Finding;
import dev.hil.klog.KlogScanner;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BugReportTest {
    private static final BugReport.Position LAST = new BugReport.Position(
            "0007-v1.patch",
            "media: vicodec: publish release fences",
            4,
            4,
            "iter6-virtual-v1",
            "ab12",
            List.of("0004.patch", "0005.patch", "0006.patch"));

    private static BugReport report(String what, String splat) {
        Map<String, String> versions = new LinkedHashMap<>();
        versions.put("kernel", "6.1.192-lockdep #hil.659d9480");
        versions.put("tree", "1f5db4e14c");
        return new BugReport(
                "possible circular locking dependency",
                what,
                LAST,
                Optional.of(new StackDecoder.Decoded(splat, 3, 2, "no place for x+0x1/0x2")),
                List.of("KMSG", "SERIAL"),
                versions,
                List.of("Check out the commit:\n    git checkout 1f5db4e14c", "Boot it."),
                "/evidence/run");
    }

    @Test
    void aRealReportIsWrittenUp() throws IOException {
        Finding splat;
        try (InputStream log = Files.newInputStream(Path.of("../fixtures/klog/virtual/dma-fence.console"))) {
            splat = KlogScanner.scan(log).findings().get(0);
        }

        String page =
                report("lockdep is SPLAT", String.join("\n", splat.lines())).markdown();

        assertThat(page)
                .startsWith(
                        "# [REGRESSION] possible circular locking dependency\n\nPatch 4 of 4 of the series iter6-virtual-v1:")
                .contains(
                        "`0007-v1.patch` (media: vicodec: publish release fences), SHA-256 `ab12`",
                        "passes the same tests: 0004.patch, 0005.patch, 0006.patch",
                        "## What is seen\n\n```\nlockdep is SPLAT\n```\n",
                        "Seen on: KMSG, SERIAL.",
                        "reservation_ww_class_mutex --> fs_reclaim --> dma_fence_map",
                        "2 of 3 functions are given with file and line, found by `scripts/decode_stacktrace.sh`; no place for x+0x1/0x2.",
                        "- kernel: `6.1.192-lockdep #hil.659d9480`",
                        "1. Check out the commit:\n       git checkout 1f5db4e14c\n2. Boot it.\n",
                        "`/evidence/run`");
    }

    @Test
    void whatABoardSaysMarksNothingUp() {
        String page = report("```\n# Bought!\n````\n<script>\u001b[2J", "x").markdown();

        assertThat(page).contains("`````\n```\n# Bought!\n````\n<script>").doesNotContain("\u001b");
        assertThat(new BugReport(
                                "<img src=x> [a](b) `c`",
                                "x",
                                LAST,
                                Optional.empty(),
                                List.of(),
                                Map.of("k", "a` <b>\n# c"),
                                List.of(),
                                "e")
                        .markdown())
                .startsWith("# [REGRESSION] \\<img src=x> \\[a\\](b) \\`c\\`\n")
                .contains("- k: `a <b> # c`")
                .doesNotContain("## What the kernel says");
    }

    @Test
    void aFirstPatchHasNoneBeforeIt() {
        BugReport.Position first = new BugReport.Position("0004.patch", "s", 1, 4, "x", "y", List.of());

        assertThat(new BugReport("t", "w", first, Optional.empty(), List.of(), Map.of(), List.of(), "e").markdown())
                .contains("without it the same kernel passes the same tests");
    }
}
