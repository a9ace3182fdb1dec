package dev.hil.board;

import dev.hil.boot.CommandLine;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is to become of a board's kernel, as its definition's {@code [plan]} has it: what an iter6-style plan says in its
 * steps 1.2 to 1.8. What is not given is not known.
 *
 * @param given whether the definition has a {@code [plan]}
 * @param release what {@code uname -r} is to say of the kernel under test
 * @param safeRelease what it says of the kernel to go back to
 * @param append what the command line of the kernel under test is to hold
 * @param config the options that are set in its configuration, by symbol without {@code CONFIG_}
 * @param modules the modules that are loaded by name
 * @param log the lines that are looked for in its kernel log
 * @param pstore the folders in which records are looked for after a reset
 * @param recovery how a person gets the board back when the kernel under test does not come up
 */
public record KernelPlan(
        boolean given,
        Optional<String> release,
        Optional<String> safeRelease,
        Optional<CommandLine> append,
        Map<String, String> config,
        Optional<List<String>> modules,
        Optional<List<String>> log,
        Optional<List<String>> pstore,
        Optional<String> recovery) {

    /** A definition without a plan. */
    public static final KernelPlan NONE = new KernelPlan(
            false,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Map.of(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());

    /** This plan with the releases that the board's kernels are known to have, where it names none. */
    public KernelPlan withReleases(Optional<String> test, Optional<String> safe) {
        return new KernelPlan(
                given,
                release.or(() -> test),
                safeRelease.or(() -> safe),
                append,
                config,
                modules,
                log,
                pstore,
                recovery);
    }
}
