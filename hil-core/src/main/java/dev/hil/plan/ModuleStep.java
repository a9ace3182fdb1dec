package dev.hil.plan;

import dev.hil.board.Board;
import dev.hil.kernel.BuildException;
import dev.hil.kernel.BuiltModule;
import dev.hil.kernel.KernelBuild;
import dev.hil.kernel.SeriesEntry;
import dev.hil.record.Undo;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A step that changes modules: those of one directory are built, and the changed ones replaced on the board. */
public final class ModuleStep extends Step {
    /** By module name. */
    private Map<String, String> without = Map.of();

    private List<BuiltModule> changed = List.of();
    private Map<String, String> before = Map.of();

    ModuleStep(KernelUnderTest kernel, SeriesEntry patch) {
        super(kernel, patch);
    }

    /**
     * Finds a step's patch in the board's series, to be made upon the kernel of the label {@code boot.test}.
     *
     * @param beginning how the patch's name begins, such as {@code 0005}
     */
    public static Step of(Board board, String beginning) {
        return Step.of(KernelUnderTest.of(board), beginning);
    }

    @Override
    void make() {
        String directory = patch.moduleDirectory();
        KernelBuild build = kernel.build();
        // Without the patch first: only then is a changed build id the patch's doing, and not an older build's.
        board.evidence().event("build", "modules of %s without %s".formatted(directory, patch.name()));
        build.modules(directory, log());
        without = byName(build.built(directory));
        applyPatch();
        board.evidence().event("build", "modules of %s with %s".formatted(directory, patch.name()));
        build.modules(directory, log());
        changed = build.built(directory).stream()
                .filter(module -> !module.buildId().equals(without.get(module.name())))
                .toList();
        if (changed.isEmpty()) {
            throw new BuildException(
                    "%s changes no module in %s: there would be nothing to prove. All that make said: %s"
                            .formatted(patch.name(), directory, board.evidence().file(log())));
        }
    }

    private static Map<String, String> byName(List<BuiltModule> modules) {
        return modules.stream()
                .collect(Collectors.toMap(
                        BuiltModule::name, BuiltModule::buildId, (first, second) -> second, TreeMap::new));
    }

    private Map<String, String> ids() {
        return byName(changed);
    }

    @Override
    void install() {
        String release = kernel.build().release();
        // A kernel of the plan's own is held against its nonce at each boot; this one is taken as it is.
        if (!kernel.isOwn() && !release.equals(board.boot().release())) {
            throw new BuildException(
                    "the build is for release %s, but the board runs %s: its modules would not be used. Nothing was installed."
                            .formatted(release, board.boot().release()));
        }
        before = only(kernel.isOwn() ? kernel.ids() : LoadedModules.read(board).ids());
        String stage = "/tmp/hil-stage-%s-%s"
                .formatted(
                        board.evidence().folder().getFileName(),
                        patch.shortName().replace('/', '_'));
        board.changes()
                .during(
                        "folder %s for what modules_install makes".formatted(stage),
                        new Undo.RemoveTree(Undo.Where.BUILD_HOST, stage),
                        () -> installFrom(stage));
        kernel.installed(ids());
    }

    private Map<String, String> only(Map<String, String> all) {
        Map<String, String> some = new TreeMap<>(all);
        some.keySet().retainAll(ids().keySet());
        return some;
    }

    private String installFrom(String stage) {
        // Fails where there is one: in /tmp somebody else could have made it.
        board.buildHost().exec("mkdir", "-m", "700", "--", stage).orThrow();
        List<String> staged = kernel.build().stage(patch.moduleDirectory(), stage, log()).stream()
                .filter(file -> ids().containsKey(new BuiltModule(file, "").name()))
                .toList();
        if (staged.size() != changed.size()) {
            throw new BuildException("of the rebuilt modules %s only %s were installed by make modules_install"
                    .formatted(ids().keySet(), staged));
        }
        staged.forEach(file -> install(stage + "/" + file, "/" + file));
        return stage;
    }

    private void install(String built, String target) {
        Runnable copy = kernel.definition().onBoard()
                ? () -> board.files().copy(built, target)
                : () -> board.files().push(Path.of(built), target);
        String what = "module %s on the board".formatted(target);
        if (!board.files().exists(target)) {
            board.changes().make(what, new Undo.RemoveFile(Undo.Where.BOARD, target), copy);
            return;
        }
        String backup = target + ".hil-before-" + patch.shortName();
        String sum = board.files().sha256(target);
        // The backup is made under the intent too: an undo that finds no backup checks the file itself.
        board.changes().make(what, new Undo.RestoreFile(Undo.Where.BOARD, target, backup, sum), () -> {
            board.files().copy(target, backup);
            copy.run();
        });
    }

    @Override
    List<String> prove() {
        List<String> names = List.copyOf(ids().keySet());
        LoadedModules.load(board, names).proveAll(ids());
        return names;
    }

    @Override
    void rebuildWithout() {
        KernelBuild build = kernel.build();
        build.modules(patch.moduleDirectory(), log());
        Map<String, String> now = byName(build.built(patch.moduleDirectory()));
        if (!now.equals(without)) {
            throw new AssertionError("without %s the modules of %s do not come out as before: %s, not %s"
                    .formatted(patch.name(), patch.moduleDirectory(), now, without));
        }
    }

    @Override
    void proveWithout() {
        LoadedModules.load(board, List.copyOf(before.keySet())).proveAll(before);
    }
}
