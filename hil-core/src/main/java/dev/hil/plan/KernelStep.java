package dev.hil.plan;

import dev.hil.board.KernelIdentity;
import dev.hil.kernel.BuildException;
import dev.hil.kernel.BuiltModule;
import dev.hil.kernel.SeriesEntry;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** A step that takes a whole new kernel: image and all modules are built and replaced, with the options of the series. */
public final class KernelStep extends Step {
    private Map<String, String> before = Map.of();
    private Map<String, String> after = Map.of();
    /** The modules of the directories that the patch is about, as far as they changed. */
    private Map<String, String> concerned = Map.of();

    private Optional<KernelIdentity> previous = Optional.empty();

    KernelStep(KernelUnderTest kernel, SeriesEntry patch) {
        super(kernel, patch);
    }

    @Override
    void make() {
        if (!kernel.isOwn()) {
            throw new BuildException(
                    ("%s needs a whole kernel, and this run has none of its own to replace: the kernel of steps 1.1 to 1.6"
                                    + " (KernelUnderTest) is built and installed first, or by -Dhil.apply=earlier")
                            .formatted(patch.name()));
        }
        previous = kernel.identity();
        before = kernel.build().buildIds();
        Set<String> directories = kernel.tree().directories(patch);
        applyPatch();
        if (!patch.config().isEmpty()) {
            kernel.protectConfiguration(patch.shortName());
        }
        kernel.build().configure(patch.config(), log());
        kernel.make(log());
        after = kernel.build().buildIds();
        Map<String, String> changed = new TreeMap<>();
        for (String directory : directories) {
            for (BuiltModule module : kernel.build().built(directory)) {
                if (!module.buildId().equals(before.get(module.name()))) {
                    changed.put(module.name(), module.buildId());
                }
            }
        }
        concerned = changed;
        long others = after.entrySet().stream()
                .filter(module -> !module.getValue().equals(before.get(module.getKey())))
                .count();
        board.evidence()
                .event(
                        "build",
                        "%d modules changed, of them in the patch's directories: %s"
                                .formatted(others, changed.keySet()));
    }

    @Override
    void install() {
        kernel.replace(patch.shortName(), log());
    }

    @Override
    List<String> prove() {
        LoadedModules.load(board, List.copyOf(concerned.keySet())).proveAll(concerned);
        kernel.proveLoaded();
        return List.copyOf(concerned.keySet());
    }

    @Override
    void rebuildWithout() {
        kernel.build().configure(Map.of(), log());
        kernel.make(previous.orElseThrow().nonce(), log());
        Map<String, String> now = kernel.build().buildIds();
        if (!now.equals(before)) {
            Map<String, String> other = new TreeMap<>(now);
            other.entrySet().removeIf(module -> module.getValue().equals(before.get(module.getKey())));
            throw new AssertionError(
                    "without %s the modules do not come out as before: %s".formatted(patch.name(), other));
        }
    }

    @Override
    void proveWithout() {
        Map<String, String> names = new TreeMap<>(before);
        names.keySet().retainAll(concerned.keySet());
        LoadedModules.load(board, List.copyOf(names.keySet())).proveAll(names);
        kernel.proveLoaded();
    }
}
