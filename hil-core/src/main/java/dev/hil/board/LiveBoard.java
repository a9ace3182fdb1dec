package dev.hil.board;

import dev.hil.boot.BootEntry;
import dev.hil.boot.BootMenuException;
import dev.hil.boot.ExtlinuxMenu;
import dev.hil.link.Command;
import dev.hil.link.Console;
import dev.hil.link.ExecResult;
import dev.hil.link.FileTransfer;
import dev.hil.link.InfrastructureException;
import dev.hil.link.LocalShell;
import dev.hil.link.Power;
import dev.hil.link.Shell;
import dev.hil.link.SshShell;
import dev.hil.record.Evidence;
import dev.hil.record.Ledger;
import dev.hil.record.Undo;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A board that is reached over ssh. */
final class LiveBoard implements Board, AutoCloseable {
    private final BoardConnection connection;
    private final BoardDefinition definition;
    private final Evidence evidence;
    private final Ledger ledger;
    private final SshShell ssh;
    private final Shell buildHost;
    private final BoardFiles files;
    private final Changes changes;
    private final Pstore pstore;
    private final Kmsg kmsg;
    private final Resets resets;
    private final RunningLabel running;
    private final Recovery recovery;
    private @Nullable Boot boot;

    LiveBoard(BoardConnection connection, Evidence evidence, Ledger ledger) {
        this.connection = connection;
        this.definition = connection.definition();
        this.evidence = evidence;
        this.ledger = ledger;
        this.ssh = new SshShell(connection.ssh(), definition.ssh().sudo());
        this.buildHost = definition
                .kernel()
                .filter(BoardDefinition.Kernel::onBoard)
                .<Shell>map(kernel -> ssh)
                .orElseGet(LocalShell::new);
        this.files = new BoardFiles(ssh, evidence);
        FoundStates states = new FoundStates(definition, files, ssh, buildHost);
        this.changes = new Changes(
                ledger,
                evidence,
                new Undoing(() -> files, () -> buildHost, this::returnTo),
                // A board that ends with this run is not given back to anybody.
                where -> connection.isThrowAway() ? Optional.empty() : Optional.of(states.read(where)));
        this.running = new RunningLabel(files, ssh, definition.boot().menu());
        this.recovery = new Recovery(
                ledger,
                changes,
                evidence,
                states::read,
                running,
                definition.boot().safe());
        this.pstore = new Pstore(ssh, evidence, ledger);
        this.kmsg = new Kmsg(ssh, evidence);
        this.resets = new Resets(connection, ssh, evidence, ledger);
    }

    /** Waits until the board answers. */
    void start() {
        arrived(resets.awaitFirstBoot());
    }

    /** Whether an earlier run has left something to put back or to compare. */
    boolean needsRecovery() {
        return recovery.isNeeded();
    }

    /** Puts the board back as it was found. */
    RecoveryReport recover(boolean accept) {
        return recovery.run(accept);
    }

    private void arrived(Boot reached) {
        boot = reached;
        kmsg.follow(reached);
        evidence.event("boot", reached.toString());
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
        Boot known = boot;
        return known == null ? Boot.read(ssh) : known;
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
        Reset reset = resets.reboot(boot());
        arrived(reset.after());
        return reset;
    }

    @Override
    public Reset reboot(String label) {
        String path = definition.boot().menu();
        String text = new String(files.read(path), StandardCharsets.ISO_8859_1);
        ExtlinuxMenu menu = ExtlinuxMenu.parse(path + " on " + name(), text);
        BootEntry entry = menu.entry(label);
        List<String> missing =
                entry.files().stream().filter(file -> !files.exists(file)).toList();
        if (!missing.isEmpty()) {
            throw new BootMenuException(
                    "label \"%s\" of %s on %s names files that are not there: %s. Nothing was changed."
                            .formatted(label, path, name(), String.join(", ", missing)));
        }
        // Before anything is written: a refused consent must leave the menu as it is.
        Consent.toReboot(definition);
        boolean leavesSafe = !label.equals(definition.boot().safe());
        if (leavesSafe && !connection.isThrowAway() && !hasLeftSafe()) {
            // Before DEFAULT, so that it is undone after DEFAULT; it stays open until the board is back.
            changes.make(
                    "board %s leaves its safe label %s"
                            .formatted(name(), definition.boot().safe()),
                    new Undo.BootLabel(Undo.Where.BOARD, definition.boot().safe()),
                    () -> {});
        }
        if (!menu.defaultLabel().equals(label)) {
            String what = "DEFAULT of %s from %s to %s".formatted(path, menu.defaultLabel(), label);
            byte[] edited = menu.withDefault(label).text().getBytes(StandardCharsets.ISO_8859_1);
            changes.make(
                    what,
                    new Undo.SetDefault(Undo.Where.BOARD, path, menu.defaultLabel(), text),
                    () -> files.write(path, edited));
        }
        return reboot();
    }

    private boolean hasLeftSafe() {
        return ledger.open().stream().anyMatch(entry -> entry.undo() instanceof Undo.BootLabel);
    }

    /** Makes the board run a label, unless it provably does. */
    private void returnTo(String label) {
        if (connection.isThrowAway() || running.isRunning(label).proven()) {
            return;
        }
        reboot(label);
        RunningLabel.Answer answer = running.isRunning(label);
        if (answer.refuted()) {
            throw new InfrastructureException(
                    "the board was rebooted, but does not run label %s: %s".formatted(label, answer.reason()));
        }
    }

    @Override
    public Reset crash() {
        Resets.Crash crash = resets.crash(boot());
        arrived(crash.reset().after());
        return Resets.judge(crash, pstore.read());
    }

    @Override
    public Optional<KernelIdentity> expectedKernel(String label) {
        return Optional.ofNullable(connection.kernels().get(label));
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
        String name = remote.substring(remote.lastIndexOf('/') + 1);
        Path local = evidence.folder("pulled")
                .resolve(String.valueOf(evidence.file(name).getFileName()));
        FileTransfer.pull(ssh, remote, local, maxBytes, true);
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
        return kmsg;
    }

    @Override
    public Lockdep lockdep() {
        return Lockdep.read(ssh);
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
            return recovery.isNeeded()
                    ? recovery.run(false)
                    : new RecoveryReport(List.of(), List.of(), List.of(), List.of(), "");
        }
        Changes.Undone undone = changes.undoAll();
        return new RecoveryReport(undone.undone(), List.of(), List.of(), undone.failed(), "");
    }

    @Override
    public void close() {
        kmsg.stop();
        ssh.close();
    }
}
