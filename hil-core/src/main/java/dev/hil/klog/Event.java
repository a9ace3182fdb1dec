package dev.hil.klog;

import java.util.List;
import java.util.regex.Pattern;

/** Messages that tell of boots, resets and expectations rather than of defects. */
enum Event {
    LINUX_VERSION(p("^Linux version \\d"), "Linux version "),
    BOOTING_LINUX(p("^Booting Linux on "), "Booting Linux on "),
    FIRMWARE(
            p("^(?:U-Boot (?:SPL |TPL |20\\d\\d)|DDR (?:[0-9a-f]{8,}|Version)|NOTICE:  BL\\d+: +v"
                    + "|SeaBIOS \\(version|coreboot-\\S+ .* starting|Decompressing Linux\\.\\.\\.|Booting the kernel\\.$"
                    + "|Uncompressing Linux\\.\\.\\.|EFI stub: Booting Linux|OpenSBI v\\d|Starting kernel \\.\\.\\.$"
                    + "|BdsDxe: (?:loading|starting) Boot|Welcome to GRUB!|\\s+GNU GRUB  version"
                    + "|early console in (?:extract_kernel|setup code))"),
            "U-Boot SPL ",
            "U-Boot TPL ",
            "U-Boot 20",
            ",fwver: ",
            "DDR Version",
            "NOTICE:  BL",
            "SeaBIOS (version",
            "coreboot-",
            "Decompressing Linux...",
            "Booting the kernel.",
            "Uncompressing Linux...",
            "EFI stub: Booting",
            "OpenSBI v",
            "Starting kernel ...",
            "BdsDxe: ",
            "Welcome to GRUB",
            "GNU GRUB  version",
            "early console in "),
    JOURNAL_BOOT(p("^-- (?:Boot [0-9a-f]{32}|Reboot) --$"), "-- Boot ", "-- Reboot --"),
    PSTORE_RECORD(
            p("^(Panic|Oops|Emergency|Shutdown|Unknown|Restart|Halt|Poweroff)#(\\d+) Part(\\d+)$"),
            "Panic#",
            "Oops#",
            "Emergency#",
            "Shutdown#",
            "Unknown#",
            "Restart#",
            "Halt#",
            "Poweroff#"),
    ECC(
            p("^(?:ECC: )?(?:No errors detected|(\\d+) Corr(?:ected|upted) bytes, (\\d+) unrecoverable blocks)$"),
            "No errors detected",
            " unrecoverable blocks"),
    CLEAN_END(
            p("^(?:reboot: )?(?:Restarting system|Power down|System halted)|^reboot: machine restart"
                    + "|^kexec_core: Starting new kernel|^(?:sysrq: )?(?:SysRq : )?Resetting$|^sysrq: Power Off"
                    + "|^systemd-shutdown\\[\\d+\\]: (?:Syncing filesystems|Rebooting|Powering off|Halting)"
                    + "|^systemd\\[1\\]: (?:Shutting down|Reached target .*(?:Reboot|Power.?Off|Halt))"
                    + "|^systemd-journald\\[\\d+\\]: Journal stopped"
                    + "|^(?:Shutting down\\.|Journal stopped|The system is going down|Reached target .*(?:Reboot|Power.?Off))"
                    + "|The system will (?:reboot|power off|halt) now!"),
            "Restarting system",
            "Power down",
            "System halted",
            "reboot: machine restart",
            "kexec_core: Starting",
            "sysrq: Power Off",
            "Resetting",
            "systemd-shutdown[",
            "Shutting down",
            "Reached target ",
            "Journal stopped",
            "The system is going down",
            "The system will "),
    PANIC_REBOOT(p("^Rebooting in \\d+ seconds"), "Rebooting in "),
    WATCHDOG_LEFT(p("watchdog\\d*: watchdog did not stop!"), "watchdog did not stop!"),
    WATCHDOG_DEVICE(
            p("Using hardware watchdog |hardware timeout of |Set hardware watchdog to "),
            "ardware watchdog ",
            "hardware timeout of "),
    RESET_CAUSE(
            p("^Reset (?:cause|status|reason|Source): *\\S|Hardware watchdog reset"),
            "Reset cause:",
            "Reset status:",
            "Reset reason:",
            "Reset Source:",
            "Hardware watchdog reset"),
    LOCKDEP_BANNER(p("^Lock dependency validator: "), "Lock dependency validator: "),
    LOCKDEP_TABLE(
            p("^\\.\\.\\. MAX_LOCK\\w+: +\\d+$|^ *[a-z][a-z -]+: +\\d+ \\[max: \\d+\\]$"
                    + "|^ *debug_locks: +[01]$|^ *max locking depth: +\\d+$"),
            "... MAX_LOCK",
            " [max: ",
            "debug_locks: ",
            "max locking depth: "),
    LOCKDEP_IS_OFF(p("INFO: lockdep is turned off"), "INFO: lockdep is turned off"),
    DEBUG_LOCKS_ZERO(p("\\bdebug_locks = 0$"), "debug_locks = 0"),
    PROVE_LOCKING_OFF(p("^(?:Kernel c|C)ommand line:.*prove_locking=(?:0|n|N|off)\\b"), "prove_locking="),
    SYSRQ_CRASH(p("Trigger a crash"), "Trigger a crash"),
    LKDTM(p("^lkdtm: Performing (?:direct entry )?(\\w+)?"), "lkdtm: Performing"),
    KUNIT(p("^ *(?:KTAP version \\d|# Subtest: )"), "KTAP version ", "# Subtest: "),
    BACKTRACE_TEST(p("\\[ backtrace testing \\]"), "[ backtrace testing ]"),
    BACKTRACE_TEST_END(p("\\[ end of backtrace testing \\]"), "[ end of backtrace testing ]"),
    JOURNAL_EXPORT(p("^__CURSOR="), "__CURSOR=");

    private final Pattern pattern;

    @SuppressWarnings("ImmutableEnumChecker") // List.of, as each constant gives it
    private final List<String> literals;

    Event(Pattern pattern, String... literals) {
        this.pattern = pattern;
        this.literals = List.of(literals);
    }

    List<String> literals() {
        return literals;
    }

    Pattern pattern() {
        return pattern;
    }

    private static Pattern p(String regex) {
        return Pattern.compile(regex);
    }
}
