package dev.hil.board;

import dev.hil.link.InfrastructureException;
import dev.hil.link.SshTarget;
import dev.hil.record.Evidence;
import dev.hil.record.Lease;
import dev.hil.record.Ledger;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A lease of a board that holds between all users of this host, wherever each keeps their runs, and by whatever name
 * each knows the board: its file lies in a folder that all may write, and is named by the board's address.
 */
final class HostLease implements AutoCloseable {
    private static final Pattern LEDGER = Pattern.compile("; ledger (/\\P{Cntrl}+)$");

    private final Optional<Lease> lease;
    private final Path ledger;

    private HostLease(Optional<Lease> lease, Path ledger) {
        this.lease = lease;
        this.ledger = ledger;
    }

    /**
     * Takes it. Where there is no folder for it, that is noted, and the board is guarded between the runs of one home
     * only.
     *
     * @throws dev.hil.record.LeaseHeldException naming the holder
     * @throws InfrastructureException where a run of somebody else has left the board changed
     */
    static HostLease take(BoardDefinition definition, SshTarget target, Evidence evidence) {
        Path ledger =
                evidence.home().toAbsolutePath().resolve(definition.name()).resolve("ledger.jsonl");
        Path folder = Path.of(System.getProperty("hil.locks", "/run/lock/hil"));
        if (!isThere(folder)) {
            evidence.event(
                    "lease",
                    "%s cannot be made: other users of this host are not kept from the board".formatted(folder));
            return new HostLease(Optional.empty(), ledger);
        }
        Path file = folder.resolve((target.host() + "_" + target.port()).replaceAll("[^A-Za-z0-9._-]", "_"));
        Lease lease =
                Lease.take(file, "board " + definition.name(), "a run; ledger " + ledger, Lease.waitFromProperties());
        try {
            openToAll(file, "rw-rw-rw-");
            lease.cutOff().ifPresent(name -> requireRestored(name, ledger, definition));
            return new HostLease(Optional.of(lease), ledger);
        } catch (RuntimeException e) {
            lease.refuse();
            throw e;
        }
    }

    private static boolean isThere(Path folder) {
        try {
            if (!Files.isDirectory(folder)) {
                Files.createDirectory(folder);
                // As /tmp: all may make files, and nobody may remove those of others.
                Files.setAttribute(folder, "unix:mode", 01777);
            }
            return Files.isWritable(folder);
        } catch (IOException e) {
            return Files.isWritable(folder);
        }
    }

    private static void openToAll(Path file, String mode) {
        try {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
        } catch (IOException e) {
            // It is somebody else's, who has done that.
            return;
        }
    }

    private static void requireRestored(String holder, Path own, BoardDefinition definition) {
        Matcher matcher = LEDGER.matcher(holder);
        if (!matcher.find() || Path.of(matcher.group(1)).equals(own)) {
            return;
        }
        Path other = Path.of(matcher.group(1));
        boolean nothingOpen =
                Files.isReadable(other) && Ledger.open(Ledger.read(other)).isEmpty();
        if (nothingOpen || Files.notExists(other)) {
            return;
        }
        throw new InfrastructureException(
                ("board %s was left changed by a run of another home, %s. Let them run `hil recover`, or, with the right to"
                                + " write there, run `hil recover --home %s` yourself")
                        .formatted(
                                definition.name(),
                                holder,
                                other.resolve("../..").normalize()));
    }

    /** Gives it back; with the name left in it where the board is still changed. */
    @Override
    public void close() {
        lease.ifPresent(held -> {
            if (Ledger.open(Ledger.read(ledger)).isEmpty()) {
                held.close();
            } else {
                held.leave();
            }
        });
    }
}
