package dev.hil.klog;

import java.util.List;

/** What a finding has to say beyond its title. Strings are empty, numbers -1, where the log does not say. */
public sealed interface Detail {

    /** The functions of the stack trace that matters most, innermost first, without offsets. */
    List<String> trace();

    /**
     * A report of lock debugging.
     *
     * @param task {@code comm/pid} of the task that was stopped
     * @param locks the locks it is about: the one being taken first, then the one held already, then the others
     * @param held what the task held
     * @param dependencies the dependency graph: {@code from} was held when {@code to} was taken
     * @param scenario the lines of the "unsafe locking scenario" table
     * @param usage such as {@code {IN-SOFTIRQ-W} -> {SOFTIRQ-ON-W}} or {@code HARDIRQ-safe -> HARDIRQ-unsafe}
     * @param message the sentence of suspicious RCU usage, the condition of DEBUG_LOCKS_WARN_ON and the like
     */
    record Lockdep(
            String task,
            List<Lock> locks,
            List<Lock> held,
            List<Dependency> dependencies,
            List<String> scenario,
            String usage,
            String message,
            List<String> trace)
            implements Detail {}

    /**
     * One edge of a dependency graph.
     *
     * @param trace where {@code to} was taken while {@code from} was held, innermost first
     */
    record Dependency(Lock from, Lock to, List<String> trace) {}

    /**
     * An oops or a panic.
     *
     * @param reason the kernel's own words
     * @param arch x86, arm64, arm, riscv or empty
     * @param function where the program counter stood
     * @param task its name
     */
    record Crash(String reason, String arch, String function, String task, List<String> trace) implements Detail {}

    /**
     * A lockup, a stall, a hung task.
     *
     * @param task the task's name, with its pid where known: {@code comm:pid}
     * @param cpu the CPU that is stuck, or -1
     * @param seconds how long it has been, or -1
     * @param function where it is
     */
    record Hang(String task, int cpu, long seconds, String function, List<String> trace) implements Detail {}

    /**
     * Anything else.
     *
     * @param function the function it happened in
     * @param location {@code file:line} as printed
     * @param message the kernel's own words
     */
    record Plain(String function, String location, String message, List<String> trace) implements Detail {}
}
