package dev.hil.board;

import dev.hil.link.Command;
import dev.hil.link.ExecResult;
import dev.hil.link.FileTransfer;
import dev.hil.link.InfrastructureException;
import dev.hil.link.Sha256;
import dev.hil.link.Shell;
import dev.hil.record.Evidence;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Files on a machine, the board in the first place, that must survive what comes next. Written beside the old file, renamed, and brought to the disk by
 * a full {@code sync}: U-Boot does not replay the ext4 journal, and after a mere fsync it boots the old file.
 */
public final class BoardFiles {
    private static final long LARGEST_TEXT = 256 * 1024;
    private static final int NOT_READABLE = 42;
    /**
     * The device is found by the file's device number, since /proc/mounts may call it /dev/root; the path within it by
     * the longest mount point above the file.
     */
    private static final String READ_FROM_DISK =
            "PATH=$PATH:/usr/sbin:/sbin; command -v debugfs >/dev/null || exit 42; f=$(readlink -f \"$1\"); m=; t=;"
                    // debugfs takes its command apart by rules of its own, so that it is given plain names only.
                    + " case $f in *[!A-Za-z0-9_.+@~/-]*) exit 42;; esac;"
                    + " while read -r dev mnt type rest; do case \"$f\" in \"${mnt%/}\"/*)"
                    + " [ ${#mnt} -ge ${#m} ] && { m=$mnt; t=$type; };; esac; done < /proc/mounts;"
                    + " case $t in ext2|ext3|ext4) ;; *) exit 42;; esac;"
                    + " n=$(stat -c %d \"$f\"); n=$((n >> 8 & 4095)):$((n & 255 | n >> 12 & 1048320));"
                    + " d=/dev/$(sed -n 's/^DEVNAME=//p' \"/sys/dev/block/$n/uevent\"); [ -b \"$d\" ] || exit 42;"
                    // A device that debugfs cannot open, or an ext it does not know, says nothing.
                    + " [ -n \"$(as_root debugfs -D -R 'show_super_stats -h' \"$d\" 2>/dev/null)\" ] || exit 42;"
                    + " as_root debugfs -D -R \"cat \\\"${f#\"${m%/}\"}\\\"\" \"$d\" 2>/dev/null | sha256sum";

    private static final String OWN = "as_root() { \"$@\"; }; ";

    private final Shell shell;
    private final Evidence evidence;
    private final boolean asRoot;

    BoardFiles(Shell shell, Evidence evidence) {
        this(shell, evidence, true);
    }

    /** @param asRoot whether with root's rights; else with those of whoever is logged in, for files of their own */
    BoardFiles(Shell shell, Evidence evidence, boolean asRoot) {
        this.shell = shell;
        this.evidence = evidence;
        this.asRoot = asRoot;
    }

    private Command rights(Command command) {
        return asRoot ? command.root() : command;
    }

    private Command script(String script, String... values) {
        return asRoot ? Command.rootScript(script, values) : Command.script(OWN + script, values);
    }

    /** The bytes of a small file. */
    public byte[] read(String path) {
        try {
            Path copy = Files.createTempFile(evidence.folder("board-files"), fileName(path) + "-", "");
            FileTransfer.pull(shell, path, copy, LARGEST_TEXT, asRoot);
            return Files.readAllBytes(copy);
        } catch (IOException e) {
            throw new InfrastructureException("cannot keep a copy of %s of %s: %s".formatted(path, shell.name(), e), e);
        }
    }

    private String fileName(String path) {
        return String.valueOf(
                evidence.file(path.substring(path.lastIndexOf('/') + 1)).getFileName());
    }

    /** Whether a file is there. */
    public boolean exists(String path) {
        ExecResult result = shell.exec(rights(Command.of("test", "-e", path)));
        // sudo refuses with the same exit code, and a file that is taken for absent would be removed by an undo.
        if (!result.ok() && !(result.exitCode() == 1 && result.stderr().isBlank())) {
            result.orThrow();
        }
        return result.ok();
    }

    /** Whole folders of the board. */
    public Folders folders() {
        return new Folders(shell, asRoot);
    }

    /** The SHA-256 of a file. */
    public String sha256(String path) {
        return FileTransfer.sha256(shell, path, Duration.ofMinutes(1), asRoot);
    }

    /** Writes a small file, and makes sure of it. */
    public void write(String path, byte[] content) {
        try {
            Path local = Files.createTempFile(evidence.folder("board-files"), fileName(path) + "-", ".new");
            Files.write(local, content);
            push(local, path);
        } catch (IOException e) {
            throw new InfrastructureException("cannot keep a copy of the new %s: %s".formatted(path, e), e);
        }
    }

    /** Copies a file to the board, and makes sure of it. */
    public void push(Path local, String path) {
        FileTransfer.push(shell, local, path, asRoot);
        sync();
        try {
            verifyOnDisk(path, Sha256.of(local));
        } catch (IOException e) {
            throw new InfrastructureException("cannot read %s: %s".formatted(local, e), e);
        }
    }

    /** Writes a small file where it holds something else, and makes sure of it either way. */
    void ensure(String path, byte[] content) {
        if (exists(path) && sha256(path).equals(Sha256.of(content))) {
            // Who wrote it may have died before it came to the disk.
            sync();
            verifyOnDisk(path, Sha256.of(content));
        } else {
            write(path, content);
        }
    }

    /**
     * Copies a file of the board beside itself, on the board. The copy is on the disk before it gets its name: what it
     * is the backup of will be overwritten next, and the power may fail between the two.
     */
    public void copy(String from, String to) {
        shell.exec(script(
                                "set -e; p=\"$2.hil-part\"; as_root cp -p -- \"$1\" \"$p\"; sync;"
                                        + " as_root cmp -s -- \"$1\" \"$p\" ||"
                                        + " { echo \"the copy $p is not as $1\" >&2; exit 3; };"
                                        + " as_root mv -f -- \"$p\" \"$2\"; sync",
                                from,
                                to)
                        .timeout(Duration.ofMinutes(2)))
                .orThrow();
    }

    /** Puts a backup back in place; does nothing where that was done already. */
    void restore(String path, String backup, String sha256) {
        if (exists(backup)) {
            String found = sha256(backup);
            if (!found.equals(sha256)) {
                throw new InfrastructureException("the backup %s on %s has the checksum %s, not the recorded %s"
                        .formatted(backup, shell.name(), found, sha256));
            }
            shell.exec(rights(Command.of("mv", "-f", "--", backup, path))).orThrow();
            if (!asRoot) {
                // make goes by time: an older .config than what was made of a newer one would be passed over.
                shell.exec("touch", "--", path).orThrow();
            }
            sync();
        }
        removeParts(path, backup);
        if (!exists(path)) {
            throw new InfrastructureException(
                    "%s on %s is gone, and so is its backup %s".formatted(path, shell.name(), backup));
        }
        String now = sha256(path);
        if (!now.equals(sha256)) {
            throw new InfrastructureException(
                    "%s on %s has the checksum %s, not the recorded %s, and its backup %s is gone"
                            .formatted(path, shell.name(), now, sha256, backup));
        }
    }

    void remove(String path) {
        shell.exec(rights(Command.of("rm", "-f", "--", path))).orThrow();
        removeParts(path);
        sync();
        if (exists(path)) {
            throw new InfrastructureException("%s on %s is still there".formatted(path, shell.name()));
        }
    }

    /** What a copy that was cut off by a reset has left beside its target. */
    private void removeParts(String... targets) {
        for (String target : targets) {
            shell.exec(rights(Command.of("rm", "-f", "--", target + ".hil-part")))
                    .orThrow();
        }
    }

    private void sync() {
        shell.exec(rights(Command.of("sync")).timeout(Duration.ofMinutes(2))).orThrow();
    }

    /**
     * Reads the file as a boot loader would: from the block device, past the page cache and the journal. Done where the
     * board has debugfs of e2fsprogs, it may read the device, and the file lies on ext; elsewhere the sync has to be
     * trusted.
     */
    private void verifyOnDisk(String path, String sha256) {
        if (!asRoot) {
            // No boot loader reads it.
            return;
        }
        ExecResult result = shell.exec(Command.rootScript(READ_FROM_DISK, path).timeout(Duration.ofMinutes(1)));
        if (result.exitCode() == NOT_READABLE) {
            evidence.event(
                    "disk",
                    "%s could not be read back from the block device (it takes debugfs, root's rights for it, ext, and a plain name):"
                                    .formatted(path)
                            + " the sync is trusted");
            return;
        }
        String found = result.orThrow().text().split(" ", 2)[0];
        evidence.event(
                "disk",
                "%s read back from the block device: %s"
                        .formatted(path, found.equals(sha256) ? "as written" : "different"));
        if (!found.equals(sha256)) {
            throw new InfrastructureException(
                    ("%s was written on %s, but the disk still holds something else (checksum %s, not %s): a boot loader"
                                    + " would read the old file. Nothing was rebooted.")
                            .formatted(path, shell.name(), found, sha256));
        }
    }
}
