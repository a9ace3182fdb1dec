package dev.hil.lint;

import dev.hil.board.BoardDefinition;
import dev.hil.boot.BootMenuException;
import dev.hil.boot.CommandLine;
import dev.hil.boot.ExtlinuxMenu;
import dev.hil.kernel.KernelConfig;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a board says of itself. It is hostile: what has not the form that is expected is not known, and what is known may
 * still be a lie.
 *
 * @param machine {@code uname -m}
 * @param compatible the device tree's names for the machine, the most special first
 * @param release of the running kernel
 * @param commandLine of the running kernel
 * @param iomem who has which physical addresses
 * @param reserved the nodes of the device tree's reserved-memory
 * @param ramoops the parameters that the running kernel's ramoops works with, by name; numbers
 * @param cma the areas that the kernel log names as CMA
 * @param menu the boot menu
 * @param runningConfig the configuration of the running kernel
 * @param bootConfig the configuration in /boot of the release that the plan expects
 * @param treeConfig the configuration in the kernel tree
 * @param logLevel the console's log level, the first number of /proc/sys/kernel/printk
 * @param panic /proc/sys/kernel/panic: seconds until a panic reboots, 0 for never
 * @param tainted the bits of /proc/sys/kernel/tainted
 * @param debugLocks whether lockdep is still on; of a kernel without it, not known
 * @param bootId the id of the running boot
 * @param users who is logged in
 * @param systemdPstore whether systemd-pstore is installed
 * @param pstoreMounted whether the pstore file system is mounted
 * @param pstoreReadable whether it can be listed with root's rights
 * @param watchdogs the names of the watchdog drivers
 * @param free KiB that are free, by mount point or folder
 */
public record BoardFacts(
        Fact<String> machine,
        Fact<List<String>> compatible,
        Fact<String> release,
        Fact<CommandLine> commandLine,
        Fact<IoMem> iomem,
        Fact<List<ReservedRegion>> reserved,
        Fact<Map<String, Long>> ramoops,
        Fact<List<MemoryUse>> cma,
        Fact<ExtlinuxMenu> menu,
        Fact<KernelConfig> runningConfig,
        Fact<KernelConfig> bootConfig,
        Fact<KernelConfig> treeConfig,
        Fact<Integer> logLevel,
        Fact<Integer> panic,
        Fact<Long> tainted,
        Fact<Boolean> debugLocks,
        Fact<String> bootId,
        Fact<List<String>> users,
        Fact<Boolean> systemdPstore,
        Fact<Boolean> pstoreMounted,
        Fact<Boolean> pstoreReadable,
        Fact<List<String>> watchdogs,
        Fact<Map<String, Long>> free) {

    private static final Pattern CMA_RESERVED = Pattern.compile("cma: Reserved (\\d{1,7}) MiB at 0x([0-9a-f]{1,16})");
    private static final Pattern CMA_POOL =
            Pattern.compile("created CMA memory pool at 0x([0-9a-f]{1,16}), size (\\d{1,7}) MiB");
    private static final Pattern RELEASE = Pattern.compile("[\\w.+~-]{1,64}");
    private static final Pattern UUID = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
    private static final Pattern DF = Pattern.compile("\\S+\\s+\\d+\\s+\\d+\\s+(\\d{1,15})\\s+\\S+\\s+(/.*)");

    /** Nothing but the reason why. */
    public static BoardFacts unknown(String why) {
        return of("", "the boot menu", "/boot/config-*", why, Map.of());
    }

    /**
     * Reads what the board answered.
     *
     * @param definition of the board, for messages
     * @param sections the answers, by name as {@link LiveFacts} asks for them; one that is missing is not known
     */
    public static BoardFacts of(BoardDefinition definition, Map<String, String> sections) {
        return of(
                definition.name(),
                definition.boot().menu(),
                "/boot/config-" + definition.plan().release().orElse("*"),
                "the board gave no answer to it",
                sections);
    }

    private static BoardFacts of(
            String board, String menu, String config, String missing, Map<String, String> sections) {
        Sections read = new Sections(board, missing, sections);
        return new BoardFacts(
                read.get("machine", "uname -m", text -> matching(RELEASE, text)),
                read.get(
                        "compatible",
                        "/proc/device-tree/compatible",
                        text -> Optional.of(text.lines().toList())),
                read.get("release", "/proc/sys/kernel/osrelease", text -> matching(RELEASE, text)),
                read.get("cmdline", "/proc/cmdline", text -> Optional.of(CommandLine.parse(text.strip()))),
                read.get(
                        "iomem",
                        "/proc/iomem",
                        text -> Optional.of(IoMem.parse(text))
                                .filter(map -> !map.ranges().isEmpty() && !map.isHidden())),
                read.get(
                        "reserved",
                        "/proc/device-tree/reserved-memory",
                        text -> Optional.of(ReservedRegion.parse(text))),
                read.get("ramoops", "/sys/module/ramoops/parameters", BoardFacts::numbers),
                read.get("cma", "the kernel log", text -> Optional.of(cma(text))),
                read.get("menu", menu, BoardFacts::menu),
                read.get("config", "/proc/config.gz", BoardFacts::config),
                read.get("bootconfig", config, BoardFacts::config),
                read.get("treeconfig", "the kernel tree's .config", BoardFacts::config),
                read.get("printk", "/proc/sys/kernel/printk", BoardFacts::integer),
                read.get("panic", "/proc/sys/kernel/panic", BoardFacts::integer),
                read.get(
                        "tainted",
                        "/proc/sys/kernel/tainted",
                        text -> integer(text).map(Integer::longValue)),
                read.get("lockdep", "/proc/lockdep_stats", BoardFacts::debugLocks),
                read.get("bootid", "/proc/sys/kernel/random/boot_id", text -> matching(UUID, text)),
                read.get(
                        "users",
                        "who",
                        text -> Optional.of(text.lines()
                                .map(line -> line.split("\\s", 2)[0])
                                .filter(name -> !name.isBlank())
                                .distinct()
                                .limit(50)
                                .toList())),
                read.get("systemdpstore", "systemd-pstore.service", BoardFacts::yesOrNo),
                read.get("mounted", "/proc/mounts", BoardFacts::yesOrNo),
                read.get("readable", "/sys/fs/pstore", BoardFacts::yesOrNo),
                read.get(
                        "watchdogs",
                        "/sys/class/watchdog/*/identity",
                        text -> Optional.of(text.lines()
                                .filter(line -> !line.isBlank())
                                .limit(20)
                                .toList())),
                read.get("free", "df", text -> Optional.of(free(text))));
    }

    private record Sections(String board, String missing, Map<String, String> sections) {
        <T> Fact<T> get(String name, String from, Function<String, Optional<T>> parse) {
            String text = sections.get(name);
            if (text == null) {
                return new Fact.Unknown<>("%s: %s".formatted(from, missing));
            }
            return parse.apply(text)
                    .<Fact<T>>map(value -> new Fact.Known<>(value, "%s of %s".formatted(from, board)))
                    .orElseGet(() ->
                            new Fact.Unknown<>("%s of %s has not the form that was expected".formatted(from, board)));
        }
    }

    private static Optional<String> matching(Pattern form, String text) {
        return Optional.of(text.strip()).filter(word -> form.matcher(word).matches());
    }

    private static Optional<Integer> integer(String text) {
        Matcher first = Pattern.compile("-?\\d{1,9}").matcher(text);
        return first.lookingAt() ? Optional.of(Integer.parseInt(first.group())) : Optional.empty();
    }

    private static Optional<Boolean> yesOrNo(String text) {
        return switch (text.strip()) {
            case "yes" -> Optional.of(true);
            case "no" -> Optional.of(false);
            default -> Optional.empty();
        };
    }

    private static Optional<Map<String, Long>> numbers(String text) {
        Map<String, Long> numbers = new LinkedHashMap<>();
        Matcher matcher = Pattern.compile("(?m)^(\\w{1,40})=(-?\\d{1,19})$").matcher(text);
        while (matcher.find() && numbers.size() < 50) {
            // mem_address is unsigned in the kernel
            numbers.put(
                    matcher.group(1),
                    matcher.group(2).startsWith("-")
                            ? Long.parseLong(matcher.group(2))
                            : Long.parseUnsignedLong(matcher.group(2)));
        }
        return numbers.isEmpty() ? Optional.empty() : Optional.of(Map.copyOf(numbers));
    }

    private static List<MemoryUse> cma(String log) {
        List<MemoryUse> areas = new ArrayList<>();
        for (Matcher m = CMA_RESERVED.matcher(log); m.find() && areas.size() < 20; ) {
            areas.add(cma(m.group(2), m.group(1)));
        }
        for (Matcher m = CMA_POOL.matcher(log); m.find() && areas.size() < 20; ) {
            areas.add(cma(m.group(1), m.group(2)));
        }
        return List.copyOf(areas);
    }

    private static MemoryUse cma(String address, String mebibytes) {
        return new MemoryUse(
                Long.parseUnsignedLong(address, 16),
                Long.parseLong(mebibytes) << 20,
                "CMA of the running kernel",
                "its log");
    }

    private static Optional<ExtlinuxMenu> menu(String text) {
        try {
            return Optional.of(ExtlinuxMenu.parse("the boot menu", text));
        } catch (BootMenuException e) {
            return Optional.empty();
        }
    }

    private static Optional<KernelConfig> config(String text) {
        return Optional.of(KernelConfig.parse(text)).filter(config -> !config.isEmpty());
    }

    private static Optional<Boolean> debugLocks(String text) {
        Matcher matcher =
                Pattern.compile("(?m)^\\s{0,20}debug_locks:\\s{1,60}(\\d)\\s*$").matcher(text);
        return matcher.find() ? Optional.of(matcher.group(1).equals("1")) : Optional.empty();
    }

    private static Map<String, Long> free(String text) {
        Map<String, Long> free = new LinkedHashMap<>();
        text.lines().limit(50).forEach(line -> {
            Matcher matcher = DF.matcher(line);
            if (matcher.matches()) {
                free.put(matcher.group(2), Long.parseLong(matcher.group(1)));
            }
        });
        return Map.copyOf(free);
    }
}
