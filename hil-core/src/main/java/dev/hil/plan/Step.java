package dev.hil.plan;

import dev.hil.board.Board;
import dev.hil.board.Changes;
import dev.hil.board.KernelIdentity;
import dev.hil.kernel.Series;
import dev.hil.kernel.SeriesEntry;
import dev.hil.link.InfrastructureException;
import dev.hil.record.Evidence;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One patch of a series: applied to the tree, built, installed on the board, booted, and proven to be what runs.
 * Everything it does to tree and board goes through the ledger.
 */
public abstract sealed class Step permits ModuleStep, KernelStep {
    final KernelUnderTest kernel;
    final Board board;
    final SeriesEntry patch;
    /** Where the ledger stood before this step. */
    private long mark;

    private boolean prepared;
    private boolean installed;
    private @Nullable RuntimeException failure;
    private Map<String, String> ids = Map.of();
    private @Nullable KernelIdentity previous;

    Step(KernelUnderTest kernel, SeriesEntry patch) {
        this.kernel = kernel;
        this.board = kernel.board();
        this.patch = patch;
    }

    /**
     * Finds a step's patch in the board's series.
     *
     * @param beginning how the patch's name begins, such as {@code 0005}
     */
    public static Step of(KernelUnderTest kernel, String beginning) {
        return of(kernel, Series.read(kernel.definition().series()).entry(beginning));
    }

    static Step of(KernelUnderTest kernel, SeriesEntry patch) {
        return patch.isWholeKernel() ? new KernelStep(kernel, patch) : new ModuleStep(kernel, patch);
    }

    public SeriesEntry patch() {
        return patch;
    }

    /** What makes this step this step: its patch and those before it, by checksum. */
    public String identity() {
        return Series.read(kernel.definition().series()).identity(patch);
    }

    /**
     * Applies the patch and builds; the board is not touched. Done by itself where it was not done ahead.
     *
     * @throws dev.hil.kernel.BuildException where the patch does not apply or build
     */
    final synchronized void prepare() {
        if (failure != null) {
            throw failure;
        }
        if (prepared) {
            return;
        }
        mark = board.changes().mark();
        prepared = true;
        try {
            kernel.tree().check(patch);
            make();
        } catch (RuntimeException e) {
            // Where it was tried ahead, the step that it belongs to must hear of it.
            failure = e;
            throw e;
        }
    }

    /** Puts what was built onto the board; to be booted and proven next. */
    public final void apply() {
        prepare();
        ids = kernel.ids();
        previous = kernel.identity().orElse(null);
        installed = true;
        install();
        kernel.applied(patch);
    }

    abstract void make();

    /** Puts what was built onto the board. */
    abstract void install();

    /** Makes sure that what was built is what runs. */
    abstract List<String> prove();

    /** After the patch was taken out again: builds without it, and makes sure that it is what was there before. */
    abstract void rebuildWithout();

    /** After the board was put back: makes sure that what runs is what ran before the step. */
    abstract void proveWithout();

    /**
     * Does it all.
     *
     * @return the names of the modules that were rebuilt and are proven to be running
     * @throws dev.hil.kernel.BuildException where the patch does not apply or build; the board has not been touched then
     * @throws AssertionError where the board does not run what was built
     */
    public List<String> run() {
        apply();
        board.reboot(kernel.label());
        return prove();
    }

    /**
     * Takes this step back, and nothing else: board and source as they were before it, built again and held against what
     * was there before, booted and proven. Then the board goes back to its safe label.
     *
     * @throws AssertionError where what came back is not what was there before
     * @throws InfrastructureException where something could not be taken back, with what to do by hand
     */
    public synchronized void revert() {
        Evidence evidence = board.evidence();
        takeBack();
        if (installed) {
            board.reboot(kernel.label());
            proveWithout();
            evidence.event(
                    "revert",
                    "%s is reverted: source, build and board are proven to be as before it".formatted(patch.name()));
        }
        board.returnToSafe();
        evidence.event(
                "revert",
                "the board runs its safe label %s"
                        .formatted(board.definition().boot().safe()));
    }

    /** As {@link #revert}, but boots nothing: for where something else is put onto the board and booted next. */
    final synchronized void takeBack() {
        kernel.forgetAhead();
        board.evidence().event("revert", "step %s only".formatted(patch.name()));
        Changes.Undone undone = board.changes().undoSince(mark);
        if (!undone.failed().isEmpty()) {
            throw new InfrastructureException("step %s could not be reverted as a whole: %s"
                    .formatted(patch.name(), String.join("; ", undone.failed())));
        }
        if (installed) {
            kernel.restored(ids, previous);
            rebuildWithout();
        }
    }

    /** Puts a copy of the patch into the evidence, for whoever takes it out again. */
    final void applyPatch() {
        Path kept;
        try {
            kept = board.evidence().writeBeside("patches", patch.name(), Files.readAllBytes(patch.file()));
        } catch (IOException e) {
            throw new InfrastructureException("cannot keep a copy of %s: %s".formatted(patch.file(), e), e);
        }
        board.changes()
                .make(
                        "patch %s in %s".formatted(patch.name(), kernel.tree().path()),
                        kernel.tree().undoOf(patch, kept),
                        () -> kernel.tree().apply(patch));
    }

    final String log() {
        return "build-" + patch.shortName() + ".log";
    }
}
