package dev.hil.board;

import dev.hil.klog.Kind;
import dev.hil.link.Command;
import dev.hil.link.ExecResult;
import dev.hil.link.Recording;
import dev.hil.link.Shell;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What "no lockdep report" is worth in the boot that runs now: what the kernel says of its lock validator
 * (/proc/lockdep_stats and /proc/sys/kernel/prove_locking, both readable by root only; kernel/locking/lockdep_proc.c and
 * lockdep.c), held against everything that was seen of this boot's log on all channels, from its first line to the end
 * of the test.
 *
 * <p>A splat that is a known issue is listed and makes nothing red by itself. But all reports except suspicious RCU use
 * turn lockdep off for the rest of the boot: after a known one of those, nothing is proven any more, and the state is
 * {@link LockdepState#BLIND}.
 *
 * @param state what all of it amounts to
 * @param reason why, in one sentence
 * @param stats /proc/lockdep_stats as read
 * @param evidence what led to the state, a sentence each
 * @param splats what lock debugging found in this boot, known issues apart
 * @param known the known issues among what was found
 */
public record Lockdep(
        LockdepState state,
        String reason,
        String stats,
        List<String> evidence,
        List<Sighting> splats,
        List<Sighting> known) {
    private static final Pattern DEBUG_LOCKS = Pattern.compile("(?m)^[ \\t]*debug_locks:[ \\t]+(\\d{1,9})[ \\t]*$");
    private static final Pattern TABLE =
            Pattern.compile("(?m)^[ \\t]*([^\\s:][^\\n:]{0,80}):[ \\t]+(\\d{1,15}) \\[max: (\\d{1,15})]");
    static final String BANNER = "Lock dependency validator: Copyright";
    private static final String STATS = "/proc/lockdep_stats";
    private static final String PROVE = "/proc/sys/kernel/prove_locking";
    /** From here on a table is worth a word, in percent. */
    private static final long NEARLY_FULL = 90;

    /** Bits of /proc/sys/kernel/tainted, in their order (Documentation/admin-guide/tainted-kernels.rst). */
    private static final String TAINTS = "PFSRMBUDAWCIOELKXTNJ";

    private static final String READ = "v() { v=$(head -c 100 \"$1\" 2>/dev/null); };"
            + " v /proc/sys/kernel/random/boot_id; echo \"@boot $v\"; v /proc/sys/kernel/tainted; echo \"@taint $v\";"
            + " v " + PROVE + "; echo \"@prove $v\";"
            + " echo \"@config $( { zcat /proc/config.gz || cat \"/boot/config-$(uname -r)\"; } 2>/dev/null"
            + " | grep -E '^(# )?CONFIG_PROVE_LOCKING[ =]')\";"
            + " echo @stats; as_root cat " + STATS + " 2>&1";

    public Lockdep {
        evidence = List.copyOf(evidence);
        splats = List.copyOf(splats);
        known = List.copyOf(known);
    }

    /**
     * What the board says.
     *
     * @param bootId which boot said it
     * @param tainted /proc/sys/kernel/tainted
     * @param prove /proc/sys/kernel/prove_locking, empty if unreadable
     * @param config the configuration's line for PROVE_LOCKING, empty if it cannot be read
     * @param stats /proc/lockdep_stats; or why it cannot be read
     */
    record Readings(String bootId, long tainted, String prove, String config, String stats) {
        static Readings read(Shell shell) {
            ExecResult result = shell.exec(Command.rootScript(READ));
            return parse(result.stdout());
        }

        static Readings parse(String text) {
            int at = text.indexOf("@stats\n");
            Map<String, String> values = new LinkedHashMap<>();
            text.substring(0, Math.max(0, at)).lines().forEach(line -> {
                String[] parts = line.split(" ", 2);
                values.put(parts[0], parts.length < 2 ? "" : Recording.excerpt(parts[1]));
            });
            String taint = values.getOrDefault("@taint", "");
            return new Readings(
                    values.getOrDefault("@boot", ""),
                    taint.matches("\\d{1,18}") ? Long.parseLong(taint) : 0,
                    values.getOrDefault("@prove", ""),
                    values.getOrDefault("@config", ""),
                    at < 0 ? "" : text.substring(at + "@stats\n".length()));
        }
    }

    /**
     * Judges.
     *
     * @param now what the board says
     * @param boot the boot_id of the boot in question
     * @param seen the sightings of that boot, in their order
     * @param banner whether the validator's banner was seen in the boot's log
     * @param unseen what of the boot's log is missing, a sentence each
     */
    static Lockdep judge(Readings now, String boot, List<Sighting> seen, boolean banner, List<String> unseen) {
        List<Sighting> splats = seen.stream()
                .filter(sighting -> sighting.isSplat() && !sighting.isKnown() && !sighting.isExpected())
                .toList();
        List<Sighting> known = seen.stream().filter(Sighting::isKnown).toList();
        List<String> evidence = new ArrayList<>();
        evidence.add(now.prove().isEmpty() ? PROVE + " cannot be read" : "%s is %s".formatted(PROVE, now.prove()));
        Matcher debugLocks = DEBUG_LOCKS.matcher(now.stats());
        String on = debugLocks.find() ? debugLocks.group(1) : "";
        evidence.add(on.isEmpty() ? STATS + " has no line debug_locks" : "%s: debug_locks is %s".formatted(STATS, on));
        evidence.add(banner ? "the validator's banner is in the boot's log" : "the validator's banner was not seen");
        if (!now.config().isEmpty()) {
            evidence.add("the kernel's configuration: " + now.config());
        }
        if (now.tainted() != 0) {
            evidence.add("tainted: %d (%s)".formatted(now.tainted(), letters(now.tainted())));
        }
        evidence.addAll(headRoom(now.stats()));
        known.forEach(sighting -> evidence.add("known issue: " + sighting));
        unseen.forEach(gap -> evidence.add("not seen: " + gap));

        if (!now.bootId().equals(boot)) {
            return new Lockdep(
                    LockdepState.BLIND,
                    "the board is in boot %s, not in boot %s that was to be judged".formatted(now.bootId(), boot),
                    now.stats(),
                    evidence,
                    splats,
                    known);
        }
        if (!splats.isEmpty()) {
            return new Lockdep(LockdepState.SPLAT, splats.get(0).toString(), now.stats(), evidence, splats, known);
        }
        String blind = blindness(now, on, seen, unseen);
        return new Lockdep(
                blind.isEmpty() ? LockdepState.PROVEN : LockdepState.BLIND,
                blind.isEmpty()
                        ? "debug_locks is 1, prove_locking is 1, and the log of the whole boot has no report"
                        : blind,
                now.stats(),
                evidence,
                splats,
                known);
    }

    /** Why nothing is proven; empty where it is. */
    private static String blindness(Readings now, String on, List<Sighting> seen, List<String> unseen) {
        if (on.isEmpty()) {
            String said = now.stats().strip();
            return said.isEmpty() || !said.contains("\n")
                    ? "%s cannot be read (%s): lockdep is not compiled in, or root's rights are missing"
                            .formatted(STATS, Recording.excerpt(said))
                    : STATS + " has no line debug_locks";
        }
        if (!on.equals("1")) {
            return "debug_locks is %s: lockdep was turned off %s".formatted(on, cause(now, seen));
        }
        if (!now.prove().equals("1")) {
            return "%s is \"%s\", not 1: locks are tracked but nothing is proven".formatted(PROVE, now.prove());
        }
        if (now.config().startsWith("#")) {
            return "the kernel's configuration says: " + now.config();
        }
        for (Sighting sighting : seen) {
            if (sighting.kind().turnsLockdepOff()) {
                return "a log says that lockdep went off, %s, though debug_locks is 1 again: something turned it back on"
                        .formatted(sighting);
            }
        }
        return unseen.isEmpty() ? "" : "a report may have been missed: " + String.join("; ", unseen);
    }

    /** By what and when, as far as that was seen. */
    private static String cause(Readings now, List<Sighting> seen) {
        for (Sighting sighting : seen) {
            if (sighting.kind().turnsLockdepOff()) {
                String taint = sighting.kind() == Kind.TAINT_OFF && now.tainted() != 0
                        ? "taint %s ".formatted(letters(now.tainted()))
                        : "";
                String issue = sighting.isKnown() ? "the known issue " : "";
                return "by %s%s%s (\"%s\"); nothing that came after is proven"
                        .formatted(issue, taint, sighting.when(), sighting.title());
            }
        }
        return now.tainted() == 0
                ? "before or by something that no log shows"
                : "and no log shows by what; the kernel is tainted %s".formatted(letters(now.tainted()));
    }

    private static String letters(long tainted) {
        StringBuilder letters = new StringBuilder();
        for (int bit = 0; bit < TAINTS.length(); bit++) {
            if ((tainted >> bit & 1) != 0) {
                letters.append(TAINTS.charAt(bit));
            }
        }
        return letters.isEmpty() ? String.valueOf(tainted) : letters.toString();
    }

    /** How full the validator's tables are: when one is full, lockdep turns itself off. */
    private static List<String> headRoom(String stats) {
        List<String> words = new ArrayList<>();
        Matcher table = TABLE.matcher(stats);
        long fullest = -1;
        String which = "";
        while (table.find()) {
            long used = Long.parseLong(table.group(2));
            long max = Long.parseLong(table.group(3));
            long percent = max == 0 ? 0 : used * 100 / max;
            if (percent >= NEARLY_FULL) {
                words.add("%s: %d of %d, %d %% full: lockdep turns itself off when it is full (CONFIG_LOCKDEP_*_BITS)"
                        .formatted(table.group(1), used, max, percent));
            }
            if (percent > fullest) {
                fullest = percent;
                which = table.group(1);
            }
        }
        if (fullest >= 0 && words.isEmpty()) {
            words.add("lockdep's tables have room: the fullest, %s, is %d %% full".formatted(which, fullest));
        }
        return words;
    }
}
