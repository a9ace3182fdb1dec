package dev.hil.plan;

import dev.hil.board.Board;
import dev.hil.board.BoardDefinition;
import dev.hil.kernel.BuildException;
import dev.hil.kernel.BuiltModule;
import dev.hil.kernel.KernelBuild;
import dev.hil.kernel.KernelTree;
import dev.hil.kernel.Series;
import dev.hil.kernel.SeriesEntry;
import dev.hil.link.Command;
import dev.hil.link.InfrastructureException;
import dev.hil.record.Evidence;
import dev.hil.record.Undo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * One patch of a series that changes modules: applied to the tree, built, installed on the board, booted, and proven to
 * be what runs. Everything it does to tree and board goes through the ledger.
 */
public final class ModuleStep {
    private final Board board;
    private final BoardDefinition.Kernel kernel;
    private final SeriesEntry patch;
    private final KernelTree tree;
    private final KernelBuild build;

    private ModuleStep(Board board, BoardDefinition.Kernel kernel, SeriesEntry patch) {
        this.board = board;
        this.kernel = kernel;
        this.patch = patch;
        this.tree = new KernelTree(board.buildHost(), kernel.tree());
        this.build = new KernelBuild(board.buildHost(), tree, kernel, board.evidence());
    }

    /**
     * Finds a step's patch in the board's series.
     *
     * @param beginning how the patch's name begins, such as {@code 0005}
     */
    public static ModuleStep of(Board board, String beginning) {
        BoardDefinition.Kernel kernel = board.claimKernel();
        SeriesEntry patch = Series.read(kernel.series()).entry(beginning);
        if (patch.moduleDirectory().isEmpty()) {
            throw new BuildException(
                    ("%s names no modules to rebuild (# hil: modules=DIRECTORY behind it in the series file), so it"
                                    + " needs a whole new kernel; this version of hil builds and installs modules only.")
                            .formatted(patch.name()));
        }
        return new ModuleStep(board, kernel, patch);
    }

    /** What makes this step this step: its patch and those before it, by checksum. */
    public String identity() {
        return Series.read(kernel.series()).identity(patch);
    }

    public SeriesEntry patch() {
        return patch;
    }

    /**
     * Does it all.
     *
     * @return the modules that were rebuilt and are proven to be running
     * @throws BuildException where the patch does not apply or build; the board has not been touched then
     * @throws AssertionError where the board does not run what was built
     */
    public List<BuiltModule> run() {
        Evidence evidence = board.evidence();
        String directory = patch.moduleDirectory();
        evidence.fact("kernel tree: " + tree.path(), tree.commit());
        tree.check(patch);
        String log = "build-" + patch.shortName() + ".log";
        // Without the patch first: only then is a changed build id the patch's doing, and not an older build's.
        evidence.event("build", "modules of %s without %s".formatted(directory, patch.name()));
        build.modules(directory, log);
        Map<String, String> before =
                build.built(directory).stream().collect(Collectors.toMap(BuiltModule::file, BuiltModule::buildId));
        Path kept = keepPatch();
        board.changes()
                .make(
                        "patch %s in %s".formatted(patch.name(), tree.path()),
                        tree.undoOf(patch, kept),
                        () -> tree.apply(patch));
        evidence.event("build", "modules of %s with %s".formatted(directory, patch.name()));
        build.modules(directory, log);
        List<BuiltModule> changed = build.built(directory).stream()
                .filter(module -> !module.buildId().equals(before.get(module.file())))
                .toList();
        if (changed.isEmpty()) {
            throw new BuildException(
                    "%s changes no module in %s: there would be nothing to prove. All that make said: %s"
                            .formatted(patch.name(), directory, evidence.file(log)));
        }
        install(directory, changed, log);
        board.reboot(board.definition().boot().test());
        changed.forEach(this::proveRunning);
        return changed;
    }

    private Path keepPatch() {
        try {
            return board.evidence().writeBeside("patches", patch.name(), Files.readAllBytes(patch.file()));
        } catch (IOException e) {
            throw new InfrastructureException("cannot keep a copy of %s: %s".formatted(patch.file(), e), e);
        }
    }

    private void install(String directory, List<BuiltModule> changed, String log) {
        String release = build.release();
        if (!release.equals(board.boot().release())) {
            throw new BuildException(
                    "the build is for release %s, but the board runs %s: its modules would not be used. Nothing was installed."
                            .formatted(release, board.boot().release()));
        }
        String stage = "/tmp/hil-stage-%s-%s"
                .formatted(
                        board.evidence().folder().getFileName(),
                        patch.shortName().replace('/', '_'));
        board.changes()
                .during(
                        "folder %s for what modules_install makes".formatted(stage),
                        new Undo.RemoveTree(Undo.Where.BUILD_HOST, stage),
                        () -> installFrom(stage, directory, changed, log));
    }

    private String installFrom(String stage, String directory, List<BuiltModule> changed, String log) {
        // Fails where there is one: in /tmp somebody else could have made it.
        board.buildHost().exec("mkdir", "-m", "700", "--", stage).orThrow();
        List<String> names = changed.stream().map(BuiltModule::name).toList();
        List<String> staged = build.stage(directory, stage, log).stream()
                .filter(file -> names.contains(new BuiltModule(file, "").name()))
                .toList();
        if (staged.size() != changed.size()) {
            throw new BuildException("of the rebuilt modules %s only %s were installed by make modules_install"
                    .formatted(names, staged));
        }
        staged.forEach(file -> install(stage + "/" + file, "/" + file));
        return stage;
    }

    private void install(String built, String target) {
        Runnable copy = kernel.onBoard()
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

    /** The kernel keeps the build id of each loaded module in sysfs (kernel/module/sysfs.c, add_notes_attrs). */
    private void proveRunning(BuiltModule module) {
        String running = board.exec(Command.rootScript(
                                "[ -d \"/sys/module/$1\" ] || as_root modprobe -- \"$1\" || exit 1;"
                                        + " as_root cat \"/sys/module/$1/notes/.note.gnu.build-id\""
                                        + " | od -An -v -tx1 | tr -d ' \\n'",
                                module.name())
                        .timeout(Duration.ofSeconds(30)))
                .orThrow()
                .text();
        if (!running.endsWith(module.buildId())) {
            throw new AssertionError("the board runs another build of %s than the one just built: build id %s, not %s"
                    .formatted(module.name(), running, module.buildId()));
        }
        board.evidence().event("proof", "%s runs with build id %s".formatted(module.name(), module.buildId()));
    }
}
