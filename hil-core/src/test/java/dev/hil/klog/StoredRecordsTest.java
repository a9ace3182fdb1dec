package dev.hil.klog;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What pstore left: parts, several records in one stream, error correction. */
class StoredRecordsTest {

    private static final String BEFORE = """
            <6>[    9.000001] usb 1-1: new high-speed USB device
            <4>[   41.100001] ------------[ cut here ]------------
            <4>[   41.100002] WARNING: CPU: 1 PID: 99 at fs/inode.c:340 drop_nlink+0x29/0x40
            <4>[   41.100003] CPU: 1 PID: 99 Comm: cat Not tainted 6.12.1 #1
            """;
    private static final String AFTER = """
            <4>[   41.100004] Call trace:
            <4>[   41.100005]  drop_nlink+0x29/0x40
            <4>[   41.100006]  vfs_unlink+0x28/0x90
            <4>[   41.100007] ---[ end trace 0000000000000000 ]---
            <0>[   42.000001] Kernel panic - not syncing: Attempted to kill init! exitcode=0x0000000b
            """;
    private static final String DAMAGED = "\nECC: 12 Corrected bytes, 3 unrecoverable blocks\n";

    private static KlogResult scan(String log) {
        KlogResult result = CorpusTest.scan(log.getBytes(StandardCharsets.UTF_8));
        List<Finding> streamed = new ArrayList<>();
        KlogScanner scanner = new KlogScanner(new KlogListener() {
            @Override
            public void finding(Finding finding) {
                streamed.add(finding);
            }
        });
        byte[] bytes = log.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < bytes.length; i += 7) {
            scanner.accept(bytes, i, Math.min(7, bytes.length - i));
        }
        scanner.finish();
        assertThat(streamed).hasSameSizeAs(result.findings());
        return result;
    }

    private static void assertWholeRecord(KlogResult result) {
        assertThat(result.findings()).extracting(Finding::kind).containsExactly(Kind.WARN_ON, Kind.PANIC);
        assertThat(result.findings().get(0).complete()).isTrue();
        assertThat(result.findings().get(0).lines()).hasSize(7);
        assertThat(result.boots()).singleElement().extracting(Boot::end).isEqualTo(Boot.End.DIED);
    }

    @Test
    void partsAreReadFromTheOldest() {
        assertWholeRecord(scan("Panic#1 Part2\n" + BEFORE + "Panic#1 Part1\n" + AFTER));
    }

    @Test
    void partsThatStandNewestFirstAreReadFromTheOldestToo() {
        KlogResult result = scan("Panic#1 Part1\n" + AFTER + "Panic#1 Part2\n" + BEFORE);
        assertThat(result.findings()).extracting(Finding::kind).containsExactlyInAnyOrder(Kind.WARN_ON, Kind.PANIC);
        Finding warning = result.findings().stream()
                .filter(finding -> finding.kind() == Kind.WARN_ON)
                .findFirst()
                .orElseThrow();
        assertThat(warning.complete()).isTrue();
        assertThat(warning.lines()).hasSize(7);
        assertThat(warning.firstLine()).isEqualTo(9);
        assertThat(warning.lastLine()).isEqualTo(5);
        assertThat(result.boots()).hasSize(1);
    }

    @Test
    void recordsOfSeveralEventsAreKeptApart() {
        KlogResult result = scan("Oops#1 Part1\n" + BEFORE + "Panic#2 Part1\n" + AFTER);
        assertThat(result.findings()).first().satisfies(finding -> {
            assertThat(finding.kind()).isEqualTo(Kind.WARN_ON);
            assertThat(finding.complete()).isFalse();
        });
    }

    @Test
    void correctedErrorsLowerNothing() {
        assertWholeRecord(
                scan("Panic#1 Part1\n" + BEFORE + AFTER + "\nECC: 12 Corrected bytes, 0 unrecoverable blocks\n"));
        assertWholeRecord(scan("Panic#1 Part1\n" + BEFORE + AFTER + "\nECC: No errors detected\n"));
        assertWholeRecord(scan("Panic#1 Part1\n" + BEFORE + AFTER + "\n12 Corrected bytes, 0 unrecoverable blocks\n"));
    }

    @Test
    void whatCouldNotBeMendedIsShownAndNothingInItIsComplete() {
        for (String header : List.of("Panic#1 Part1\n", "")) {
            KlogResult result = scan(header + BEFORE + AFTER + DAMAGED);
            assertThat(result.findings())
                    .extracting(Finding::kind)
                    .containsExactlyInAnyOrder(Kind.DAMAGED_RECORD, Kind.WARN_ON, Kind.PANIC);
            assertThat(result.findings())
                    .filteredOn(finding -> finding.kind() != Kind.DAMAGED_RECORD)
                    .noneMatch(Finding::complete);
            assertThat(result.findings())
                    .filteredOn(finding -> finding.kind() == Kind.DAMAGED_RECORD)
                    .singleElement()
                    .satisfies(damage -> {
                        assertThat(damage.firstLine()).isEqualTo(1);
                        assertThat(damage.title()).contains("3 unrecoverable blocks");
                    });
        }
    }

    @Test
    void aCleanTextWithLossesIsNotClean() {
        assertThat(scan("<6>[    9.000001] usb 1-1: new high-speed USB device\n" + DAMAGED)
                        .findings())
                .extracting(Finding::kind)
                .containsExactly(Kind.DAMAGED_RECORD);
    }

    @Test
    void oneDamagedRecordSaysNothingOfTheNext() {
        KlogResult result = scan("Panic#1 Part1\n" + BEFORE + AFTER + DAMAGED + "Panic#1 Part1\n"
                + BEFORE.replace("41.", "43.") + AFTER.replace("41.", "43.").replace("42.", "44.")
                + "\nECC: No errors detected\n");
        assertThat(result.findings()).extracting(Finding::complete).containsExactly(true, false, false, true, false);
    }

    @Test
    void theEndOfALogTellsBeforehand() {
        assertThat(KlogScanner.endsDamaged(("x\n" + DAMAGED).getBytes(StandardCharsets.UTF_8)))
                .isTrue();
        assertThat(KlogScanner.endsDamaged("x\n\nECC: No errors detected\n".getBytes(StandardCharsets.UTF_8)))
                .isFalse();
        assertThat(KlogScanner.endsDamaged(
                        "ECC: 5 Corrected bytes, 0 unrecoverable blocks\n".getBytes(StandardCharsets.UTF_8)))
                .isFalse();
        assertThat(KlogScanner.endsDamaged(new byte[0])).isFalse();
    }

    /** The lines of the parts come in an order that is not that of their numbers. */
    @Test
    void aBootMayBeginInAPartThatStandsLast() {
        StringBuilder drivers = new StringBuilder();
        for (int i = 0; i < 10; i++) {
            drivers.append("[    1.%06d] driver %d: probed\n".formatted(i * 1111 + 1, i));
        }
        String boot = "[    0.000000] Linux version 6.12.1 (hil@lab) #1 SMP\n" + drivers;
        KlogResult result = scan(boot + "[   60.000001] eth0: Link is Up\nPanic#1 Part1\n" + AFTER + "Panic#1 Part2\n"
                + boot.replace("    1.", "    2.") + BEFORE);
        assertThat(result.boots()).hasSize(2);
        assertThat(result.findings()).extracting(Finding::kind).contains(Kind.WARN_ON, Kind.PANIC);
    }

    /** A record that never ends is not held back for ever. */
    @Test
    void memoryIsBoundedWhateverComes() {
        StringBuilder log = new StringBuilder("Panic#1 Part1\n");
        for (int i = 0; i < 200_000; i++) {
            log.append("<6>[    9.000001] usb 1-1: new high-speed USB device\n");
        }
        log.append(BEFORE).append(AFTER);
        assertWholeRecord(CorpusTest.scan(log.toString().getBytes(StandardCharsets.UTF_8)));
    }
}
