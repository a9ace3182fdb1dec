package dev.hil.board;

import dev.hil.boot.BootEntry;
import dev.hil.boot.BootMenuException;
import dev.hil.boot.ExtlinuxMenu;
import dev.hil.boot.UBoot;
import dev.hil.link.Command;
import dev.hil.link.Console;
import dev.hil.link.ContainerShell;
import dev.hil.link.ExecResult;
import dev.hil.link.FileTransfer;
import dev.hil.link.InfrastructureException;
import dev.hil.link.Power;
import dev.hil.link.Recording;
import dev.hil.link.Shell;
import dev.hil.link.SshShell;
import dev.hil.record.Evidence;
import dev.hil.record.FoundState;
import dev.hil.record.Ledger;
import dev.hil.record.StepOutcome;
import dev.hil.record.Undo;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;

/** A board that is reached over ssh. */
final class LiveBoard implements Board, AutoCloseable {

    private static final Duration DRAIN = Duration.ofSeconds(20);

    private final BoardConnection connection;
    private final BoardDefinition definition;
    private final Evidence evidence;
    private final Ledger ledger;
    private final SshShell ssh;
    private final Shell buildHost;
    private final BoardFiles files;
    private final Changes changes;
    private final Pstore pstore;
    private final BoardWatch watch;
    private final Passages passages;
    private final RunningLabel running;
    private final Recovery recovery;
    private final Resuming resuming;
    private final Function<Undo.Where, FoundState> states;

    /** The kernels that this run has installed, by label. */
    private final Map<String, KernelIdentity> installedKernels = new ConcurrentHashMap<>();

    LiveBoard(BoardConnection connection, Evidence evidence, Ledger ledger) {
        this.connection = connection;
        this.definition = connection.definition();
        this.evidence = evidence;
        this.ledger = ledger;
        this.ssh = new SshShell(connection.ssh(), definition.ssh().sudo());
        this.buildHost = BuildHosts.of(
                definition.kernel(), ssh, image -> evidence.fact("kernels are built by the image", image));
        this.files = new BoardFiles(ssh, evidence);
        FoundStates reader = new FoundStates(definition, files, ssh, buildHost);
        this.states = reader::read;
        this.changes = new Changes(
                ledger,
                evidence,
                new Undoing(
                        () -> files, () -> new BoardFiles(buildHost, evidence, false), () -> buildHost, this::returnTo),
                // A board that ends with this run is not given back to anybody.
                where -> connection.isThrowAway() ? Optional.empty() : Optional.of(reader.read(where)));
        this.running = new RunningLabel(files, ssh, definition.boot().menu());
        this.recovery = new Recovery(
                ledger, changes, evidence, states, running, definition.boot().safe());
        this.resuming = new Resuming(ledger, changes, evidence, states);
        this.pstore = new Pstore(ssh, evidence, ledger);
        this.watch = new BoardWatch(
                ssh,
                evidence,
                connection.console(),
                () -> KnownIssuesFile.read(definition),
                (lost, why) -> passages().linkLost(lost));
        this.passages = new Passages(
                ssh,
                evidence,
                watch,
                new Resets(connection, ssh, evidence, ledger, watch),
                new Aftermath(ssh, pstore, connection.console()),
                () -> Qualifier.of(this).known());
    }

    private Passages passages() {
        return passages;
    }

    /** Waits until the board answers. */
    void start() {
        passages.start();
    }

    /** Whether an earlier run has left something to put back or to compare. */
    boolean needsRecovery() {
        return recovery.isNeeded();
    }

    /** What a resumed run goes on from; empty where no step was proven. */
    Optional<Resumption> resume() {
        return connection.isThrowAway() ? Optional.empty() : resuming.resume();
    }

    /** Writes how a step came out, and how it leaves the machines. */
    void outcome(String identity, String patch, StepOutcome.Result result, String why) {
        List<FoundState> left = new ArrayList<>();
        if (result == StepOutcome.Result.PROVEN && !connection.isThrowAway()) {
            for (Undo.Where where : Undo.Where.values()) {
                left.add(states.apply(where));
            }
        }
        ledger.step(new StepOutcome(
                identity, patch, result, why, evidence.folder().toAbsolutePath().toString(), left));
    }

    /** Puts the board back as it was found. */
    RecoveryReport recover(boolean accept) {
        return recovery.run(accept);
    }

    @Override
    public Reset verdict() {
        return passages.verdict();
    }

    @Override
    public String name() {
        return definition.name();
    }

    @Override
    public BoardDefinition definition() {
        return definition;
    }

    @Override
    public Boot boot() {
        return passages.boot();
    }

    @Override
    public String bootId() {
        return Boot.read(ssh).id();
    }

    @Override
    public String kernelRelease() {
        return Boot.read(ssh).release();
    }

    @Override
    public Reset reboot() {
        return passages.reboot();
    }

    @Override
    public Reset reboot(String label) {
        Reset reset;
        try {
            reset = rebootInto(label);
        } catch (BoardLostException e) {
            throw brought(label, e);
        }
        return expecting(label, reset);
    }

    private Reset expecting(String label, Reset reset) {
        Boot now = reset.after();
        expectedKernel(label).filter(kernel -> !kernel.isOf(now)).ifPresent(kernel -> {
            throw new AssertionError(
                    ("label \"%s\" of %s on %s must boot %s, but %s runs. Whatever a test says now, it says of another kernel"
                                    + " than the one it is for. Look at the label's LINUX line, and whether that file was"
                                    + " written whole.")
                            .formatted(label, definition.boot().menu(), name(), kernel, now));
        });
        return reset;
    }

    /** A board whose kernel does not come up is brought back, if that can be done from here. */
    private RuntimeException brought(String label, BoardLostException lost) {
        String safe = definition.boot().safe();
        Optional<Rescue> rescue = connection.rescue();
        if (rescue.isEmpty() || label.equals(safe)) {
            return lost;
        }
        try {
            evidence.event(
                    "rescue",
                    "label %s does not come up: %s"
                            .formatted(label, rescue.get().inWords()));
            passages.rescued(() -> rescue.get().boot(safe));
            Changes.Undone undone = changes.undoDefault();
            if (!undone.failed().isEmpty()) {
                throw new InfrastructureException(String.join("; ", undone.failed()));
            }
            passages.rescued(rescue.get()::release);
        } catch (RuntimeException e) {
            evidence.event("rescue", "failed: " + e.getMessage());
            lost.addSuppressed(e);
            return lost;
        }
        throw new AssertionError(
                "label \"%s\" does not come up: %s%nThe board was brought back and runs its safe label \"%s\" (%s)."
                        .formatted(label, lost.getMessage(), safe, boot()),
                lost);
    }

    @Override
    public void returnToSafe() {
        String safe = definition.boot().safe();
        Changes.Undone undone = changes.undoDefault();
        if (!undone.failed().isEmpty()) {
            throw new InfrastructureException(String.join("; ", undone.failed()));
        }
        if (!running.isRunning(safe).proven()) {
            reboot(safe);
        }
    }

    @Override
    public void makeDefault(String label) {
        choose(label);
    }

    private Reset rebootInto(String label) {
        choose(label);
        return reboot();
    }

    @Override
    public Reset rebootOnce(String label) {
        String prompt = definition
                .boot()
                .uboot()
                .orElseThrow(() -> new DefinitionException(
                        "%s: label \"%s\" is to be chosen in U-Boot, but boot.uboot is not set: write U-Boot's prompt there, such as uboot = \"=> \"; it must be one that a key stops (bootdelay > 0)"
                                .formatted(definition.at("boot"), label)));
        Console line = console()
                .orElseThrow(() -> new DefinitionException(
                        "%s: label \"%s\" is to be chosen in U-Boot, but there is no [console] to do so"
                                .formatted(definition.at("boot.uboot"), label)));
        BootEntry entry = bootable(menu(), label);
        Consent.toReboot(definition);
        leaveSafe(label);
        Duration limit = definition.boot().timeout();
        return expecting(
                label,
                passages.reboot(
                        mark -> UBoot.interrupt(line, prompt, mark, limit).boot(entry.title(), limit)));
    }

    private ExtlinuxMenu menu() {
        String path = definition.boot().menu();
        return ExtlinuxMenu.parse(path + " on " + name(), new String(files.read(path), StandardCharsets.ISO_8859_1));
    }

    private BootEntry bootable(ExtlinuxMenu menu, String label) {
        BootEntry entry = menu.entry(label);
        List<String> missing =
                entry.files().stream().filter(file -> !files.exists(file)).toList();
        if (!missing.isEmpty()) {
            throw new BootMenuException(
                    "label \"%s\" of %s on %s names files that are not there: %s. Nothing was changed."
                            .formatted(
                                    label,
                                    definition.boot().menu(),
                                    name(),
                                    Recording.excerpt(String.join(", ", missing))));
        }
        return entry;
    }

    private void choose(String label) {
        String path = definition.boot().menu();
        ExtlinuxMenu menu = menu();
        String text = menu.text();
        bootable(menu, label);
        // Before anything is written: a refused consent must leave the menu as it is.
        Consent.toReboot(definition);
        leaveSafe(label);
        if (!menu.defaultLabel().equals(label)) {
            String what = "DEFAULT of %s from %s to %s".formatted(path, menu.defaultLabel(), label);
            byte[] edited = menu.withDefault(label).text().getBytes(StandardCharsets.ISO_8859_1);
            changes.make(
                    what,
                    new Undo.SetDefault(Undo.Where.BOARD, path, menu.defaultLabel(), text),
                    () -> files.write(path, edited));
        }
    }

    private void leaveSafe(String label) {
        boolean leavesSafe = !label.equals(definition.boot().safe());
        if (leavesSafe && !connection.isThrowAway() && !hasLeftSafe()) {
            // Before DEFAULT, so that it is undone after DEFAULT; it stays open until the board is back.
            changes.make(
                    "board %s leaves its safe label %s"
                            .formatted(name(), definition.boot().safe()),
                    new Undo.BootLabel(Undo.Where.BOARD, definition.boot().safe()),
                    () -> {});
        }
    }

    private boolean hasLeftSafe() {
        return ledger.open().stream().anyMatch(entry -> entry.undo() instanceof Undo.BootLabel);
    }

    /** Makes the board run a label, unless it provably does. */
    private void returnTo(String label) {
        if (connection.isThrowAway() || running.isRunning(label).proven()) {
            return;
        }
        rebootInto(label);
        RunningLabel.Answer answer = running.isRunning(label);
        if (answer.refuted()) {
            throw new InfrastructureException(
                    "the board was rebooted, but does not run label %s: %s".formatted(label, answer.reason()));
        }
    }

    @Override
    public Reset crash() {
        return passages.crash();
    }

    @Override
    public Optional<KernelIdentity> expectedKernel(String label) {
        KernelIdentity installed = installedKernels.get(label);
        return Optional.ofNullable(installed == null ? connection.kernels().get(label) : installed);
    }

    @Override
    public void expect(String label, KernelIdentity kernel) {
        installedKernels.put(label, kernel);
    }

    @Override
    public boolean isThrowAway() {
        return connection.isThrowAway();
    }

    @Override
    public ExecResult exec(String... argv) {
        return ssh.exec(argv);
    }

    @Override
    public ExecResult exec(Command command) {
        return ssh.exec(command);
    }

    @Override
    public Shell shell() {
        return ssh;
    }

    @Override
    public void push(Path local, String remote) {
        FileTransfer.push(ssh, local, remote, true);
    }

    @Override
    public Path pull(String remote, long maxBytes) {
        String name = String.valueOf(
                evidence.file(remote.substring(remote.lastIndexOf('/') + 1)).getFileName());
        Path folder = evidence.folder("pulled");
        Path local = folder.resolve(name);
        // An earlier copy, or one of another file with that name, is evidence too.
        for (int i = 2; Files.exists(local); i++) {
            local = folder.resolve(name + "-" + i);
        }
        evidence.requireRoom(1, Recording.excerpt(remote));
        FileTransfer.pull(ssh, remote, local, maxBytes, true);
        evidence.count(local);
        return local;
    }

    @Override
    public Pstore pstore() {
        return pstore;
    }

    @Override
    public Optional<Console> console() {
        return connection.console();
    }

    @Override
    public Optional<Power> power() {
        return connection.power();
    }

    @Override
    public Kmsg kmsg() {
        return watch.kmsg();
    }

    @Override
    public BoardWatch watch() {
        return watch;
    }

    @Override
    public BootLog bootLog() {
        Drain drain = watch.drain(DRAIN);
        Boot now = passages.lastSeen();
        List<Path> recordings = watch.kmsg().recordings();
        return new BootLog(
                now, watch.kmsg().text(), watch.sightings(now), unseen(drain), recordings.get(recordings.size() - 1));
    }

    private List<String> unseen(Drain drain) {
        List<String> unseen = new ArrayList<>(watch.unseen());
        if (!drain.complete()) {
            unseen.add(drain.why());
        }
        return unseen;
    }

    @Override
    public Lockdep lockdep() {
        Drain drain = watch.drain(DRAIN);
        Lockdep.Readings now = Lockdep.Readings.read(ssh);
        Boot judged = boot();
        Lockdep lockdep =
                Lockdep.judge(now, judged.id(), watch.sightings(judged), watch.hasLine(Lockdep.BANNER), unseen(drain));
        evidence.event("lockdep", "%s: %s".formatted(lockdep.state(), lockdep.reason()));
        return lockdep;
    }

    @Override
    public <T> T change(String what, Undo undo, Supplier<T> action) {
        return changes.make(what, undo, action);
    }

    @Override
    public Changes changes() {
        return changes;
    }

    @Override
    public BoardFiles files() {
        return files;
    }

    @Override
    public BoardDefinition.Kernel claimKernel() {
        BoardDefinition.Kernel kernel = definition
                .kernel()
                .orElseThrow(() ->
                        new DefinitionException("%s has no [kernel]: building for the board needs its tree and series"
                                .formatted(definition.file())));
        connection.claimKernel();
        return kernel;
    }

    @Override
    public Shell buildHost() {
        return buildHost;
    }

    @Override
    public Evidence evidence() {
        return evidence;
    }

    /** Puts everything back at the end of a run; of a board that ends with it, only what lies elsewhere. */
    RecoveryReport giveBack() {
        if (!connection.isThrowAway()) {
            return recovery.isNeeded() ? recovery.run(false) : unchanged();
        }
        Changes.Undone undone = changes.undoAll();
        return new RecoveryReport(undone.undone(), List.of(), List.of(), undone.failed(), "");
    }

    /** There is nothing to be undone; but a board that answered when the run began must do so when it ends. */
    private RecoveryReport unchanged() {
        List<String> problems = new ArrayList<>();
        try {
            Boot.read(ssh);
        } catch (InfrastructureException e) {
            problems.add(
                    "nothing is to be undone, but it answered when the run began, and does not now: " + e.getMessage());
        }
        return new RecoveryReport(List.of(), problems, List.of(), List.of(), "");
    }

    @Override
    public void close() {
        watch.close();
        passages.close();
        ssh.close();
        if (buildHost instanceof ContainerShell container) {
            container.close();
        }
    }
}
