package dev.hil.klog;

import dev.hil.klog.Detail.Dependency;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads what a lockdep report says of locks and tasks; the sentences are those of kernel/locking/lockdep.c. */
final class LockdepParser {

    private static final int TRACE = 24;

    private static final Pattern LINK = Pattern.compile("^\\s*-> #(\\d+) ");
    private static final Pattern TASK = Pattern.compile(
            "^\\s*(?:WARNING: |\\[ BUG: )?(\\S.*?/\\d+)(?: \\[HC.*?\\])?"
                    + " (?:is trying to|takes:|just changed the state|is freeing memory|is leaving the kernel|still has locks)");
    private static final Pattern SAFE_UNSAFE = Pattern.compile("(\\S+-safe -> \\S+-unsafe) lock order");
    private static final Pattern USAGE = Pattern.compile("inconsistent (\\{.*\\} -> \\{.*\\}) usage");
    private static final Pattern NAMED = Pattern.compile("is trying to (?:release|contend) lock \\((.*)\\) at:");
    private static final Pattern RCU_SENTENCE = Pattern.compile("^(\\S+:\\d+) (.*\\S)$");
    private static final Pattern CONDITION = Pattern.compile("(DEBUG_\\w+_WARN_ON\\(.*\\))");
    /** A lock that is no variable of its own has no name here but its address. */
    private static final Pattern SPIN_LOCK = Pattern.compile("^\\s*lock: ([A-Za-z_][\\w.$]*)\\+0x[0-9a-f]+/0x");

    private static final Pattern CLASH = Pattern.compile("class \"(.*?)\" with key .* different class \"(.*?)\"");
    private static final Pattern HOLDER = Pattern.compile("^(?:\\d+ locks?|no locks) held by (\\S.*?/\\d+)[:.]$");
    private static final Pattern RUNNING = Pattern.compile("^CPU: \\d+ (?:UID: \\d+ )?PID: (\\d+) Comm: (\\S+)");

    private final List<String> lines;
    private final List<Lock> held = new ArrayList<>();
    private final List<Lock> chain = new ArrayList<>();
    private final List<Integer> chainLines = new ArrayList<>();
    private final List<Lock> mentioned = new ArrayList<>();
    private final List<Dependency> dependencies = new ArrayList<>();
    private final List<String> scenario = new ArrayList<>();
    private @Nullable Lock wanted;
    private @Nullable Lock holding;
    private String task = "";
    private String holdingTask = "";
    private String runningTask = "";
    private String usage = "";
    private String message = "";

    private enum Next {
        NOTHING,
        WANTED,
        HOLDING,
        BARE_NAME,
        NEW_DEPENDENCY,
        MENTIONED
    }

    private Next next = Next.NOTHING;
    private boolean inScenario;
    private boolean heldOver;
    /** 1 where the lock took the other in the past, -1 where the other took it. */
    private int inversion;

    private LockdepParser(List<String> lines) {
        this.lines = lines;
    }

    static Detail.Lockdep parse(Kind kind, List<String> lines) {
        List<String> whole = LockLines.joined(lines);
        LockdepParser parser = new LockdepParser(whole);
        for (int i = 0; i < whole.size(); i++) {
            parser.line(whole.get(i), i);
        }
        return parser.result(kind);
    }

    private void line(String line, int index) {
        if (line.isBlank()) {
            return;
        }
        if (inScenario) {
            scenario(line);
            return;
        }
        if (next != Next.NOTHING && awaited(line)) {
            return;
        }
        Matcher link = line.indexOf("-> #") >= 0 ? LINK.matcher(line) : null;
        if (link != null && link.find()) {
            Lock lock = LockParser.after(line, link.end());
            if (lock != null) {
                chain.add(lock);
                chainLines.add(index);
            }
            return;
        }
        if (heldLock(line)) {
            return;
        }
        sentence(line);
    }

    private void scenario(String line) {
        if (line.contains("*** DEADLOCK ***") || line.contains("held by ") || line.contains("stack backtrace")) {
            inScenario = false;
        } else if (scenario.size() < TRACE) {
            scenario.add(line);
        }
    }

    /** The line after a sentence that announces a lock; a sentence of its own may come between where CPUs interleave. */
    private boolean awaited(String line) {
        if (next == Next.BARE_NAME) {
            holding = LockParser.named(line, "", "", "");
            next = Next.NOTHING;
            return true;
        }
        Lock lock = LockParser.first(line);
        if (lock == null) {
            return false;
        }
        switch (next) {
            case WANTED -> wanted = wanted == null ? lock : wanted;
            case HOLDING -> holding = holding == null ? lock : holding;
            case NEW_DEPENDENCY -> newDependency(line, lock);
            default -> mentioned.add(lock);
        }
        next = Next.NOTHING;
        return true;
    }

    private void newDependency(String line, Lock from) {
        int arrow = line.indexOf("} -> (");
        Lock to = arrow < 0 ? null : LockParser.after(line, arrow + 1);
        if (to != null) {
            dependencies.add(new Dependency(from, to, List.of()));
        }
    }

    /** {@code  #0: ffff… (name){usage}, at: …}; those of other tasks, listed by a hung-task dump, come later. */
    private boolean heldLock(String line) {
        int hash = line.indexOf('#');
        if (hash < 0 || !line.substring(0, hash).isBlank() || line.indexOf(": ", hash) < 0) {
            return false;
        }
        Lock lock = LockParser.after(line, line.indexOf(": ", hash));
        if (lock != null && !heldOver && held.size() < 64) {
            held.add(lock);
        }
        return lock != null;
    }

    private void sentence(String line) {
        Matcher named = line.indexOf("is trying to ") >= 0 ? NAMED.matcher(line) : null;
        if (Body.of(line) == Body.FRAME) {
            return;
        }
        task(line);
        if (named != null && named.find()) {
            wanted = LockParser.named(named.group(1), "", "", "");
        } else if (line.contains("is trying to acquire")
                || line.contains("is trying to lock:")
                || line.endsWith(" takes:")
                || line.contains("just changed the state of lock:")
                || line.contains("is freeing memory")) {
            next = Next.WANTED;
        } else if (line.contains("is already holding")
                || line.contains("lock took another")
                || line.contains("taken by another")) {
            next = Next.HOLDING;
            inversion = line.contains("lock took another") ? 1 : line.contains("taken by another") ? -1 : inversion;
        } else if (line.contains("but this task is not holding:")) {
            next = Next.BARE_NAME;
        } else if (line.contains("create a new lock dependency:")) {
            next = Next.NEW_DEPENDENCY;
        } else if (line.contains("this new dependency connects")
                || (line.startsWith("to a ") && line.contains("-unsafe lock:"))) {
            next = Next.MENTIONED;
        } else if (line.contains("nsafe locking scenario:")) {
            inScenario = true;
        } else if (line.contains("stack backtrace:")) {
            heldOver = !held.isEmpty();
        } else {
            remarks(line);
        }
    }

    private void task(String line) {
        boolean mayName =
                line.contains(" is ") || line.contains("takes:") || line.contains(" just ") || line.contains(" still ");
        Matcher matcher = task.isEmpty() && mayName ? TASK.matcher(line) : null;
        if (matcher != null && matcher.find()) {
            task = matcher.group(1);
        }
        Matcher holder = holdingTask.isEmpty() && line.contains(" held by ") ? HOLDER.matcher(line) : null;
        if (holder != null && holder.find()) {
            holdingTask = holder.group(1);
        }
        Matcher running = runningTask.isEmpty() && line.startsWith("CPU: ") ? RUNNING.matcher(line) : null;
        if (running != null && running.find()) {
            runningTask = running.group(2) + "/" + running.group(1);
        }
    }

    private void remarks(String line) {
        Matcher safe = SAFE_UNSAFE.matcher(line);
        Matcher inconsistent = USAGE.matcher(line);
        Matcher condition = CONDITION.matcher(line);
        Matcher spin = SPIN_LOCK.matcher(line);
        Matcher clash = CLASH.matcher(line);
        if (line.contains("-safe -> ") && safe.find()) {
            usage = safe.group(1);
        } else if (line.contains("inconsistent {") && inconsistent.find()) {
            usage = inconsistent.group(1);
        } else if (line.contains("_WARN_ON(") && condition.find()) {
            message = condition.group(1);
        } else if (line.contains("lock: ") && spin.find() && wanted == null) {
            wanted = LockParser.named(Frames.plain(spin.group(1)), "", "", "");
        } else if (line.startsWith("Looking for class ") && clash.find()) {
            wanted = LockParser.named(clash.group(1), "", "", "");
            holding = LockParser.named(clash.group(2), "", "", "");
        }
    }

    private Detail.Lockdep result(Kind kind) {
        if (kind == Kind.SUSP_RCU) {
            message = rcuSentence();
        } else if (message.isEmpty()) {
            message = lines.isEmpty() ? "" : lines.get(0);
        }
        cycle();
        if (inversion != 0 && wanted != null && holding != null) {
            boolean tookAnother = inversion > 0;
            dependencies.add(new Dependency(tookAnother ? wanted : holding, tookAnother ? holding : wanted, List.of()));
        }
        return new Detail.Lockdep(
                !task.isEmpty() ? task : !holdingTask.isEmpty() ? holdingTask : runningTask,
                locks(kind),
                List.copyOf(held),
                List.copyOf(dependencies),
                List.copyOf(scenario),
                usage,
                message,
                trace());
    }

    private String rcuSentence() {
        for (String line : lines) {
            if (line.contains("/") && RCU_SENTENCE.matcher(line).find()) {
                return line;
            }
        }
        return "";
    }

    /** Link #n was taken while link #n-1 was held; #0, the new one, while the last was. */
    private void cycle() {
        for (int i = 0; i < chain.size(); i++) {
            Lock from = i + 1 < chain.size() ? chain.get(i + 1) : chain.get(0);
            List<String> taken = Frames.functions(lines, chainLines.get(i) + 1, nextLink(i), TRACE);
            dependencies.add(new Dependency(from, chain.get(i), taken));
        }
    }

    private int nextLink(int i) {
        if (i + 1 < chainLines.size()) {
            return chainLines.get(i + 1);
        }
        int info = Frames.indexOf(lines, "other info that might", chainLines.get(i));
        return info < 0 ? lines.size() : info;
    }

    private List<Lock> locks(Kind kind) {
        List<Lock> locks = new ArrayList<>();
        add(locks, wanted);
        add(locks, holding);
        mentioned.forEach(lock -> addNew(locks, lock));
        chain.forEach(lock -> addNew(locks, lock));
        dependencies.forEach(dependency -> {
            addNew(locks, dependency.from());
            addNew(locks, dependency.to());
        });
        boolean aboutHeld = kind == Kind.WAIT_CONTEXT
                || kind == Kind.STILL_HELD
                || kind == Kind.USER_RETURN
                || kind == Kind.SUSP_RCU
                || kind == Kind.LOCKDEP_TORN;
        if (aboutHeld || locks.isEmpty()) {
            held.forEach(lock -> addNew(locks, lock));
        }
        return List.copyOf(locks);
    }

    private static void add(List<Lock> locks, @Nullable Lock lock) {
        if (lock != null) {
            locks.add(lock);
        }
    }

    private static void addNew(List<Lock> locks, Lock lock) {
        if (locks.stream().noneMatch(known -> known.className().equals(lock.className()))) {
            locks.add(lock);
        }
    }

    private List<String> trace() {
        int last = -1;
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).contains("stack backtrace:")) {
                last = i;
            }
        }
        int from = last >= 0 ? last : Math.max(0, Frames.traceStart(lines));
        return Frames.functions(lines, from, lines.size(), TRACE);
    }
}
