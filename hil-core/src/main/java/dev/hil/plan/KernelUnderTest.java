package dev.hil.plan;

import dev.hil.board.Board;
import dev.hil.board.BoardDefinition;
import dev.hil.board.KernelIdentity;
import dev.hil.board.Reset;
import dev.hil.kernel.BuildException;
import dev.hil.kernel.KernelBuild;
import dev.hil.kernel.KernelConfig;
import dev.hil.kernel.KernelTree;
import dev.hil.kernel.Series;
import dev.hil.kernel.SeriesEntry;
import dev.hil.link.Command;
import dev.hil.link.Durations;
import dev.hil.link.FileTransfer;
import dev.hil.link.InfrastructureException;
import dev.hil.record.Evidence;
import dev.hil.record.Undo;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The kernel that a plan builds, installs under a boot label of its own and boots: steps 1.1 to 1.7 of an iter6-style
 * plan, each a method here, each after the one before. Everything done to tree and board is in the ledger.
 *
 * <p>A bisect step is made upon it. Without it, steps that change modules only are made upon the kernel of the label
 * {@code boot.test}, which is then taken as it is.
 */
public final class KernelUnderTest {
    /** What lockdep is made of, and what costs as much: lib/Kconfig.debug. */
    private static final List<String> LOCK_DEBUGGING = List.of(
            "PROVE_LOCKING",
            "PROVE_RAW_LOCK_NESTING",
            "LOCK_STAT",
            "DEBUG_LOCKDEP",
            "DEBUG_LOCK_ALLOC",
            "DEBUG_WW_MUTEX_SLOWPATH",
            "DEBUG_RT_MUTEXES",
            "DEBUG_RWSEMS",
            "DEBUG_MUTEXES",
            "DEBUG_SPINLOCK",
            "DEBUG_ATOMIC_SLEEP");

    private static final String WITHOUT_LOCKDEP = "-nolockdep";
    private static final Duration AHEAD = Duration.ofHours(2);

    private final Board board;
    private final BoardDefinition.Kernel definition;
    private final KernelTree tree;
    private final KernelInstallation installation;
    /** The options that are set in it. */
    private final Map<String, String> options;
    /** In the names of logs and backups. */
    private final String purpose;

    private final Set<SeriesEntry> applied = ConcurrentHashMap.newKeySet();
    private final ExecutorService worker = Executors.newSingleThreadExecutor(run -> {
        Thread thread = new Thread(run, "build-ahead");
        thread.setDaemon(true);
        return thread;
    });
    // Volatile: a step that is built ahead is another thread's.
    private volatile @Nullable KernelBuild own;
    private volatile @Nullable KernelIdentity built;
    private volatile @Nullable KernelIdentity installed;
    /** By module name: what lies on the board for this kernel. */
    private volatile Map<String, String> ids = Map.of();

    private @Nullable Step ahead;
    private @Nullable Future<?> building;
    private boolean configured;
    private boolean modulesInstalled;
    private boolean labelled;

    private KernelUnderTest(
            Board board, BoardDefinition.Kernel definition, Map<String, String> options, String purpose) {
        this.options = options;
        this.purpose = purpose;
        this.board = board;
        this.definition = definition;
        this.tree = new KernelTree(board.buildHost(), definition.tree());
        this.installation = new KernelInstallation(board, definition.test());
    }

    /**
     * Takes the board's kernel tree for this run.
     *
     * @throws dev.hil.board.DefinitionException where the definition has no kernel
     */
    public static KernelUnderTest of(Board board) {
        return new KernelUnderTest(
                board, board.claimKernel(), board.definition().plan().config(), "base");
    }

    private String log() {
        return "build-%s.log".formatted(purpose);
    }

    /**
     * Step 3.1: this kernel with all patches of the series, to be built once more without lock debugging, under a release
     * and a boot label of its own. Its steps are the same; {@link #boot()} makes them all.
     *
     * @throws InfrastructureException where not all of the series is on the board
     */
    public KernelUnderTest withoutLockdep() {
        List<String> missing = Series.read(definition.series()).entries().stream()
                .filter(patch -> !applied.contains(patch))
                .map(SeriesEntry::name)
                .toList();
        if (!isOwn() || !missing.isEmpty()) {
            throw new InfrastructureException(
                    ("step 3.1 is for the whole series on a kernel that this run has built (steps 1.1 to 1.6); on the board"
                                    + " it lacks %s. Run the whole plan")
                            .formatted(missing.isEmpty() ? "that kernel" : String.join(", ", missing)));
        }
        awaitAhead();
        KernelConfig now = build().config();
        Map<String, String> off = new TreeMap<>();
        LOCK_DEBUGGING.stream().filter(now::isBuiltIn).forEach(symbol -> off.put(symbol, "n"));
        List<String> make = new ArrayList<>(definition.test().make());
        make.add("LOCALVERSION=" + localVersion() + WITHOUT_LOCKDEP);
        String objects = build().objects();
        BoardDefinition.Test test = new BoardDefinition.Test(
                Optional.of(label() + WITHOUT_LOCKDEP),
                List.copyOf(make),
                definition.test().goals(),
                definition.test().initramfs(),
                Optional.empty());
        BoardDefinition.Kernel same = new BoardDefinition.Kernel(
                definition.tree(),
                objects.equals(tree.path()) ? Optional.empty() : Optional.of(objects),
                definition.place(),
                definition.make(),
                definition.environment(),
                definition.series(),
                test);
        return new KernelUnderTest(board, same, off, "safe");
    }

    /** The last one that make is given; it wins. */
    private String localVersion() {
        return Stream.concat(definition.make().stream(), definition.test().make().stream())
                .filter(argument -> argument.startsWith("LOCALVERSION="))
                .reduce((first, last) -> last)
                .map(argument -> argument.substring("LOCALVERSION=".length()))
                .orElse("");
    }

    Board board() {
        return board;
    }

    BoardDefinition.Kernel definition() {
        return definition;
    }

    KernelTree tree() {
        return tree;
    }

    /** The label that it boots by. */
    public String label() {
        return built == null ? board.definition().boot().test() : installation.label();
    }

    /** Whether this run has built and installed it, so that its image and modules may be replaced. */
    public boolean isOwn() {
        return installed != null;
    }

    /** The release and nonce of the build that lies on the board. */
    public Optional<KernelIdentity> identity() {
        return Optional.ofNullable(installed);
    }

    /** The build that steps go on with: this kernel's own, or the one that the definition has. */
    KernelBuild build() {
        KernelBuild building = own;
        return building == null ? new KernelBuild(board.buildHost(), tree, definition, board.evidence()) : building;
    }

    /** Where its objects lie, vmlinux among them. */
    public String objects() {
        return build().objects();
    }

    /** The build id of each module that lies on the board for this kernel, where that is known. */
    Map<String, String> ids() {
        return ids;
    }

    void applied(SeriesEntry patch) {
        applied.add(patch);
    }

    /** Whether this run has put a patch onto the board. */
    public boolean hasApplied(SeriesEntry patch) {
        return applied.contains(patch);
    }

    /** The step of a patch; the one that is being built ahead, when that is done. */
    public Step step(String beginning) {
        Step next = Step.of(this, beginning);
        awaitAhead();
        Step waiting = ahead;
        ahead = null;
        return waiting != null && waiting.patch().equals(next.patch()) ? waiting : next;
    }

    /**
     * Builds a step while the board is busy with the one before: only on a board that ends with this run, since a run that
     * is cut and resumed would find the tree with a patch of a step that was never made.
     */
    public void prepareAhead(String beginning) {
        if (!isOwn() || !board.isThrowAway() || ahead != null) {
            return;
        }
        Step next = Step.of(this, beginning);
        ahead = next;
        building = worker.submit(() -> {
            try {
                next.prepare();
            } catch (RuntimeException e) {
                board.evidence()
                        .event(
                                "build",
                                "%s, ahead of its step: %s"
                                        .formatted(next.patch().name(), e.getMessage()));
            }
        });
    }

    /** Waits until nothing is built ahead any more; what was built stays in the ledger, and is undone with the rest. */
    public void awaitAhead() {
        Future<?> running = building;
        building = null;
        if (running == null) {
            return;
        }
        try {
            running.get(AHEAD.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InfrastructureException("interrupted while waiting for a build", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new InfrastructureException(
                    "the build ahead did not end within %s: %s".formatted(Durations.text(AHEAD), e), e);
        }
    }

    /** A step was taken back, and with it what was built upon it. */
    void forgetAhead() {
        awaitAhead();
        ahead = null;
    }

    /** A step has replaced some modules. */
    void installed(Map<String, String> some) {
        Map<String, String> all = new TreeMap<>(ids);
        all.putAll(some);
        ids = Map.copyOf(all);
    }

    /** Back to what was known at some time. */
    void restored(Map<String, String> before, @Nullable KernelIdentity identity) {
        ids = before;
        installed = identity;
        if (identity != null) {
            built = identity;
            board.expect(installation.label(), identity);
        }
    }

    /**
     * Step 1.1: keeps the configuration, with a copy beside it. Where the definition names objects to begin from, they
     * are copied first, so that the others who use them keep theirs.
     *
     * @return the configuration as it is
     */
    public KernelConfig saveConfiguration() {
        Evidence evidence = board.evidence();
        evidence.fact("kernel tree: " + tree.path(), tree.commit());
        Optional<String> objects =
                definition.test().seed().map(this::copyObjects).or(definition::build);
        KernelBuild building = new KernelBuild(
                board.buildHost(),
                tree,
                definition.in(objects, definition.test().make()),
                evidence);
        KernelConfig config = building.config();
        own = building;
        protectConfiguration(purpose);
        evidence.event(
                "config", "%d options in %s/.config".formatted(config.values().size(), building.objects()));
        return config;
    }

    /** A folder of this run's own for objects. */
    private String copyObjects(String seed) {
        String folder = "%s/hil-objects-%s"
                .formatted(
                        board.buildHost()
                                .exec(Command.script("printf %s \"${TMPDIR:-/tmp}\""))
                                .orThrow()
                                .stdout(),
                        board.evidence().folder().getFileName());
        return board.change("objects in " + folder, new Undo.RemoveTree(Undo.Where.BUILD_HOST, folder), () -> {
            // Fails where there is one: in /tmp somebody else could have made it.
            board.buildHost().exec("mkdir", "-m", "700", "--", folder).orThrow();
            board.buildHost()
                    .exec(Command.of("cp", "-a", "--reflink=auto", "--", seed + "/.", folder)
                            .timeout(Duration.ofMinutes(5)))
                    .orThrow();
            return folder;
        });
    }

    /** Keeps a copy of .config beside it, to be put back. */
    void protectConfiguration(String name) {
        String file = build().objects() + "/.config";
        String backup = file + ".hil-before-" + name;
        String sum = FileTransfer.sha256(board.buildHost(), file, Duration.ofMinutes(1), false);
        board.changes()
                .make(
                        "kernel configuration " + file,
                        new Undo.RestoreFile(Undo.Where.BUILD_HOST, file, backup, sum),
                        () -> board.buildHost()
                                .exec(Command.script("cp -p -- \"$1\" \"$2\" && sync \"$2\"", file, backup))
                                .orThrow());
    }

    /**
     * Step 1.2: sets the options of the plan and makes sure that each took.
     *
     * @return the configuration that is built
     * @throws BuildException naming option, wanted and got
     */
    public KernelConfig configure() {
        if (own == null) {
            saveConfiguration();
        }
        KernelConfig config = build().configure(options, log());
        options.forEach((symbol, value) ->
                board.evidence().event("config", "%s=%s took".formatted(symbol, config.get(symbol))));
        configured = true;
        return config;
    }

    /**
     * Step 1.3: builds image and modules.
     *
     * @return what will run
     */
    public KernelIdentity buildKernel() {
        if (!configured) {
            configure();
        }
        KernelIdentity identity = make(log());
        board.evidence().event("build", "made " + identity);
        return identity;
    }

    /** Builds with a new nonce, which {@code uname -v} will show. */
    KernelIdentity make(String log) {
        return make("hil." + HexFormat.of().formatHex(new SecureRandom().generateSeed(4)), log);
    }

    /** Builds with a nonce. The release is asked for first: it must not collide, and nothing is built for nothing. */
    KernelIdentity make(String nonce, String log) {
        KernelBuild building = build().with("KBUILD_BUILD_VERSION=" + nonce);
        own = building;
        String release = building.release();
        installation.requireOwnRelease(release);
        building.kernel(definition.test().goals(), log);
        KernelIdentity identity = new KernelIdentity(release, nonce);
        built = identity;
        return identity;
    }

    /** Step 1.4: puts the modules into a folder of the board that is free or this run's own. */
    public String installModules() {
        if (built == null) {
            buildKernel();
        }
        String folder = installation.modules(build(), identityBuilt(), log(), purpose);
        ids = build().buildIds();
        modulesInstalled = true;
        return folder;
    }

    /** Step 1.5: puts image, configuration and, where there is to be one, initramfs into /boot. */
    public String installImage() {
        if (!modulesInstalled) {
            installModules();
        }
        return installation.image(build(), identityBuilt(), purpose);
    }

    /** Step 1.6: adds the label to the boot menu, like the safe one, and makes it the default. */
    public void addLabel() {
        if (!installation.hasImage()) {
            installImage();
        }
        KernelIdentity identity = identityBuilt();
        installation.addLabel(identity);
        board.expect(installation.label(), identity);
        board.makeDefault(installation.label());
        installed = identity;
        labelled = true;
    }

    /**
     * Step 1.7: boots it.
     *
     * @throws AssertionError where another build comes up, or none
     */
    public Reset boot() {
        if (!labelled) {
            addLabel();
        }
        Reset reset = board.reboot(label());
        proveLoaded();
        return reset;
    }

    private KernelIdentity identityBuilt() {
        KernelIdentity identity = built;
        if (identity == null) {
            throw new IllegalStateException("built before it is installed");
        }
        return identity;
    }

    /** Puts a kernel that was built anew in the place of the one that is installed. */
    void replace(String step, String log) {
        KernelIdentity identity = identityBuilt();
        installation.modules(build(), identity, log, step);
        installation.image(build(), identity, step);
        ids = build().buildIds();
        installed = identity;
        board.expect(installation.label(), identity);
    }

    /** Holds every module that is loaded and was built here against what lies on the board. */
    void proveLoaded() {
        LoadedModules.read(board).prove(ids);
    }
}
