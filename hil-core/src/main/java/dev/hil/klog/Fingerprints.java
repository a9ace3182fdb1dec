package dev.hil.klog;

import dev.hil.klog.Detail.Dependency;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Names for defects that survive a rebuild. Nothing that a compiler, a boot or a scheduler chooses goes in: no address,
 * offset, line number, pid, CPU, time, taint, release, and no registration number of a lock class.
 *
 * <p>Coarse: the kind and the classes of the locks (or the function) involved. Fine: also where they were taken (or the
 * stack). A cycle is put into one order, so that it is the same from whichever of its locks it was entered.
 *
 * @param coarse 16 hexadecimal digits
 * @param fine 16 hexadecimal digits
 */
record Fingerprints(String coarse, String fine) {

    private static final int HEX_DIGITS = 16;
    private static final int STACK_DEPTH = 5;
    private static final Pattern VARIABLE =
            Pattern.compile("\\+?0x[0-9a-fA-F]+(?:/0x[0-9a-fA-F]+)?|\\b[0-9a-f]{8,}\\b|\\d+");
    private static final Pattern RCU_PLACE = Pattern.compile("^(\\S+?):\\d+ (.*)$");

    static Fingerprints of(Kind kind, Detail detail) {
        List<String> parts = coarseParts(kind, detail);
        List<String> fine = new ArrayList<>(parts);
        fine.add("fine");
        if (detail instanceof Detail.Lockdep lockdep && !lockdep.locks().isEmpty()) {
            fine.addAll(sites(kind, lockdep));
        } else {
            fine.addAll(stack(detail.trace()));
        }
        return new Fingerprints(digest(kind.id(), parts), digest(kind.id(), fine));
    }

    private static List<String> coarseParts(Kind kind, Detail detail) {
        if (detail instanceof Detail.Lockdep lockdep) {
            return lockdep(kind, lockdep);
        }
        if (detail instanceof Detail.Crash crash) {
            return List.of(
                    words(kind == Kind.PANIC || kind == Kind.OOPS_OTHER ? crash.reason() : ""), crash.function());
        }
        if (detail instanceof Detail.Hang hang) {
            return List.of(hang.function());
        }
        Detail.Plain plain = (Detail.Plain) detail;
        boolean spoken = plain.function().isEmpty() || kind != Kind.WARN_ON;
        return List.of(
                plain.function(), plain.location().replaceFirst(":\\d+$", ""), spoken ? words(plain.message()) : "");
    }

    private static List<String> lockdep(Kind kind, Detail.Lockdep lockdep) {
        List<String> parts = new ArrayList<>();
        parts.add(lockdep.usage());
        switch (kind) {
            case CIRCULAR -> parts.addAll(rotated(cycle(lockdep, false)));
            case SUSP_RCU -> parts.addAll(rcu(lockdep));
            case NON_STATIC_KEY, KEY_NOT_REGISTERED, SUBCLASS, PREEMPT, SPINLOCK, WQ_LEAK ->
                parts.add(Helpers.firstReal(lockdep.trace()));
            case DEBUG_LOCKS_WARN,
                    RWSEM,
                    RTMUTEX,
                    IRQFLAGS,
                    PIN,
                    CLASS_CLASH,
                    CAPACITY,
                    LOCKDEP_OFF,
                    BFS,
                    CHAIN_KEY,
                    TAINT_OFF,
                    LOCK_SELFTEST -> {
                parts.add(words(lockdep.message()));
                parts.add(Helpers.firstReal(lockdep.trace()));
            }
            case WAIT_CONTEXT -> {
                parts.add(first(lockdep));
                parts.add(Helpers.firstReal(lockdep.trace()));
            }
            case IRQ_ORDER, IRQ_INVERSION, RECURSIVE, NESTED ->
                lockdep.locks().stream().limit(2).forEach(lock -> parts.add(lock.className()));
            case STILL_HELD, USER_RETURN -> lockdep.locks().forEach(lock -> parts.add(lock.className()));
            default -> parts.add(first(lockdep));
        }
        return parts;
    }

    private static String first(Detail.Lockdep lockdep) {
        return lockdep.locks().isEmpty() ? "" : lockdep.locks().get(0).className();
    }

    /** The classes of a cycle in its own order; what a torn report leaves of it otherwise. */
    private static List<String> cycle(Detail.Lockdep lockdep, boolean withSites) {
        List<String> names = new ArrayList<>();
        for (Dependency dependency : lockdep.dependencies()) {
            String name = dependency.to().className();
            names.add(withSites ? name + "@" + Helpers.firstReal(dependency.trace()) : name);
        }
        if (names.isEmpty()) {
            Set<String> sorted = new TreeSet<>();
            lockdep.locks().forEach(lock -> sorted.add(lock.className()));
            names.addAll(sorted);
        }
        return names;
    }

    /** The smallest of all rotations. */
    private static List<String> rotated(List<String> cycle) {
        List<String> best = cycle;
        for (int by = 1; by < cycle.size(); by++) {
            List<String> next = new ArrayList<>(cycle.subList(by, cycle.size()));
            next.addAll(cycle.subList(0, by));
            if (String.join("\n", next).compareTo(String.join("\n", best)) < 0) {
                best = next;
            }
        }
        return best;
    }

    /** The file and the sentence; a header file is where many callers come through, so the caller counts as well. */
    private static List<String> rcu(Detail.Lockdep lockdep) {
        var matcher = RCU_PLACE.matcher(lockdep.message());
        if (!matcher.find()) {
            return List.of(Helpers.firstReal(lockdep.trace()));
        }
        String caller = matcher.group(1).endsWith(".h") ? Helpers.firstReal(lockdep.trace()) : "";
        return List.of(matcher.group(1), words(matcher.group(2)), caller);
    }

    private static List<String> sites(Kind kind, Detail.Lockdep lockdep) {
        if (kind == Kind.CIRCULAR && !lockdep.dependencies().isEmpty()) {
            return rotated(cycle(lockdep, true));
        }
        List<String> sites = new ArrayList<>();
        lockdep.locks().forEach(lock -> sites.add(lock.className() + "@" + lock.acquiredAt()));
        sites.add(Helpers.firstReal(lockdep.trace()));
        return sites;
    }

    private static List<String> stack(List<String> trace) {
        List<String> top = new ArrayList<>(STACK_DEPTH);
        for (int i = 0; i < trace.size() && top.size() < STACK_DEPTH; i++) {
            if (!Helpers.isHelper(trace.get(i))) {
                top.add(trace.get(i));
            }
        }
        return top;
    }

    private static String words(String message) {
        return VARIABLE.matcher(message).replaceAll("N").strip();
    }

    private static String digest(String kind, List<String> parts) {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            byte[] hash = sha.digest((kind + "\n" + String.join("\n", parts)).getBytes(StandardCharsets.UTF_8));
            StringBuilder hex = new StringBuilder(HEX_DIGITS);
            for (int i = 0; i < HEX_DIGITS / 2; i++) {
                hex.append(Character.forDigit(hash[i] >> 4 & 15, 16)).append(Character.forDigit(hash[i] & 15, 16));
            }
            return hex.toString();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
