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
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Files through a {@link Shell}, by cat and sha256sum, so that it needs no file server and works with sudo. */
public final class FileTransfer {
    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final Pattern SUM = Pattern.compile("\\\\?([0-9a-f]{64})\\b");

    /** A link stays a link: the file behind it is replaced. x keeps line feeds at a name's end. */
    private static final String PUSH =
            "set -e; f=$1; ! as_root test -L \"$f\" || { f=$(as_root readlink -f -- \"$f\" && echo x); f=${f%?x}; }; "
                    + "t=\"$f.hil-part\"; trap 'as_root rm -f -- \"$t\"' EXIT; as_root tee -- \"$t\" >/dev/null; "
                    // GNU's sha256sum begins its line with \ where the name holds one, or a line feed.
                    + "s=$(as_root sha256sum -- \"$t\"); s=${s#\\\\}; s=${s%% *}; "
                    + "[ \"$s\" = \"$2\" ] || { echo \"checksum is $s, not $2\" >&2; exit 3; }; "
                    + "if as_root test -e \"$f\"; then "
                    + "o=$(as_root stat -c %u:%g -- \"$f\"); as_root chown \"$o\" -- \"$t\" 2>/dev/null || :; "
                    + "m=$(as_root stat -c %a -- \"$f\"); as_root chmod \"$m\" -- \"$t\"; fi; "
                    // On the disk before it takes the name: not every file system does that by itself at a rename.
                    + "sync; as_root mv -f -- \"$t\" \"$f\"; trap - EXIT";

    private static final String OWN = "as_root() { \"$@\"; }; ";

    private FileTransfer() {}

    /** Copies a file to the machine; see {@link Shell#push}. */
    public static void push(Shell shell, Path local, String remote, boolean asRoot) {
        try (InputStream in = Files.newInputStream(local)) {
            String sum = Sha256.of(local);
            Command command = (asRoot ? Command.rootScript(PUSH, remote, sum) : Command.script(OWN + PUSH, remote, sum))
                    .timeout(LIMIT);
            shell.exec(command, in).orThrow();
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
            String there = sha256(shell, remote, LIMIT, asRoot);
            if (!there.equals(sum)) {
                throw new InfrastructureException(
                        "%s on %s changed while it was copied: checksum %s here, %s there. Copy it again."
                                .formatted(remote, shell.name(), sum, there));
            }
            Files.move(part, local, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            return sum;
        } catch (IOException e) {
            throw new InfrastructureException(
                    "cannot copy %s of %s to %s: %s".formatted(remote, shell.name(), local, e), e);
        }
    }

    /**
     * The SHA-256 of a file of the machine.
     *
     * @throws InfrastructureException where the machine answers with something else
     */
    public static String sha256(Shell shell, String remote, Duration limit, boolean asRoot) {
        Command check = Command.of("sha256sum", "--", remote).timeout(limit);
        String answer = shell.exec(asRoot ? check.root() : check).orThrow().text();
        // GNU's sha256sum begins its line with \ where the name holds one, or a line feed.
        Matcher matcher = SUM.matcher(answer);
        if (!matcher.lookingAt()) {
            throw unexpected(shell, "sha256sum", remote, "a checksum", answer);
        }
        return matcher.group(1);
    }

    private static InfrastructureException unexpected(
            Shell shell, String program, String remote, String wanted, String answer) {
        return new InfrastructureException("%s: %s of %s should be %s, and is \"%s\". Is %s what it should be there?"
                .formatted(shell.name(), program, remote, wanted, Recording.excerpt(answer), program));
    }

    private static String copyOut(Shell shell, String remote, Path part, long maxBytes, boolean asRoot)
            throws IOException {
        // The size goes over first: a device file or a file that grows must not fill this host's disk.
        Command size = Command.of("stat", "-L", "-c", "%s", "--", remote);
        String answer = shell.exec(asRoot ? size.root() : size).orThrow().text();
        if (!answer.matches("\\d{1,18}")) {
            throw unexpected(shell, "stat", remote, "a number of bytes", answer);
        }
        long bytes = Long.parseLong(answer);
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
