package dev.hil.board;

import dev.hil.link.Command;
import dev.hil.link.Shell;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What must be known of a boot while it runs, to judge its end afterwards. Read by the one command that also writes the
 * boot's {@link Canary}.
 *
 * @param bootId which boot answered
 * @param kmsgWritten whether the canary was written to /dev/kmsg
 * @param pmsgWritten whether it was written to /dev/pmsg0
 * @param consoleLevel messages below this level reach the consoles, that of ramoops among them (/proc/sys/kernel/printk);
 *     -1 if unknown
 * @param panicTimeout seconds from a panic to the restart, 0 for never (/proc/sys/kernel/panic); -1 if unknown
 * @param devkmsg what becomes of messages written to /dev/kmsg: {@code on}, {@code ratelimit} or {@code off}
 * @param backend of pstore, such as {@code ramoops}; empty where there is none
 * @param watchdogs the hardware watchdogs
 * @param started when the boot began, on the board's own clock
 * @param startedHere the same on this host's clock, by the board's uptime
 * @param journal whether the board keeps a journal
 * @param tainted /proc/sys/kernel/tainted
 */
record BootFacts(
        String bootId,
        boolean kmsgWritten,
        boolean pmsgWritten,
        int consoleLevel,
        int panicTimeout,
        String devkmsg,
        String backend,
        List<Watchdog> watchdogs,
        Optional<Instant> started,
        Optional<Instant> startedHere,
        boolean journal,
        long tainted) {

    /** The level that lockdep's reports are printed at (KERN_WARNING); a console shows what is below its own level. */
    private static final int WARNING = 4;

    /** Of /dev/watchdog's bootstatus, see include/uapi/linux/watchdog.h. */
    private static final Map<Long, String> BOOT_STATUS = Map.of(
            0x01L, "overheated",
            0x02L, "a fan failed",
            0x04L, "external relay 1",
            0x08L, "external relay 2",
            0x10L, "power was bad",
            0x20L, "the watchdog reset the board",
            0x40L, "power was over voltage");

    static final long CARD_RESET = 0x20;
    static final long POWER_UNDER = 0x10;

    /**
     * A hardware watchdog, as /sys/class/watchdog shows it.
     *
     * @param identity its driver's name for it
     * @param active whether it is running and must be petted
     * @param timeout after which it bites
     * @param bootStatus why the board was reset last, as bits; zero means <em>unknown</em>: many drivers never say
     */
    record Watchdog(String identity, boolean active, Duration timeout, long bootStatus) {
        String reason() {
            StringBuilder words = new StringBuilder();
            BOOT_STATUS.forEach((bit, text) -> {
                if ((bootStatus & bit) != 0) {
                    words.append(words.isEmpty() ? "" : ", ").append(text);
                }
            });
            return words.isEmpty() ? "unknown bits" : words.toString();
        }
    }

    private static final Pattern WATCHDOG = Pattern.compile("([^|]*)\\|([^|]*)\\|(\\d{0,9})\\|(\\d{0,18})");

    private static final Pattern CLOCK = Pattern.compile("(\\d{1,12}) (\\d{1,10}(?:\\.\\d{1,6})?)");

    private static final String READ = "v() { v=; [ -r \"$1\" ] && read -r v < \"$1\"; };"
            + " v /proc/sys/kernel/random/boot_id; echo \"boot $v\";"
            + " k=yes; for l in \"$@\"; do printf '<4>%s\\n' \"$l\" | as_root tee /dev/kmsg >/dev/null || k=no; done 2>/dev/null; echo \"kmsg $k\";"
            + " p=no; [ -c /dev/pmsg0 ] && printf '%s\\n' \"$@\" | as_root tee /dev/pmsg0 >/dev/null 2>&1 && p=yes; echo \"pmsg $p\";"
            + " v /proc/sys/kernel/printk; echo \"printk $v\"; v /proc/sys/kernel/panic; echo \"panic $v\";"
            + " v /proc/sys/kernel/printk_devkmsg; echo \"devkmsg $v\";"
            + " v /sys/module/printk/parameters/ignore_loglevel; echo \"ignore $v\";"
            + " v /sys/module/pstore/parameters/backend; echo \"backend $v\";"
            + " v /proc/sys/kernel/tainted; echo \"tainted $v\";"
            + " for w in /sys/class/watchdog/watchdog*; do [ -d \"$w\" ] || continue; o=;"
            + " for n in identity state timeout bootstatus; do v \"$w/$n\"; o=\"$o$v|\"; done; echo \"watchdog ${o%|}\"; done;"
            + " v /proc/uptime; echo \"clock $(date +%s) ${v%% *}\";"
            + " command -v journalctl >/dev/null && echo 'journal yes'; :";

    /** Writes the canary of a boot, and reads. */
    static BootFacts readAndMark(Shell shell, Canary canary) {
        List<String> lines = canary.blocks();
        return parse(shell.exec(
                        Command.rootScript(READ, lines.toArray(String[]::new)).timeout(Duration.ofSeconds(20)))
                .orThrow()
                .stdout());
    }

    static BootFacts parse(String text) {
        Map<String, String> values = new LinkedHashMap<>();
        List<Watchdog> watchdogs = new ArrayList<>();
        text.lines().forEach(line -> {
            int space = line.indexOf(' ');
            String key = space < 0 ? line : line.substring(0, space);
            String value = space < 0 ? "" : line.substring(space + 1).strip();
            Matcher watchdog = WATCHDOG.matcher(value);
            if (key.equals("watchdog") && watchdog.matches()) {
                watchdogs.add(new Watchdog(
                        watchdog.group(1),
                        watchdog.group(2).equals("active"),
                        Duration.ofSeconds(number(watchdog.group(3), 0)),
                        number(watchdog.group(4), 0)));
            } else {
                values.putIfAbsent(key, value);
            }
        });
        boolean ignore = "Y".equals(values.get("ignore"));
        String level = values.getOrDefault("printk", "").split("\\s", 2)[0];
        return new BootFacts(
                values.getOrDefault("boot", ""),
                "yes".equals(values.get("kmsg")),
                "yes".equals(values.get("pmsg")),
                ignore ? 15 : (int) number(level, -1),
                (int) number(values.getOrDefault("panic", ""), -1),
                values.getOrDefault("devkmsg", ""),
                values.getOrDefault("backend", "").equals("(null)") ? "" : values.getOrDefault("backend", ""),
                List.copyOf(watchdogs),
                started(values.getOrDefault("clock", "")),
                uptime(values.getOrDefault("clock", "")).map(Instant.now()::minus),
                "yes".equals(values.get("journal")),
                number(values.getOrDefault("tainted", ""), 0));
    }

    private static Optional<Duration> uptime(String clock) {
        Matcher matcher = CLOCK.matcher(clock);
        return matcher.matches()
                ? Optional.of(Duration.ofMillis((long) (Double.parseDouble(matcher.group(2)) * 1000)))
                : Optional.empty();
    }

    private static Optional<Instant> started(String clock) {
        Matcher matcher = CLOCK.matcher(clock);
        return matcher.matches()
                ? uptime(clock)
                        .map(up -> Instant.ofEpochSecond(Long.parseLong(matcher.group(1)))
                                .minus(up))
                : Optional.empty();
    }

    private static long number(String text, long otherwise) {
        return text.matches("\\d{1,18}") ? Long.parseLong(text) : otherwise;
    }

    /** Whether the kernel's warnings, and so lockdep's reports, reach the consoles. */
    boolean showsWarnings() {
        return consoleLevel < 0 || consoleLevel > WARNING;
    }

    /** The watchdog that is running, if any. */
    Optional<Watchdog> armed() {
        return watchdogs.stream().filter(Watchdog::active).findFirst();
    }
}
