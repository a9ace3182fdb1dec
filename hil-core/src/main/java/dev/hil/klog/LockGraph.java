package dev.hil.klog;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The locks of a lockdep report and in which order they were taken, as it can be drawn: the circle that makes the
 * deadlock is closed by the edge that is marked so.
 *
 * @param nodes the lock classes, the one being taken first
 * @param edges which was taken while which was held
 */
public record LockGraph(List<Node> nodes, List<Edge> edges) {
    private static final int MOST = 32;

    /** Functions that take a lock, or let interrupts in, for somebody else: what is done is their caller's doing. */
    private static final Pattern LOCK_API = Pattern.compile("_*(?:lock_acquire|fs_reclaim_acquire|might_(?:fault|lock)"
            + "|_?raw_(?:spin|read|write)_\\w*lock\\w*|(?:raw_)?(?:spin|read|write)_lock\\w*|(?:ww_|rt_)?mutex_\\w*lock\\w*"
            + "|_?raw_(?:spin|read|write)_unlock\\w*|(?:spin|read|write)_unlock\\w*|(?:local|_local)_bh_enable\\w*"
            + "|mark_held_locks|(?:lockdep|trace)_(?:hard|soft)irqs_\\w+|down_(?:read|write)\\w*|percpu_down_\\w*|rwsem_\\w*|rt_mutex\\w*|dma_fence_begin_signalling"
            + "|validate_chain|check_\\w+|print_\\w+|mark_lock[\\w.]*|mark_usage|dump_\\w+|show_stack)");

    /** What may be waited for where the task is, such as an interrupt; as with locks the numbers depend on the configuration. */
    private static final Pattern CONTEXT = Pattern.compile("context-\\{(\\d+:\\d+)}");

    private static final Set<Kind> OF_IRQS = Set.of(Kind.IRQ_ORDER, Kind.IRQ_INVERSION, Kind.INCONSISTENT);

    /** Copies what it is given. */
    public LockGraph {
        nodes = List.copyOf(nodes);
        edges = List.copyOf(edges);
    }

    /** What a lock is to the task that was stopped. */
    public enum Role {
        /** It was being taken. */
        WANTED,
        /** It was held already. */
        HELD,
        /** It only links the others. */
        BETWEEN
    }

    /**
     * A lock class.
     *
     * @param name of the class
     * @param role what it is to the task that was stopped
     * @param states how it meets interrupts, such as {@code taken in hardirq}; empty where the report is not about that
     */
    public record Node(String name, Role role, List<String> states) {
        public Node {
            states = List.copyOf(states);
        }
    }

    /**
     * One order of two locks.
     *
     * @param from was held
     * @param to was taken then
     * @param at the function that took it; empty where the report does not say
     * @param functions the stack of that, innermost first
     * @param closing whether it closes the circle: what the task was about to do, or what an interrupt would
     * @param remark what else is to be known of it, such as {@code an interrupt takes it}; may be empty
     */
    public record Edge(String from, String to, String at, List<String> functions, boolean closing, String remark) {
        public Edge {
            functions = List.copyOf(functions);
        }
    }

    /**
     * The graph of a report.
     *
     * @param kind the id of a kind of category lockdep
     * @param lines the messages of the report, as a {@link Finding} keeps them
     * @return without edges where the report is of no order of locks
     */
    public static LockGraph of(String kind, List<String> lines) {
        for (Kind known : Kind.values()) {
            if (known.category() == Category.LOCKDEP && known.id().equals(kind)) {
                return new Builder(known, lines).build();
            }
        }
        return new LockGraph(List.of(), List.of());
    }

    /** Collects nodes and edges while it looks at the report. */
    private static final class Builder {
        private final Kind kind;
        private final List<String> lines;
        private final Detail.Lockdep detail;
        private final Map<String, Lock> locks = new LinkedHashMap<>();
        private final List<Edge> edges = new ArrayList<>();

        Builder(Kind kind, List<String> lines) {
            this.kind = kind;
            this.lines = LockLines.joined(lines);
            this.detail = LockdepParser.parse(kind, lines);
        }

        LockGraph build() {
            detail.locks().forEach(this::known);
            switch (kind) {
                case CIRCULAR, LOCKDEP_TORN -> circle();
                case RECURSIVE -> self("is taken again by " + detail.task());
                case INCONSISTENT -> self(inconsistent());
                case IRQ_ORDER -> irqOrder();
                case IRQ_INVERSION -> inversion();
                case WAIT_CONTEXT -> waitContext();
                case NESTED -> nested();
                default -> {}
            }
            return new LockGraph(nodes(), edges);
        }

        private void known(Lock lock) {
            locks.merge(lock.className(), lock, (old, now) -> old.usage().isEmpty() ? now : old);
        }

        private void edge(Lock from, Lock to, List<String> functions, boolean closing, String remark) {
            known(from);
            known(to);
            if (edges.size() < MOST) {
                edges.add(new Edge(from.className(), to.className(), caller(functions), functions, closing, remark));
            }
        }

        /** The last link of the chain is the one that the task was about to add. */
        private void circle() {
            List<Detail.Dependency> chain = detail.dependencies();
            for (int i = 0; i < chain.size(); i++) {
                Detail.Dependency link = chain.get(i);
                edge(link.from(), link.to(), link.trace(), i == chain.size() - 1, "");
            }
        }

        private void self(String remark) {
            if (!detail.locks().isEmpty()) {
                Lock wanted = detail.locks().get(0);
                Lock held = kind == Kind.RECURSIVE && detail.locks().size() > 1
                        ? detail.locks().get(1)
                        : wanted;
                edge(held, wanted, detail.trace(), true, remark);
            }
        }

        /** What an interrupt does to a lock that is held with interrupts on, whichever of the two was seen first. */
        private String inconsistent() {
            return detail.usage().contains("{IN-HARDIRQ") || detail.usage().contains("{IN-SOFTIRQ")
                    ? "an interrupt takes it while it is held: " + detail.usage()
                    : detail.usage();
        }

        /** What the task held, in the order in which it had taken it. */
        private void held() {
            List<Lock> held = detail.held();
            for (int i = 1; i < held.size(); i++) {
                edge(held.get(i - 1), held.get(i), site(held.get(i)), false, "");
            }
        }

        /** check_wait_context: the lock may sleep longer than what is held already allows, or than where the task is. */
        private void waitContext() {
            held();
            if (detail.held().isEmpty() || detail.locks().isEmpty()) {
                return;
            }
            Lock wanted = detail.locks().get(0);
            Lock strictest = detail.held().get(detail.held().size() - 1);
            for (Lock lock : detail.held()) {
                strictest = inner(lock.waitTypes()) < inner(strictest.waitTypes()) ? lock : strictest;
            }
            String context = lines.stream()
                    .map(CONTEXT::matcher)
                    .filter(Matcher::find)
                    .map(matcher -> matcher.group(1))
                    .findFirst()
                    .orElse("");
            boolean byContext = inner(context) < inner(strictest.waitTypes());
            edge(
                    strictest,
                    wanted,
                    detail.trace(),
                    true,
                    "may sleep: wait type {%s} %s {%s}"
                            .formatted(
                                    wanted.waitTypes(),
                                    byContext ? "in the context" : "inside",
                                    byContext ? context : strictest.waitTypes()));
        }

        /** The second number of {@code outer:inner}; more than any where it is not known. */
        private static int inner(String waitTypes) {
            return waitTypes.matches("\\d{1,4}:\\d{1,4}")
                    ? Integer.parseInt(waitTypes.substring(waitTypes.indexOf(':') + 1))
                    : Integer.MAX_VALUE;
        }

        /** print_lock_nested_lock_not_held: the lock that should have been held comes second. */
        private void nested() {
            held();
            if (detail.locks().size() > 1) {
                edge(detail.locks().get(1), detail.locks().get(0), detail.trace(), true, "should be held, and is not");
            }
        }

        private static List<String> site(Lock lock) {
            return lock.acquiredAt().isEmpty() ? List.of() : List.of(lock.acquiredAt());
        }

        /** print_bad_irq_dependency: safe … holding, then the new order, then wanted … unsafe. */
        private void irqOrder() {
            List<Lock> before = path("-irq-safe lock and the holding lock", true);
            detail.dependencies()
                    .forEach(added -> edge(added.from(), added.to(), detail.trace(), false, "the new order"));
            List<Lock> after = path("the dependencies between the lock to be acquired", false);
            if (detail.dependencies().isEmpty()) {
                return;
            }
            Detail.Dependency added = detail.dependencies().get(0);
            Lock safe = before.isEmpty() ? added.from() : before.get(0);
            Lock unsafe = after.isEmpty() ? added.to() : after.get(0);
            edge(unsafe, safe, becameSafe(), true, "an interrupt takes it");
        }

        /** The stack of the interrupt that was seen taking it. */
        private List<String> becameSafe() {
            int at = Frames.indexOf(lines, "-irq-safe at:", 0);
            return at < 0 ? List.of() : Frames.functions(lines, at + 1, endOfTrace(at + 1), MOST);
        }

        /** print_irq_inversion_bug: between the 2nd lock and the 1st, whose state has just changed. */
        private void inversion() {
            boolean tookAnother = lines.stream().anyMatch(line -> line.contains("lock took another"));
            List<Lock> path = path("the shortest dependencies between 2nd lock and 1st lock", !tookAnother);
            if (path.size() < 2) {
                detail.dependencies().forEach(link -> edge(link.from(), link.to(), List.of(), false, ""));
            }
            if (!edges.isEmpty()) {
                Edge first = edges.get(0);
                Edge last = edges.get(edges.size() - 1);
                // The path runs from the lock that interrupts take to the one that is held with interrupts on.
                Edge end = tookAnother && path.size() >= 2 ? first : last;
                Edge start = tookAnother && path.size() >= 2 ? last : first;
                edges.add(new Edge(end.to(), start.from(), "", List.of(), true, "an interrupt takes it"));
            }
        }

        /**
         * Reads the locks that print_shortest_lock_dependencies printed under a heading, each with where it was taken.
         *
         * @param forward whether a lock was taken while the one printed before it was held, or the other way round
         */
        private List<Lock> path(String heading, boolean forward) {
            List<Lock> path = new ArrayList<>();
            List<List<String>> taken = new ArrayList<>();
            int from = Frames.indexOf(lines, heading, 0);
            for (int i = from + 1; from >= 0 && i < lines.size() && path.size() < MOST; i++) {
                String line = lines.get(i);
                if (line.startsWith("the dependencies between") || line.contains("stack backtrace:")) {
                    break;
                }
                Lock lock = line.stripLeading().startsWith("-> (") ? LockParser.first(line) : null;
                if (lock != null) {
                    path.add(lock);
                    taken.add(List.of());
                } else if (line.contains("... acquired at:") && !path.isEmpty()) {
                    taken.set(taken.size() - 1, Frames.functions(lines, i + 1, endOfTrace(i + 1), MOST));
                }
            }
            for (int i = 1; i < path.size(); i++) {
                if (forward) {
                    edge(path.get(i - 1), path.get(i), taken.get(i), false, "");
                } else {
                    edge(path.get(i), path.get(i - 1), taken.get(i - 1), false, "");
                }
            }
            return path;
        }

        private int endOfTrace(int from) {
            int end = from;
            while (end < lines.size() && Body.of(lines.get(end)) == Body.FRAME) {
                end++;
            }
            return end;
        }

        private List<Node> nodes() {
            List<Lock> about = detail.locks();
            String wanted = about.isEmpty() ? "" : about.get(0).className();
            Set<String> held = Set.copyOf(
                    detail.held().stream().map(Lock::className).distinct().toList());
            List<Node> nodes = new ArrayList<>();
            locks.forEach((name, lock) -> {
                boolean drawn = edges.isEmpty()
                        || edges.stream()
                                .anyMatch(edge ->
                                        edge.from().equals(name) || edge.to().equals(name));
                Role role = name.equals(wanted) ? Role.WANTED : held.contains(name) ? Role.HELD : Role.BETWEEN;
                if (drawn && nodes.size() < MOST) {
                    nodes.add(new Node(name, role, OF_IRQS.contains(kind) ? states(lock.usage()) : List.of()));
                }
            });
            return nodes;
        }
    }

    private static String caller(List<String> functions) {
        for (String function : functions) {
            if (!LOCK_API.matcher(function).matches()) {
                return function;
            }
        }
        return functions.isEmpty() ? "" : functions.get(functions.size() - 1);
    }

    /**
     * What the usage characters say (Documentation/locking/lockdep-design.rst): hardirq for writing, for reading, softirq
     * for writing, for reading; {@code -} taken in interrupts, {@code +} taken with interrupts on, {@code ?} both.
     */
    private static List<String> states(@Nullable String usage) {
        List<String> states = new ArrayList<>();
        // Kernels before 4.15 have two more, of reclaim.
        if (usage == null || usage.length() < 4) {
            return states;
        }
        String[] what = {"hardirq", "hardirq, reading", "softirq", "softirq, reading"};
        for (int i = 0; i < what.length; i++) {
            char c = usage.charAt(i);
            if (c == '-' || c == '?') {
                states.add("taken in " + what[i]);
            }
            if (c == '+' || c == '?') {
                states.add("held with " + what[i].replaceFirst("irq", "irqs") + " on");
            }
        }
        return states;
    }
}
