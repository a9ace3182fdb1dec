package dev.hil.lint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hil.board.Board;
import dev.hil.board.PstoreRecord;
import dev.hil.board.Reset;
import dev.hil.board.ResetVerdict;
import dev.hil.boot.BootEntry;
import dev.hil.boot.CommandLine;
import dev.hil.boot.ExtlinuxMenu;
import dev.hil.junit.HilTest;
import dev.hil.junit.LintGate;
import dev.hil.link.Command;
import dev.hil.link.LocalShell;
import dev.hil.record.Undo;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/**
 * Trap 1 for real: the plan's own parameters against the device tree's node, on one board. What the plan says of
 * 0x10000000 is said of the same region that the node has here.
 */
@HilTest
class RamoopsOnPlainRamIT {
    private static final String PLANNED = "memmap=0x100000$0x50000000 ramoops.mem_address=0x50000000"
            + " ramoops.mem_size=0x100000 ramoops.record_size=0x10000 ramoops.console_size=0x40000 ramoops.dump_oops=1";

    private static final String MENU = "/boot/extlinux/extlinux.conf";
    private static final String PLAIN_TREE = "/boot/plain.dtb";

    @Test
    @Order(1)
    void withTheDeviceTreesNodeTheLinterIsContentAndTheCaptureWorks(Board board) {
        // Another class of this run may have left another default.
        board.reboot("safe");
        LintReport report = Linter.run(LiveFacts.read(board));

        assertThat(report.findings()).as(LintText.lines(report).toString()).isEmpty();
        assertThat(report.notChecked())
                .as("of a board that answers, all is known")
                .isEmpty();

        board.reboot("lockdep");
        LintReport underTest = Linter.run(LiveFacts.read(board));
        // Which DEFAULT is the test label now, as it has to be.
        assertThat(underTest.findings()).extracting(LintFinding::rule).containsOnly("boot-menu");

        Reset reset = board.crash();

        assertThat(reset.verdict()).isEqualTo(ResetVerdict.DIAGNOSED);
        assertThat(reset.pstore())
                .extracting(PstoreRecord::kind)
                .contains(PstoreRecord.Kind.DMESG, PstoreRecord.Kind.CONSOLE);
    }

    @Test
    @Order(2)
    void withThePlansParametersTheLinterSaysNoAndTheKernelAgrees(Board board) {
        addLabel(board);
        board.reboot("plain");
        try {
            LintReport report = Linter.run(LiveFacts.read(board));

            assertThat(report.passes()).isFalse();
            assertThat(report.of(Severity.ERROR))
                    .extracting(LintFinding::rule, LintFinding::where, LintFinding::what)
                    .contains(
                            tuple(
                                    "ramoops-reserved",
                                    "/proc/iomem",
                                    "0x50000000 to 0x50100000 is plain System RAM, which the kernel hands out"),
                            tuple(
                                    "ramoops-reserved",
                                    "/proc/device-tree/reserved-memory",
                                    "the device tree with which the board runs has no node compatible with ramoops"),
                            tuple(
                                    "memmap",
                                    "/proc/cmdline",
                                    "memmap=0x100000$0x50000000 reserves nothing: arm64 has no memmap="));
            assertThatThrownBy(() -> new LintGate() {}.definitionPlanAndBoardAgree(board))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("0x50000000 to 0x50100000 is plain System RAM")
                    .hasMessageContaining("instead: a node of /reserved-memory")
                    .hasMessageContaining("lint.txt");
            // The kernel's own words for both halves of the trap.
            assertThat(board.exec("dmesg").orThrow().stdout())
                    .containsPattern("Unknown kernel command line parameters \".*memmap=0x100000\\$0x50000000")
                    .contains("ramoops: using 0x100000@0x50000000");
        } finally {
            board.reboot("safe");
        }
    }

    private static Tuple tuple(String rule, String file, String what) {
        return Tuple.tuple(rule, file + " of virtual", what);
    }

    /** A label like the safe one, but with the plan's parameters and a device tree without the node. */
    private static void addLabel(Board board) {
        Path tree = board.pull("/boot/virt.dtb", 2 << 20);
        new LocalShell()
                .exec(Command.of("fdtput", "-r", tree.toString(), "/reserved-memory/ramoops@50000000"))
                .orThrow();
        board.change("device tree " + PLAIN_TREE, new Undo.RemoveFile(Undo.Where.BOARD, PLAIN_TREE), () -> {
            board.files().push(tree, PLAIN_TREE);
            return PLAIN_TREE;
        });
        String text = new String(board.files().read(MENU), StandardCharsets.ISO_8859_1);
        ExtlinuxMenu menu = ExtlinuxMenu.parse(MENU, text);
        BootEntry like = menu.entry("safe");
        CommandLine line = CommandLine.parse(like.append().orElseThrow());
        for (String parameter : List.of(PLANNED.split(" ", -1))) {
            line = line.with(parameter);
        }
        String block = "LABEL plain\n\tLINUX %s\n\tFDT %s\n\tAPPEND %s\n"
                .formatted(like.linux().orElseThrow(), PLAIN_TREE, line);
        byte[] edited = menu.withLabel(block).text().getBytes(StandardCharsets.ISO_8859_1);
        board.change("label plain", new Undo.RemoveLabel(Undo.Where.BOARD, MENU, "plain", text), () -> {
            board.files().write(MENU, edited);
            return "plain";
        });
    }
}
