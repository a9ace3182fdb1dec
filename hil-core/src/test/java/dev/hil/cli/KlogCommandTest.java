package dev.hil.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class KlogCommandTest {

    private static final String ATOMIC = """
            [    1.000000] Lock dependency validator: Copyright (c) 2006 Red Hat, Inc., Ingo Molnar
            [    2.000000] BUG: sleeping function called from invalid context at kernel/locking/mutex.c:585
            [    2.000001] Call trace:
            [    2.000002]  __might_resched+0x15c/0x240
            [    2.000003]  rga_resume+0x24/0x60
            [    2.000004]  el0t_64_sync+0x190/0x194
            [    3.000000] usb 1-1: new high-speed USB device
            """;

    @TempDir
    Path directory;

    private record Run(int exit, String out, String err) {
        List<String> lines() {
            return out.lines().toList();
        }
    }

    private static Run run(String... args) {
        PrintStream stdout = System.out;
        PrintStream stderr = System.err;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        try {
            System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
            System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
            int exit = new CommandLine(new Main()).execute(args);
            return new Run(exit, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
        } finally {
            System.setOut(stdout);
            System.setErr(stderr);
        }
    }

    private String file(String name, String text) throws Exception {
        return Files.writeString(directory.resolve(name), text).toString();
    }

    @Test
    void printsOneObjectPerFindingAndASummary() throws Exception {
        String log = file("a \"log\"", ATOMIC);
        Run run = run("klog", "--json", log);
        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.lines()).hasSize(2);
        JsonNode finding = new ObjectMapper().readTree(run.lines().get(0));
        assertThat(finding.get("file").asText()).isEqualTo(log);
        assertThat(finding.get("category").asText()).isEqualTo("atomic");
        assertThat(finding.get("kind").asText()).isEqualTo("sleep");
        assertThat(finding.get("severity").asText()).isEqualTo("bug");
        assertThat(finding.get("expected").asBoolean()).isFalse();
        assertThat(finding.get("known").asBoolean()).isFalse();
        assertThat(finding.get("complete").asBoolean()).isTrue();
        assertThat(finding.get("fingerprint").asText()).hasSize(16);
        assertThat(finding.get("fingerprintFine").asText()).hasSize(16);
        assertThat(finding.get("boot").asInt()).isZero();
        assertThat(finding.get("firstLine").asInt()).isEqualTo(2);
        assertThat(finding.get("lastLine").asInt()).isEqualTo(6);
        assertThat(finding.get("locks").isArray()).isTrue();
        JsonNode summary = new ObjectMapper().readTree(run.lines().get(1)).get("summary");
        assertThat(summary.get("findings").asInt()).isEqualTo(1);
        assertThat(summary.get("lockdep").asText()).isEqualTo("PROVEN_POSSIBLE");
        assertThat(summary.get("boots").asInt()).isEqualTo(1);
    }

    @Test
    void exitsWithZeroWhenNothingIsFound() throws Exception {
        Run run = run("klog", file("quiet", "[    1.000000] usb 1-1: new device\n"));
        assertThat(run.exit()).isZero();
        assertThat(run.out()).contains("lockdep NOT_SEEN");
    }

    @Test
    void exitsWithTwoWhenAFileCannotBeReadButReadsTheOthers() throws Exception {
        Run run = run("klog", "--json", directory.resolve("none").toString(), file("log", ATOMIC));
        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.err()).contains("no such file");
        assertThat(run.lines()).hasSize(2);
    }

    @Test
    void marksWhatIsKnownAndNamesWhatIsNot() throws Exception {
        String known = file("known", "# ours\ntitle ^sleeping function | fix is queued\ntitle nothing | gone\n");
        Run run = run("klog", "--json", "--known", known, file("log", ATOMIC));
        assertThat(new ObjectMapper().readTree(run.lines().get(0)).get("known").asBoolean())
                .isTrue();
        assertThat(run.err()).contains(known + ":3: matched nothing (gone)").doesNotContain("queued");
    }

    @Test
    void rejectsAKnownIssuesFileItDoesNotUnderstand() throws Exception {
        Run run = run("klog", "--known", file("known", "title ( | broken\n"), file("log", ATOMIC));
        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.err()).contains("line 1");
    }

    @Test
    void knownAndExpectedFindingsFailUnlessOnlyNewOnesShall() throws Exception {
        String log = file("log", ATOMIC);
        String known = file("known", "title ^sleeping function | fix is queued | 2999-12-31\n");
        assertThat(run("klog", "--known", known, log).exit()).isEqualTo(1);
        Run run = run("klog", "--only-new", "--known", known, log);
        assertThat(run.exit()).isZero();
        assertThat(run.out()).contains("(known: fix is queued)");
        assertThat(run("klog", "--only-new", log).exit()).isEqualTo(1);
    }

    @Test
    void anExpiredEntryHoldsNoMoreAndIsNamed() throws Exception {
        String known = file("known", "title ^sleeping function | fix is queued | 2020-12-31\n");
        Run run = run("klog", "--only-new", "--known", known, file("log", ATOMIC));
        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.err()).contains(known + ":1: expired on 2020-12-31 (fix is queued)");
    }

    @Test
    void readsThePartsOfARecordAsOneLog() throws Exception {
        String head = ATOMIC.lines().limit(3).collect(Collectors.joining("\n", "Oops#1 Part2\n", "\n"));
        String rest = ATOMIC.lines().skip(3).collect(Collectors.joining("\n", "Oops#1 Part1\n", "\n"));
        String newest = file("dmesg-efi_pstore-170000000001001", rest);
        String oldest = file("dmesg-efi_pstore-170000000002001", head);
        Run run = run("klog", "--json", newest, oldest);
        assertThat(run.lines()).hasSize(3);
        JsonNode finding = new ObjectMapper().readTree(run.lines().get(0));
        assertThat(finding.get("file").asText()).isEqualTo(oldest);
        assertThat(finding.get("firstLine").asInt()).isEqualTo(3);
        assertThat(finding.get("complete").asBoolean()).isTrue();
        assertThat(run.lines().get(1)).contains(oldest, "\"findings\":1");
        assertThat(run.lines().get(2)).contains(newest, "\"findings\":0");
    }

    @Test
    void keepsRecordsOfOnePartApart() throws Exception {
        String first = file("dmesg-ramoops-0", "Oops#1 Part1\n" + ATOMIC);
        String second = file("dmesg-ramoops-1", "Oops#1 Part1\n" + ATOMIC);
        Run run = run("klog", "--json", first, second);
        assertThat(run.lines()).hasSize(4);
        assertThat(run.lines().get(0)).contains(first);
        assertThat(run.lines().get(2)).contains(second);
    }

    @Test
    void saysWhenStoredMemoryIsDamaged() throws Exception {
        Run run = run(
                "klog",
                "--json",
                file("console-ramoops-0", ATOMIC + "\nECC: 4 Corrected bytes, 2 unrecoverable blocks\n"));
        assertThat(run.lines()).hasSize(3);
        assertThat(new ObjectMapper()
                        .readTree(run.lines().get(0))
                        .get("complete")
                        .asBoolean())
                .isFalse();
        assertThat(run.lines().get(1)).contains("damaged-record", "2 unrecoverable blocks");
    }

    @Test
    void aDirectoryCannotBeRead() {
        Run run = run("klog", directory.toString());
        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.err()).contains(directory.toString()).containsIgnoringCase("is a directory");
    }

    @Test
    void anEmptyFileAndBinaryRubbishHaveNoFindings() throws Exception {
        byte[] rubbish = new byte[100_000];
        new Random(1).nextBytes(rubbish);
        Path binary = Files.write(directory.resolve("binary"), rubbish);
        Run run = run("klog", "--json", file("empty", ""), binary.toString());
        assertThat(run.exit()).isZero();
        assertThat(run.lines()).hasSize(2).allMatch(line -> line.contains("\"findings\":0"));
    }
}
