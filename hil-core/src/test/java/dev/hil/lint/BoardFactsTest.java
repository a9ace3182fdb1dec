package dev.hil.lint;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A board's answers are read as they are, and bad ones are not known rather than believed. */
class BoardFactsTest {
    @TempDir
    Path folder;

    private BoardFacts facts() {
        return new Given(folder).facts().board();
    }

    @Test
    void whatTheEmulatedBoardSaidIsRead() {
        BoardFacts facts = facts();

        assertThat(facts.machine().known()).contains("aarch64");
        assertThat(facts.logLevel().known()).contains(7);
        assertThat(facts.debugLocks().known()).contains(true);
        assertThat(facts.free().known()).contains(Map.of("/", 419076L));
        assertThat(facts.ramoops().known().orElseThrow())
                .containsEntry("mem_address", 0x50000000L)
                .containsEntry("dump_oops", -1L);
        assertThat(facts.reserved().known().orElseThrow()).singleElement().satisfies(node -> {
            assertThat(node.name()).isEqualTo("ramoops@50000000");
            assertThat(node.isRamoops()).isTrue();
            assertThat(node.address()).isEqualTo(0x50000000L);
            assertThat(node.size()).isEqualTo(0x100000L);
            assertThat(node.number("console-size")).isEqualTo(0x40000L);
            assertThat(node.number("ftrace-size")).as("not there").isZero();
        });
        assertThat(facts.menu())
                .isInstanceOfSatisfying(
                        Fact.Known.class,
                        menu -> assertThat(menu.from()).isEqualTo("/boot/extlinux/extlinux.conf of given"));
    }

    @Test
    void theRegionIsReservedOnlyWhereSomethingReservesAllOfIt() {
        IoMem map = IoMem.parse(Given.IOMEM);

        assertThat(map.isPlainRam(0x50000000L, 0x100000)).isFalse();
        assertThat(map.isPlainRam(0x50000000L, 0x100001)).as("a byte more").isTrue();
        assertThat(map.isPlainRam(0x51000000L, 0x100000)).isTrue();
        assertThat(map.isPlainRam(0x09000000L, 0x1000)).as("no RAM at all").isFalse();
    }

    /** A node with no-map is no System RAM any more, and stands for itself. */
    @Test
    void aRegionTakenOutOfRamIsNoPlainRam() {
        IoMem map = IoMem.parse("""
                00200000-0010ffff : System RAM
                00110000-001fffff : reserved
                00200000-083fffff : System RAM
                """);

        assertThat(map.isPlainRam(0x110000, 0xf0000)).isFalse();
        assertThat(map.isReserved(0x110000, 0xf0000)).isTrue();
    }

    /** To anybody but root the kernel shows zeros: that is no map in which nothing is reserved. */
    @Test
    void aMapOfZerosIsNotKnown() {
        BoardFacts facts = new Given(folder)
                .answers("iomem", "00000000-00000000 : System RAM\n  00000000-00000000 : reserved\n")
                .facts()
                .board();

        assertThat(facts.iomem()).isInstanceOf(Fact.Unknown.class);
    }

    @Test
    void cellsOfOneWordAreRead() {
        List<ReservedRegion> regions = ReservedRegion.parse("""
                #address-cells 00000001
                #size-cells 00000001
                ramoops@8000000/compatible 72616d6f6f707300
                ramoops@8000000/reg 0800000000100000
                off@1/compatible 72616d6f6f707300
                off@1/status 64697361626c656400
                linux,cma/size 0000000010000000
                """);

        assertThat(regions).hasSize(2);
        assertThat(regions.get(0).address()).isEqualTo(0x8000000L);
        assertThat(regions.get(0).size()).isEqualTo(0x100000L);
        assertThat(regions.get(1).name()).isEqualTo("linux,cma");
        assertThat(regions.get(1).size()).isEqualTo(0x10000000L);
    }

    @Test
    void aBadAnswerIsNotKnown() {
        BoardFacts facts = new Given(folder)
                .answers("release", "6.1; rm -rf /\n")
                .answers("printk", "seven")
                .answers("bootid", "../../etc/passwd")
                .answers("mounted", "maybe")
                .answers("menu", "nothing here")
                .answers("ramoops", "mem_address=x\n")
                .answers("config", "<html>")
                .facts()
                .board();

        assertThat(List.of(
                        facts.release(),
                        facts.logLevel(),
                        facts.bootId(),
                        facts.pstoreMounted(),
                        facts.menu(),
                        facts.ramoops(),
                        facts.runningConfig()))
                .allSatisfy(fact -> assertThat(fact)
                        .isInstanceOfSatisfying(
                                Fact.Unknown.class,
                                unknown -> assertThat(unknown.why()).contains("of given has not the form")));
    }

    /** Nothing that a board says may end the linter, or reach a terminal as it is. */
    @Test
    void anyAnswerIsBorne() {
        Random random = new Random(23);
        List<String> names = List.of(
                "machine",
                "compatible",
                "release",
                "cmdline",
                "iomem",
                "reserved",
                "ramoops",
                "cma",
                "menu",
                "bootconfig",
                "treeconfig",
                "config",
                "printk",
                "panic",
                "tainted",
                "lockdep",
                "bootid",
                "users",
                "systemdpstore",
                "mounted",
                "readable",
                "watchdogs",
                "free");
        for (int round = 0; round < 300; round++) {
            Given given = new Given(folder);
            for (String name : names) {
                if (random.nextBoolean()) {
                    given.answers(name, noise(random));
                }
            }

            assertThat(LintText.lines(given.lint()))
                    .isNotEmpty()
                    .allSatisfy(line -> assertThat(line.codePoints()
                                    .filter(Character::isISOControl)
                                    .count())
                            .as("control characters in %s", line)
                            .isZero());
        }
    }

    private static String noise(Random random) {
        StringBuilder text = new StringBuilder();
        String[] pieces = {
            "memmap=\u001b[2J$1",
            "50000000-500fffff : System RAM\n",
            "\u0000",
            "\n",
            "LABEL safe\nAPPEND \u001b]0;x\u0007\n",
            "ramoops@5/reg ffff\n",
            "#size-cells 00000001\n",
            "a@b/compatible 72616d6f6f707300\n",
            "99999999999999999999",
            "mem_size=9223372036854775807\n",
            "-1",
            "cma: Reserved 9999999 MiB at 0xffffffffffffffff\n",
            "\u009b31m",
            "\"",
            "é",
            "anna\u001b[31m tty\n",
            "ffffffffffffffff-0 : reserved\n",
            "CONFIG_LOCALVERSION=\"\u001b\"\n",
            "%s %n",
            "yes\n"
        };
        for (int i = random.nextInt(6); i >= 0; i--) {
            text.append(pieces[random.nextInt(pieces.length)]);
        }
        return text.toString();
    }
}
