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
import java.util.ArrayList;
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
    private @Nullable Boot boot;
    /** The label that this run booted last; null while the board runs what it was found with. */
    private @Nullable String bootedLabel;

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
        this.changes = new Changes(ledger, evidence, new Undoing(() -> files, () -> buildHost));
        this.pstore = new Pstore(ssh, evidence, ledger);
        this.kmsg = new Kmsg(ssh, evidence);
        this.resets = new Resets(connection, ssh, evidence, ledger);
    }

    /** Waits until the board answers, and puts back what an earlier run left changed. */
    void start() {
        arrived(resets.awaitFirstBoot());
        if (!ledger.open().isEmpty()) {
            evidence.event(
                    "recovery",
                    "an earlier run left %d changes".formatted(ledger.open().size()));
            Changes.Undone undone = changes.undoAll();
            if (!undone.failed().isEmpty()) {
                throw new InfrastructureException(
                        "board %s was left changed by an earlier run, and not all of it could be put back:%n  %s"
                                .formatted(name(), String.join("%n  ".formatted(), undone.failed())));
            }
        }
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
        if (!menu.defaultLabel().equals(label)) {
            String what = "DEFAULT of %s from %s to %s".formatted(path, menu.defaultLabel(), label);
            byte[] edited = menu.withDefault(label).text().getBytes(StandardCharsets.ISO_8859_1);
            changes.make(what, new Undo.RestoreText(Undo.Where.BOARD, path, text), () -> files.write(path, edited));
        }
        // Noted before: a board that is lost on its way there must not be left there.
        bootedLabel = label;
        return reboot();
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

    /**
     * Takes all changes back; a board that stays is then rebooted into its safe label, if this run had booted another.
     */
    Changes.Undone giveBack() {
        Changes.Undone undone = changes.undoAll();
        String label = bootedLabel;
        if (connection.isThrowAway()
                || label == null
                || label.equals(definition.boot().safe())) {
            return undone;
        }
        List<String> failed = new ArrayList<>(undone.failed());
        try {
            reboot(definition.boot().safe());
            changes.undoAll();
        } catch (RuntimeException e) {
            failed.add("the board still runs label %s: %s".formatted(label, e.getMessage()));
        }
        return new Changes.Undone(undone.undone(), failed);
    }

    @Override
    public void close() {
        kmsg.stop();
        ssh.close();
    }
}
