package dev.hil.lint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.hil.board.DefinitionException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each rule, on a board without fault that is spoilt in one place. */
class RulesTest {
    private static final String APPEND = "append = \"panic=1 loglevel=7\"";
    private static final String NODE = "declared = \"device-tree\"";

    @TempDir
    Path folder;

    @Test
    void theBoardWithoutFaultHasNone() {
        LintReport report = new Given(folder).lint();

        assertThat(report.findings()).isEmpty();
        assertThat(report.notChecked()).isEmpty();
        assertThat(report.rules()).isEqualTo(Linter.rules().size());
    }

    static Stream<Arguments> spoilt() {
        return Stream.of(
                spoil("memmap", Severity.ERROR, "memmap=1M$0x50000000", g -> append(g, "panic=1 memmap=1M$0x50000000")),
                spoil(
                        "memmap",
                        Severity.ERROR,
                        "/proc/cmdline of given",
                        g -> g.answers("cmdline", "root=/dev/vda1 memmap=1M$0x50000000")),
                spoil(
                        "ramoops-declared",
                        Severity.ERROR,
                        "nothing reserves it",
                        g -> g.with(NODE, "declared = \"command-line\"")),
                spoil(
                        "ramoops-declared",
                        Severity.ERROR,
                        "second region",
                        g -> append(g, "panic=1 ramoops.mem_address=0x50000000")),
                spoil(
                        "ramoops-declared",
                        Severity.ERROR,
                        "documented from 6.12 on",
                        g -> g.with(NODE, "declared = \"reserve_mem\"")),
                spoil(
                        "ramoops-declared",
                        Severity.ERROR,
                        "lacks reserve_mem=",
                        g -> g.with(NODE, "declared = \"reserve_mem\"")),
                spoil(
                        "ramoops-declared",
                        Severity.WARNING,
                        "best effort",
                        g -> g.with(NODE, "declared = \"reserve_mem\"")),
                spoil(
                        "ramoops-reserved",
                        Severity.ERROR,
                        "plain System RAM",
                        g -> g.answers("iomem", Given.IOMEM.replace("  50000000-500fffff : reserved\n", ""))),
                spoil(
                        "ramoops-reserved",
                        Severity.ERROR,
                        "no node compatible with ramoops",
                        g -> g.answers("reserved", Given.RESERVED.replace("72616d6f6f707300", "6162"))),
                spoil(
                        "ramoops-reserved",
                        Severity.ERROR,
                        "has 0x100000 bytes at 0x50000000",
                        g -> g.with("size = 0x100000", "size = 0x80000")),
                spoil(
                        "ramoops-reserved",
                        Severity.ERROR,
                        "console-size 0x40000, the definition has 0x20000",
                        g -> g.with("console_size = 0x40000", "console_size = 0x20000")),
                spoil(
                        "ramoops-reserved",
                        Severity.ERROR,
                        "the running ramoops uses",
                        g -> g.answers("ramoops", "mem_address=1073741824\nmem_size=1048576\n")),
                spoil(
                        "ramoops-place",
                        Severity.ERROR,
                        "U-Boot's ramdisk_addr_r",
                        g -> g.with("address = 0x50000000", "address = 0x44000000")),
                spoil(
                        "ramoops-place",
                        Severity.ERROR,
                        "CMA of the running kernel",
                        g -> g.answers("cma", "[    0.000000] cma: Reserved 32 MiB at 0x000000004f000000\n")),
                spoil(
                        "ramoops-place",
                        Severity.ERROR,
                        "CMA of the running kernel",
                        g -> g.answers(
                                "cma",
                                "[ 0.0] Reserved memory: created CMA memory pool at 0x0000000050000000, size 1 MiB\n")),
                spoil(
                        "ramoops-geometry",
                        Severity.ERROR,
                        "no power of two",
                        g -> g.with("record_size = 0x20000", "record_size = 0x30000")),
                spoil(
                        "ramoops-geometry",
                        Severity.ERROR,
                        "no number to the kernel",
                        g -> append(g, "panic=1 ramoops.mem_size=1M")),
                spoil(
                        "ramoops-geometry",
                        Severity.ERROR,
                        "but the definition has ramoops.size = 0x100000",
                        g -> append(g, "panic=1 ramoops.mem_size=0x200000")),
                spoil("ramoops-ecc", Severity.WARNING, "no error correction", g -> g.with("ecc = 16", "ecc = 0")),
                spoil(
                        "ramoops-ecc",
                        Severity.WARNING,
                        "no error correction",
                        g -> append(g, "panic=1 ramoops.mem_size=0x100000 ramoops.ecc=0")
                                .with("ecc = 16\n", "")),
                spoil(
                        "log-level",
                        Severity.ERROR,
                        "line 3, label lockdep: quiet",
                        g -> g.answers(
                                "menu",
                                "LABEL safe\nLINUX /a\nLABEL lockdep\nLINUX /b\nAPPEND panic=1 loglevel=7 quiet\n")),
                spoil(
                        "memmap",
                        Severity.ERROR,
                        "line 3, label lockdep",
                        g -> g.answers(
                                "menu",
                                "LABEL safe\nLINUX /a\nLABEL lockdep\nLINUX /b\nAPPEND panic=1 loglevel=7 memmap=1M$1\n")),
                spoil("ramoops-ecc", Severity.WARNING, "special value", g -> g.with("ecc = 16", "ecc = 1")),
                spoil(
                        "ramoops-survives",
                        Severity.WARNING,
                        "watchdog",
                        g -> g.with("[\"panic\", \"watchdog\"]", "[\"panic\"]")),
                spoil(
                        "dump-oops",
                        Severity.WARNING,
                        "ramoops.dump_oops=1",
                        g -> append(g, "panic=1 ramoops.dump_oops=1")),
                spoil(
                        "module-name",
                        Severity.ERROR,
                        "pstore_ram",
                        g -> g.with(APPEND, APPEND + "\nmodules = [\"pstore_ram\"]")),
                spoil(
                        "pstore-built-in",
                        Severity.ERROR,
                        "PSTORE_RAM=m",
                        g -> g.with("PSTORE_RAM = \"y\"", "PSTORE_RAM = \"m\"")),
                spoil(
                        "pstore-built-in",
                        Severity.ERROR,
                        "PSTORE=n",
                        g -> g.with("PSTORE = \"y\"\n", "").answers("bootconfig", "CONFIG_X=y\n")),
                spoil(
                        "console-capture",
                        Severity.ERROR,
                        "no splat will survive",
                        g -> g.with("PSTORE_CONSOLE = \"y\"", "PSTORE_CONSOLE = \"n\"")),
                spoil(
                        "console-capture",
                        Severity.ERROR,
                        "no part of the region",
                        g -> g.with("console_size = 0x40000", "console_size = 0")),
                spoil("console-capture", Severity.NOTE, "panic_on_warn", g -> append(g, "panic=1 panic_on_warn")),
                spoil(
                        "systemd-pstore",
                        Severity.ERROR,
                        "and the board has systemd-pstore",
                        g -> g.with(APPEND, APPEND + "\npstore = [\"/sys/fs/pstore\"]")
                                .answers("systemdpstore", "yes\n")),
                spoil(
                        "systemd-pstore",
                        Severity.ERROR,
                        "/sys/fs/pstore only",
                        g -> g.with(APPEND, APPEND + "\npstore = [\"/sys/fs/pstore\"]")
                                .silent("systemdpstore")),
                spoil("pstore-readable", Severity.ERROR, "no pstore is mounted", g -> g.answers("mounted", "no\n")),
                spoil("pstore-readable", Severity.ERROR, "cannot be listed", g -> g.answers("readable", "no\n")),
                spoil("log-level", Severity.ERROR, "quiet keeps lockdep's splats", g -> append(g, "panic=1 quiet")),
                spoil(
                        "log-level",
                        Severity.ERROR,
                        "loglevel=4 keeps lockdep's splats",
                        g -> append(g, "panic=1 debug loglevel=4")),
                spoil(
                        "log-level",
                        Severity.WARNING,
                        "loglevel=5 keeps part",
                        g -> append(g, "panic=1 quiet loglevel=5")),
                spoil("log-level", Severity.WARNING, "console log level 4", g -> g.answers("printk", "4 4 1 7\n")),
                spoil("panic-reboots", Severity.WARNING, "panic is 0", g -> append(g, "panic=0")),
                spoil(
                        "panic-reboots",
                        Severity.WARNING,
                        "panic is 0",
                        g -> append(g, "loglevel=7").silent("menu").answers("bootconfig", "CONFIG_PANIC_TIMEOUT=0\n")),
                spoil(
                        "lockdep-on",
                        Severity.ERROR,
                        "PROVE_LOCKING=n",
                        g -> g.with("PROVE_LOCKING = \"y\"", "PROVE_LOCKING = \"n\"")),
                spoil(
                        "lockdep-on",
                        Severity.ERROR,
                        "turns lockdep's proofs off",
                        g -> append(g, "panic=1 lockdep.prove_locking=0")),
                spoil("lockdep-on", Severity.WARNING, "tainted (4097)", g -> g.answers("tainted", "4097\n")),
                spoil(
                        "lockdep-on",
                        Severity.WARNING,
                        "debug_locks is 0",
                        g -> g.answers("lockdep", " debug_locks:                             0\n")),
                spoil(
                        "lockdep-banner",
                        Severity.ERROR,
                        "lockdep is ENABLED",
                        g -> g.with(APPEND, APPEND + "\nlog = [\"lockdep is ENABLED\"]")),
                spoil(
                        "prove-rcu",
                        Severity.ERROR,
                        "PROVE_RCU cannot be left out",
                        g -> g.with("[plan.config]", "[plan.config]\nPROVE_RCU = \"n\"")),
                spoil(
                        "prove-rcu",
                        Severity.ERROR,
                        "DEBUG_MUTEXES cannot be left out",
                        g -> g.with("[plan.config]", "[plan.config]\nDEBUG_MUTEXES = \"n\"")),
                spoil(
                        "config-took",
                        Severity.ERROR,
                        "DEBUG_FOO is n, not y",
                        g -> g.with("[plan.config]", "[plan.config]\nDEBUG_FOO = \"y\"")),
                spoil(
                        "local-version",
                        Severity.ERROR,
                        "the release becomes 6.1.192-x-lockdep, not",
                        g -> g.with("[plan.config]", "[plan.config]\nLOCALVERSION = \"-x\"")),
                spoil(
                        "local-version",
                        Severity.ERROR,
                        "replaces \"-devices\" if that was set the same way, as it was",
                        g -> g.with("make = [\"LOCALVERSION=-lockdep\"]", "make = []")
                                .with("6.1.192-lockdep", "6.1.192-devices-lockdep+")
                                .with("[plan.config]", "[plan.config]\nLOCALVERSION = \"-lockdep\"")
                                .answers("treeconfig", "CONFIG_LOCALVERSION=\"-devices\"\n")),
                spoil(
                        "local-version",
                        Severity.ERROR,
                        "ends in +",
                        g -> g.with("release = \"6.1.192-lockdep\"", "release = \"6.1.192-lockdep+\"")),
                spoil(
                        "local-version",
                        Severity.ERROR,
                        "does not end in \"-lockdep\"",
                        g -> g.with("release = \"6.1.192-lockdep\"", "release = \"6.1.192-other\"")),
                spoil(
                        "local-version",
                        Severity.WARNING,
                        "LOCALVERSION_AUTO=y",
                        g -> g.with("[plan.config]", "[plan.config]\nLOCALVERSION_AUTO = \"y\"")),
                spoil(
                        "module-tree",
                        Severity.ERROR,
                        "is the release of the kernel to go back to",
                        g -> g.with("6.1.192-safe", "6.1.192-lockdep")),
                spoil(
                        "module-tree",
                        Severity.ERROR,
                        "the safe label \"lockdep\" boots /boot/Image-6.1.192-lockdep",
                        g -> g.with("safe = \"safe\"\ntest = \"lockdep\"", "safe = \"lockdep\"\ntest = \"safe\"")),
                spoil(
                        "free-space",
                        Severity.ERROR,
                        "/boot has 9 MiB left",
                        g -> g.answers("free", "/dev/mmcblk0p1 262144 252928 9216 97% /boot\n")),
                spoil(
                        "way-back",
                        Severity.ERROR,
                        "becomes DEFAULT",
                        g -> g.with("recovery = \"a recovery stick\"\n", "")),
                spoil(
                        "boot-menu",
                        Severity.ERROR,
                        "has no label \"good\"",
                        g -> g.with("safe = \"safe\"", "safe = \"good\"")),
                spoil(
                        "boot-menu",
                        Severity.ERROR,
                        "boot the same image",
                        g -> g.answers(
                                "menu",
                                "LABEL safe\nLINUX /boot/a\nLABEL lockdep\nLINUX /boot/a\nAPPEND panic=1 loglevel=7\n")),
                spoil(
                        "boot-menu",
                        Severity.WARNING,
                        "DEFAULT is \"lockdep\"",
                        g -> g.answers(
                                "menu",
                                "DEFAULT lockdep\nLABEL safe\nLINUX /a\nLABEL lockdep\nLINUX /b\nAPPEND panic=1 loglevel=7\n")),
                spoil("planned-append", Severity.ERROR, "lacks [panic=5]", g -> append(g, "panic=5 loglevel=7")),
                spoil("reset-reason", Severity.WARNING, "no watchdog", g -> g.answers("watchdogs", "")),
                spoil(
                        "reset-reason",
                        Severity.NOTE,
                        "has no bootstatus",
                        g -> g.answers("watchdogs", "Synopsys DesignWare Watchdog\n")),
                spoil("boot-id", Severity.ERROR, "no reset can be seen", g -> g.silent("bootid")),
                spoil(
                        "serial-speed",
                        Severity.WARNING,
                        "1500000 baud",
                        g -> g.and("[console]\ndevice = \"/dev/ttyUSB0\"\nbaud = 1500000")),
                spoil(
                        "grub-dollar",
                        Severity.ERROR,
                        "x=$y",
                        g -> append(g, "panic=1 x=$y").with("/boot/extlinux/extlinux.conf", "/boot/grub/grub.cfg")),
                spoil(
                        "attended",
                        Severity.WARNING,
                        "logged in: anna, otto",
                        g -> g.answers("users", "anna     tty1    2026-11-22\nanna     pts/0\notto pts/1\n")));
    }

    private static Arguments spoil(String rule, Severity severity, String text, UnaryOperator<Given> how) {
        return Arguments.of(rule, severity, text, how);
    }

    /** The plan's line in place of the good one; the menu has the good one still. */
    private static Given append(Given given, String line) {
        return given.with(APPEND, "append = '%s'".formatted(line));
    }

    @ParameterizedTest(name = "{0}: {2}")
    @MethodSource("spoilt")
    void isFound(String rule, Severity severity, String text, UnaryOperator<Given> how) {
        assertThat(how.apply(new Given(folder)).lint().findings()).anySatisfy(finding -> {
            assertThat(finding.rule()).isEqualTo(rule);
            assertThat(finding.severity()).isEqualTo(severity);
            assertThat(finding.where() + " " + finding.what()).contains(text);
        });
    }

    @Test
    void eachRuleIsSeenToFindSomething() {
        Set<Object> seen = spoilt().map(arguments -> arguments.get()[0]).collect(Collectors.toSet());

        assertThat(Linter.rules())
                .extracting(Rule::id)
                .containsExactlyInAnyOrderElementsOf(
                        seen.stream().map(String::valueOf).toList());
    }

    static Stream<Arguments> innocent() {
        return Stream.of(
                spoil(
                        "memmap",
                        Severity.ERROR,
                        "x86 knows it",
                        g -> append(g, "panic=1 memmap=1M$0x50000000").with("arch = \"arm64\"", "arch = \"x86\"")),
                spoil(
                        "log-level",
                        Severity.ERROR,
                        "ignore_loglevel overrules",
                        g -> append(g, "panic=1 quiet ignore_loglevel")),
                spoil("panic-reboots", Severity.ERROR, "-1 reboots at once", g -> append(g, "panic=-1")),
                spoil(
                        "panic-reboots",
                        Severity.ERROR,
                        "built in",
                        g -> append(g, "loglevel=7").silent("menu").answers("bootconfig", "CONFIG_PANIC_TIMEOUT=10\n")),
                spoil(
                        "systemd-pstore",
                        Severity.ERROR,
                        "no systemd on the board",
                        g -> g.with(APPEND, APPEND + "\npstore = [\"/sys/fs/pstore\"]")),
                spoil(
                        "local-version",
                        Severity.ERROR,
                        "from a localversion file",
                        g -> g.with("make = [\"LOCALVERSION=-lockdep\"]", "make = []")
                                .with("6.1.192-lockdep", "6.1.192-devices-lockdep+")
                                .with("[plan.config]", "[plan.config]\nLOCALVERSION = \"-lockdep\"")),
                spoil(
                        "local-version",
                        Severity.ERROR,
                        "as the safe kernel's",
                        g -> g.with("6.1.192-lockdep", "6.1.192-devices-lockdep")
                                .with("6.1.192-safe", "6.1.192-devices+")
                                .silent("treeconfig")),
                spoil(
                        "prove-rcu",
                        Severity.ERROR,
                        "without PROVE_LOCKING",
                        g -> g.with("PROVE_LOCKING = \"y\"", "PROVE_LOCKING = \"n\"\nPROVE_RCU = \"n\"")),
                spoil(
                        "way-back",
                        Severity.ERROR,
                        "a serial line",
                        g -> g.with("recovery = \"a recovery stick\"\n", "")
                                .and("[console]\ndevice = \"/dev/ttyUSB0\"")),
                spoil("ramoops-ecc", Severity.ERROR, "as the node has it", g -> g.with("ecc = 16\n", "")),
                spoil(
                        "attended",
                        Severity.ERROR,
                        "they are asked",
                        g -> g.with("\"free\"", "\"ask\"").answers("users", "anna tty1\n")),
                spoil("grub-dollar", Severity.ERROR, "extlinux", g -> append(g, "panic=1 x=$y")));
    }

    @ParameterizedTest(name = "{0}: {2}")
    @MethodSource("innocent")
    void isNotFound(String rule, Severity severity, String text, UnaryOperator<Given> how) {
        assertThat(how.apply(new Given(folder)).lint().findings())
                .as(text)
                .extracting(LintFinding::rule)
                .doesNotContain(rule);
    }

    /** A rule whose facts are not known must not be silent. */
    @Test
    void whatIsNotKnownIsNotTakenForClean() {
        Given silent = new Given(folder);
        LintReport report = Linter.run(Facts.offline(silent.definition()));

        assertThat(report.findings()).isEmpty();
        assertThat(report.notChecked())
                .extracting(LintReport.NotChecked::rule)
                .contains(
                        "ramoops-reserved",
                        "ramoops-place",
                        "pstore-readable",
                        "log-level",
                        "lockdep-on",
                        "config-took",
                        "module-tree",
                        "free-space",
                        "boot-menu",
                        "planned-append",
                        "reset-reason",
                        "boot-id",
                        "attended");
        assertThat(report.notChecked()).allSatisfy(unknown -> {
            assertThat(unknown.what()).isNotBlank();
            assertThat(unknown.why()).contains("the board was not asked");
        });
    }

    @Test
    void aDefinitionWithoutAPlanSaysWhatItLacks() {
        Given bare = new Given(folder);
        String plan = "[plan]\nrelease = \"6.1.192-lockdep\"\nsafe_release = \"6.1.192-safe\"\n" + APPEND
                + "\nrecovery = \"a recovery stick\"\n[plan.config]\nPROVE_LOCKING = \"y\"\nPSTORE = \"y\"\n"
                + "PSTORE_RAM = \"y\"\nPSTORE_CONSOLE = \"y\"\n";
        LintReport report = Linter.run(Facts.offline(bare.with(plan, "").definition()));

        assertThat(report.notChecked())
                .extracting(LintReport.NotChecked::why)
                .anyMatch(why -> why.endsWith("given.toml has no plan.append"))
                .anyMatch(why -> why.endsWith("given.toml has no plan.release"));
    }

    @Test
    void whatTheOwnerAcceptsIsShownButDoesNotCount() {
        LintReport report = new Given(folder)
                .with("ecc = 16", "ecc = 0")
                .answers("reserved", Given.RESERVED.replace("ecc-size 00000010", "ecc-size 00000000"))
                .and("[lint.accept]\nramoops-ecc = \"old firmware\"")
                .lint();

        assertThat(report.findings()).isEmpty();
        assertThat(report.accepted()).singleElement().satisfies(accepted -> {
            assertThat(accepted.finding().rule()).isEqualTo("ramoops-ecc");
            assertThat(accepted.reason()).isEqualTo("old firmware");
        });
    }

    @Test
    void acceptingARuleThatThereIsNotIsAMistake() {
        Given given = new Given(folder).and("[lint.accept]\nno-such-rule = \"x\"");

        assertThatExceptionOfType(DefinitionException.class)
                .isThrownBy(given::lint)
                .withMessageContaining("no-such-rule")
                .withMessageContaining("given.toml:")
                .withMessageContaining("ramoops-ecc");
    }

    @Test
    void theWorstComesFirst() {
        List<Severity> order = append(new Given(folder), "quiet panic_on_warn panic=0").lint().findings().stream()
                .map(LintFinding::severity)
                .toList();

        assertThat(order)
                .contains(Severity.ERROR, Severity.WARNING, Severity.NOTE)
                .isSorted();
    }

    @Test
    void idsAreShortAndUnique() {
        List<String> ids = Linter.rules().stream().map(Rule::id).toList();

        assertThat(ids).doesNotHaveDuplicates().allMatch(id -> id.matches("[a-z]+(-[a-z]+)*"));
        assertThat(Arrays.asList(Severity.values())).hasSize(3);
        assertThat(Collections.max(ids.stream().map(String::length).toList())).isLessThan(20);
    }
}
