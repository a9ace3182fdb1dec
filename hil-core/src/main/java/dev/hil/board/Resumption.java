package dev.hil.board;

import dev.hil.record.StepOutcome;
import java.util.List;
import java.util.Optional;

/**
 * What a resumed run goes on from: the steps that an earlier run has proven, on a board that is still as the last of them
 * left it.
 */
public record Resumption(List<StepOutcome> proven) {
    /** A run that begins at the beginning. */
    public static final Resumption NONE = new Resumption(List.of());

    public Resumption {
        proven = List.copyOf(proven);
    }

    /** Whether {@code -Dhil.resume} asks for it. */
    static boolean isAskedFor() {
        String asked = System.getProperty("hil.resume");
        return asked != null && !asked.equals("false");
    }

    /** The outcome of a patch's step, where an earlier run has proven it. */
    public Optional<StepOutcome> of(String patch) {
        return proven.stream().filter(step -> step.patch().equals(patch)).findFirst();
    }
}
