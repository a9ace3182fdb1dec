package dev.hil.link;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.DigestOutputStream;
import java.time.Duration;

/** Files through a {@link Shell}, by cat and sha256sum, so that it needs no file server and works with sudo. */
public final class FileTransfer {
    private static final Duration LIMIT = Duration.ofMinutes(5);

    private FileTransfer() {}

    /** Copies a file to the machine; see {@link Shell#push}. */
    public static void push(Shell shell, Path local, String remote, boolean asRoot) {
        try (InputStream in = Files.newInputStream(local)) {
            String sum = Sha256.of(local);
            Command command = Command.script(
                            // A link stays a link: the file behind it is replaced. x keeps line feeds at a name's end.
                            "set -e; f=$1; [ ! -L \"$f\" ] || { f=$(readlink -f -- \"$f\" && echo x); f=${f%?x}; }; "
                                    + "t=\"$f.hil-part\"; trap 'rm -f -- \"$t\"' EXIT; cat > \"$t\"; "
                                    + "s=$(sha256sum < \"$t\"); s=${s%% *}; "
                                    + "[ \"$s\" = \"$2\" ] || { echo \"checksum is $s, not $2\" >&2; exit 3; }; "
                                    + "if [ -e \"$f\" ]; then o=$(stat -c %u:%g -- \"$f\"); chown \"$o\" -- \"$t\" 2>/dev/null || :; "
                                    + "m=$(stat -c %a -- \"$f\"); chmod \"$m\" -- \"$t\"; fi; "
                                    + "mv -f -- \"$t\" \"$f\"; trap - EXIT",
                            remote, sum)
                    .timeout(LIMIT);
            shell.exec(asRoot ? command.root() : command, in).orThrow();
        } catch (IOException e) {
            throw new InfrastructureException(
                    "cannot read %s to copy it to %s: %s".formatted(local, shell.name(), e), e);
        }
    }

    /** Copies a file of the machine here; see {@link Shell#pull}. */
    public static String pull(Shell shell, String remote, Path local, long maxBytes, boolean asRoot) {
        Path part = local.resolveSibling(local.getFileName() + ".part");
        try {
            String sum = copyOut(shell, remote, part, maxBytes, asRoot);
            Command check = Command.script("sha256sum < \"$1\"", remote).timeout(LIMIT);
            String there = shell.exec(asRoot ? check.root() : check).orThrow().text();
            if (!there.startsWith(sum)) {
                throw new InfrastructureException(
                        "%s on %s changed while it was copied: checksum %s here, %s there. Copy it again."
                                .formatted(remote, shell.name(), sum, there.split(" ", 2)[0]));
            }
            Files.move(part, local, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            return sum;
        } catch (IOException e) {
            throw new InfrastructureException(
                    "cannot copy %s of %s to %s: %s".formatted(remote, shell.name(), local, e), e);
        }
    }

    private static String copyOut(Shell shell, String remote, Path part, long maxBytes, boolean asRoot)
            throws IOException {
        // The size goes over first: a device file or a file that grows must not fill this host's disk.
        Command size = Command.script("stat -L -c %s -- \"$1\"", remote);
        long bytes =
                Long.parseLong(shell.exec(asRoot ? size.root() : size).orThrow().text());
        if (bytes > maxBytes) {
            throw new InfrastructureException("%s on %s has %d bytes, more than the %d that are taken"
                    .formatted(remote, shell.name(), bytes, maxBytes));
        }
        try (FileChannel channel = FileChannel.open(
                        part,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE);
                DigestOutputStream out =
                        Sha256.output(new BoundedOutput(Channels.newOutputStream(channel), maxBytes))) {
            Command cat = Command.of("cat", "--", remote).timeout(LIMIT);
            shell.run(asRoot ? cat.root() : cat, InputStream.nullInputStream(), out)
                    .orThrow();
            channel.force(true);
            return Sha256.hex(out.getMessageDigest().digest());
        }
    }

    private static final class BoundedOutput extends OutputStream {
        private final OutputStream out;
        private long left;

        BoundedOutput(OutputStream out, long limit) {
            this.out = out;
            this.left = limit;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            left -= length;
            if (left < 0) {
                throw new IOException("more came than the machine had said");
            }
            out.write(bytes, offset, length);
        }
    }
}
