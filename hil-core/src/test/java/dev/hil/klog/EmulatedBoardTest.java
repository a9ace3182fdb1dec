package dev.hil.klog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.hil.klog.LockdepState.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Faults that the emulated board's test module committed, as console, /dev/kmsg and pstore recorded them. Made by {@link
 * dev.hil.bench.FaultRecorder}.
 */
class EmulatedBoardTest {

    private static Path folder() {
        Path here = Path.of("fixtures", "klog", "virtual");
        return Files.isDirectory(here) ? here : Path.of("..").resolve(here);
    }

    private static KlogResult scan(String name) throws IOException {
        return CorpusTest.scan(Files.readAllBytes(folder().resolve(name)));
    }

    /** Fault, kind, locks in the order in which they met, and what lockdep's silence is worth afterwards. */
    static Stream<Arguments> faults() {
        return Stream.of(
                arguments("abba", Kind.CIRCULAR, List.of("hil_abba_a", "hil_abba_b"), Verdict.SPLAT),
                arguments("recursive", Kind.RECURSIVE, List.of("&node->hil_node_lock"), Verdict.SPLAT),
                arguments(
                        "irq-inversion", Kind.IRQ_INVERSION, List.of("hil_irq_outer", "hil_irq_inner"), Verdict.SPLAT),
                arguments("sleep", Kind.SLEEP, List.of(), Verdict.PROVEN_POSSIBLE),
                arguments(
                        "dma-fence",
                        Kind.CIRCULAR,
                        List.of("reservation_ww_class_mutex", "dma_fence_map", "fs_reclaim"),
                        Verdict.SPLAT),
                arguments("rcu-usage", Kind.SUSP_RCU, List.of("sb_writers"), Verdict.SPLAT),
                arguments("rcu-stall", Kind.RCU_STALL, List.of(), Verdict.PROVEN_POSSIBLE),
                arguments("null", Kind.NULL_DEREF, List.of(), Verdict.BLIND),
                arguments("lock-classes", Kind.CAPACITY, List.of(), Verdict.BLIND),
                arguments("taint", Kind.TAINT_OFF, List.of(), Verdict.BLIND));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("faults")
    void eachChannelTellsTheFaultAndTheLocks(String fault, Kind kind, List<String> locks, Verdict lockdep)
            throws IOException {
        for (String channel : List.of("console", "kmsg", "console-ramoops-0")) {
            KlogResult result = scan(fault + "." + channel);

            assertThat(result.findings()).as(channel).singleElement().satisfies(finding -> {
                assertThat(finding.kind()).isEqualTo(kind);
                assertThat(finding.locks().stream().distinct()).containsExactlyElementsOf(locks);
                assertThat(finding.isUnexpected()).isTrue();
            });
        }
        // The console of the whole boot has the validator's banner; the other two begin where the fault does.
        assertThat(scan(fault + ".console-ramoops-0").lockdep()).isEqualTo(lockdep);
    }

    @Test
    void anOopsIsInTheRecordThatSurvivedToo() throws IOException {
        assertThat(scan("null.dmesg-ramoops-0").findings())
                .extracting(Finding::kind)
                .containsExactly(Kind.NULL_DEREF);
    }

    @Test
    void eachOopsOfALoopIsOne() throws IOException {
        for (String channel : List.of("console", "kmsg", "console-ramoops-0", "dmesg-ramoops-2")) {
            assertThat(scan("oops-loop." + channel).findings())
                    .as(channel)
                    .hasSizeGreaterThanOrEqualTo(3)
                    .allSatisfy(finding -> assertThat(finding.kind()).isEqualTo(Kind.NULL_DEREF))
                    .extracting(Finding::fingerprint)
                    .containsOnly(scan("null.kmsg").findings().get(0).fingerprint());
        }
    }

    /** Its absence is the finding: the log of the boot ends with neither farewell nor report, and firmware speaks. */
    @Test
    void aWedgeSaysNothing() throws IOException {
        assertThat(scan("wedge.kmsg").findings()).isEmpty();
        KlogResult survived = scan("wedge.console-ramoops-0");
        assertThat(survived.findings()).isEmpty();
        assertThat(survived.boots()).singleElement().extracting(Boot::end).isEqualTo(Boot.End.OPEN);
        assertThat(scan("wedge.console").findings()).extracting(Finding::kind).containsExactly(Kind.FIRMWARE_START);
    }
}
