package dev.hil.board;

import dev.hil.link.Command;
import dev.hil.link.Deadline;
import dev.hil.link.Durations;
import dev.hil.link.ExecResult;
import dev.hil.link.FileTransfer;
import dev.hil.link.InfrastructureException;
import dev.hil.link.LinkException;
import dev.hil.link.Sha256;
import dev.hil.link.Shell;
import dev.hil.record.Evidence;
import dev.hil.record.Ledger;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/**
 * What survived a reset. Looked for in /sys/fs/pstore <em>and</em> in /var/lib/systemd/pstore, since systemd-pstore
 * empties the first into the second while the board boots: an empty /sys/fs/pstore does not mean that nothing was
 * captured. Nothing is removed before its copy is on this host's disk with the same checksum.
 */
public final class Pstore {
    static final List<String> PLACES = List.of("/sys/fs/pstore", "/var/lib/systemd/pstore");

    /** The kinds of which the kernel keeps one ring, with the old content's record and the new content in it. */
    private static final Set<PstoreRecord.Kind> LIVE =
            Set.of(PstoreRecord.Kind.CONSOLE, PstoreRecord.Kind.PMSG, PstoreRecord.Kind.FTRACE);

    private static final long LARGEST_RECORD = 16L << 20;
    private static final int MOST_RECORDS = 200;
    private static final long MOST_BYTES = 256L << 20;
    /** Each copy has its own limit; a board that is slow by a little each time must not hold up a run for hours. */
    private static final Duration LIMIT = Duration.ofMinutes(15);
    /** A cable that is out for long is for whoever waits for the board; this is for a server that only just starts. */
    private static final Duration LOST = Duration.ofSeconds(15);

    private static final Duration PAUSE = Duration.ofMillis(200);
    /** Two NUL-terminated pieces a file, its path and {@code SIZE MTIME, SHA256 ...}: names may hold anything else. */
    private static final String LIST = "for d in \"$@\"; do [ -d \"$d\" ] || continue;"
            + " as_root find \"$d\" -maxdepth 3 -type f -print0 -exec stat -c '%s %Y' -- {} \\;"
            + " -exec sha256sum -- {} \\; -exec printf '\\0' \\; || exit; done";

    private final Shell shell;
    private final Evidence evidence;
    private final Ledger ledger;
    private final List<String> places;
    private int copies;

    Pstore(Shell shell, Evidence evidence, Ledger ledger) {
        this(shell, evidence, ledger, PLACES);
    }

    /** @param places where to look; the first is the kernel's own */
    Pstore(Shell shell, Evidence evidence, Ledger ledger, List<String> places) {
        this.places = List.copyOf(places);
        this.shell = shell;
        this.evidence = evidence;
        this.ledger = ledger;
    }

    /**
     * Copies every record into the evidence folder. A link that is lost meanwhile is waited for, for a while: the next
     * reset may end what is there.
     *
     * @return the records, oldest first
     * @throws InfrastructureException where a record cannot be copied whole
     */
    public synchronized List<PstoreRecord> read() {
        Deadline deadline = Deadline.in(LOST);
        while (true) {
            try {
                return readOnce();
            } catch (LinkException e) {
                if (!e.kind().mayPass()
                        || deadline.isOver()
                        || Thread.currentThread().isInterrupted()) {
                    throw e;
                }
                evidence.event("pstore", "is read once more: " + e.getMessage());
                LockSupport.parkNanos(deadline.atMost(PAUSE).toNanos());
            }
        }
    }

    private List<PstoreRecord> readOnce() {
        List<PstoreListing> listed = list();
        List<PstoreRecord> records = new ArrayList<>();
        if (!listed.isEmpty()) {
            // Before the first byte: what there is no room for stays on the board.
            evidence.requireRoom(
                    listed.stream().mapToLong(PstoreListing::size).sum(),
                    "%d pstore records of %s".formatted(listed.size(), shell.name()));
            Path folder = evidence.folder("pstore-" + ++copies);
            Deadline deadline = Deadline.in(LIMIT);
            for (PstoreListing file : listed) {
                if (deadline.isOver()) {
                    throw new InfrastructureException("%s: %d of %d pstore records were copied within %s, to %s"
                            .formatted(shell.name(), records.size(), listed.size(), Durations.text(LIMIT), folder));
                }
                records.add(copy(file, folder, records.size()));
            }
            evidence.event(
                    "pstore",
                    "copied %d records to %s: %s"
                            .formatted(
                                    records.size(),
                                    folder,
                                    String.join(
                                            ", ",
                                            records.stream()
                                                    .map(PstoreRecord::name)
                                                    .toList())));
        }
        records.sort(Comparator.comparing(PstoreRecord::modified).thenComparing(PstoreRecord::path));
        return List.copyOf(records);
    }

    private PstoreRecord copy(PstoreListing file, Path folder, int index) {
        String name = file.path().substring(file.path().lastIndexOf('/') + 1);
        // The number keeps two records apart whose names differ only in what a file name here may not hold.
        Path copy = folder.resolve("%d-%s".formatted(index, evidence.file(name).getFileName()));
        String sum = FileTransfer.pull(shell, file.path(), copy, LARGEST_RECORD, true);
        if (!sum.equals(file.sha256())) {
            throw new InfrastructureException("%s on %s changed while it was read: checksum %s, then %s"
                    .formatted(file.path(), shell.name(), file.sha256(), sum));
        }
        return new PstoreRecord(
                file.path(), PstoreRecord.Kind.of(name), Instant.ofEpochSecond(file.modified()), sum, copy);
    }

    private List<PstoreListing> list() {
        ExecResult result = shell.exec(Command.rootScript(LIST, places.toArray(String[]::new)))
                .orThrow();
        // What systemd-pstore has moved on meanwhile is not there any more; anything else is worth a look.
        List<PstoreListing> files = PstoreListing.parse(
                result.stdout(),
                places,
                MOST_RECORDS,
                path -> evidence.event("pstore", "not copied, since nothing could be learnt of it: " + path));
        if (result.droppedBytes() > 0 || files.size() > MOST_RECORDS) {
            throw new InfrastructureException("%s has more than %d files under %s: look what fills it"
                    .formatted(shell.name(), MOST_RECORDS, places));
        }
        if (files.stream().mapToLong(file -> Math.min(file.size(), MOST_BYTES)).sum() > MOST_BYTES) {
            throw new InfrastructureException("%s has more than %d MB under %s: look what fills it"
                    .formatted(shell.name(), MOST_BYTES >> 20, places));
        }
        return files;
    }

    /**
     * Removes records whose copies are safe. Those of console, pmsg and ftrace in /sys/fs/pstore stay: removing one wipes
     * the buffer into which the <em>running</em> kernel writes (fs/pstore/ram.c, ramoops_pstore_erase), and with it the
     * canary of the running boot.
     *
     * @return the records that were removed
     */
    public synchronized List<PstoreRecord> clear(List<PstoreRecord> copied) {
        List<PstoreRecord> removed = new ArrayList<>();
        try {
            for (PstoreRecord record : copied) {
                boolean live = LIVE.contains(record.kind()) && record.path().startsWith(places.get(0) + "/");
                if (!live) {
                    remove(record);
                    removed.add(record);
                }
            }
        } finally {
            // Also where a later one could not be removed.
            if (!removed.isEmpty()) {
                ledger.note("removed from pstore after a verified copy: "
                        + String.join(
                                ", ", removed.stream().map(PstoreRecord::path).toList()));
                shell.exec(Command.of("sync").root()).orThrow();
            }
        }
        return List.copyOf(removed);
    }

    private static void requireCopy(PstoreRecord record) {
        String sum;
        try {
            sum = Sha256.of(record.copy());
        } catch (IOException e) {
            throw new InfrastructureException(
                    "%s stays on the board: its copy cannot be read: %s".formatted(record.path(), e), e);
        }
        if (!sum.equals(record.sha256())) {
            throw new InfrastructureException("%s stays on the board: its copy %s has the checksum %s, not %s"
                    .formatted(record.path(), record.copy(), sum, record.sha256()));
        }
    }

    private void remove(PstoreRecord record) {
        requireCopy(record);
        // Checked again in the same command: a record that is not the one that was copied stays.
        shell.exec(Command.rootScript(
                        "s=$(as_root sha256sum -- \"$1\") && s=${s#\\\\} && [ \"${s%% *}\" = \"$2\" ] ||"
                                + " { echo \"$1 is not what was copied; it stays\" >&2; exit 3; }; as_root rm -- \"$1\"",
                        record.path(), record.sha256()))
                .orThrow();
    }
}
