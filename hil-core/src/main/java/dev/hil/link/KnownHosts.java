package dev.hil.link;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import net.schmizz.sshj.common.Buffer;
import net.schmizz.sshj.common.KeyType;
import net.schmizz.sshj.transport.verification.HostKeyVerifier;
import net.schmizz.sshj.transport.verification.OpenSSHKnownHosts;
import org.jspecify.annotations.Nullable;

/**
 * Checks a host's key against OpenSSH's own files, always strictly, and tells an unknown key from a changed one. A key
 * that a line {@code @revoked} names is refused whatever other lines say, as OpenSSH does it (ssh's hostfile.c,
 * check_key_revoked); sshj would go on to the next line. Certificates of hosts ({@code @cert-authority}) are not used.
 */
final class KnownHosts implements HostKeyVerifier {
    private final SshTarget target;
    private final List<KnownHostsFile> files = new ArrayList<>();
    private @Nullable LinkException refusal;

    KnownHosts(SshTarget target) {
        this.target = target;
        for (Path path : target.knownHosts()) {
            try {
                files.add(KnownHostsFile.read(path));
            } catch (IOException e) {
                throw new LinkException(
                        LinkException.Kind.CONFIGURATION, "%s: cannot read %s: %s".formatted(target, path, e), e);
            }
        }
    }

    /** Why the last key was refused, if it was. */
    @Nullable LinkException refusal() {
        return refusal;
    }

    @Override
    public boolean verify(String hostname, int port, PublicKey key) {
        String name = name();
        int namedPort = namedPort();
        for (KnownHostsFile file : files) {
            if (file.revokes(name, namedPort, key)) {
                refusal = revoked(key, file.file);
                return false;
            }
        }
        List<Path> holdingAnother = new ArrayList<>();
        for (KnownHostsFile file : files) {
            if (file.verify(name, namedPort, key)) {
                return true;
            }
            if (file.changed) {
                holdingAnother.add(file.file);
            }
        }
        refusal = holdingAnother.isEmpty() ? unknown(key) : changed(key, holdingAnother);
        return false;
    }

    @Override
    public List<String> findExistingAlgorithms(String hostname, int port) {
        Set<String> algorithms = new LinkedHashSet<>();
        // Those of certificates would make the server show one.
        files.forEach(file -> algorithms.addAll(file.algorithms(name(), namedPort())));
        return List.copyOf(algorithms);
    }

    /** The alias replaces name and port, as with OpenSSH's HostKeyAlias. */
    private String name() {
        return target.hostKeyAlias().orElse(target.host());
    }

    private int namedPort() {
        return target.hostKeyAlias().isPresent() ? 22 : target.port();
    }

    private LinkException unknown(PublicKey key) {
        boolean certified = files.stream().anyMatch(file -> file.certifies(name(), namedPort()));
        String stands = target.knownHosts().isEmpty()
                ? "there is no known_hosts file that can be read"
                : "\"%s\" stands in none of %s%s"
                        .formatted(
                                target.knownHostsName(),
                                target.knownHosts(),
                                certified
                                        ? " but in a line @cert-authority, and hil checks no certificates: add a line with the key"
                                        : "");
        return new LinkException(
                LinkException.Kind.HOST_KEY_UNKNOWN,
                ("%s: the host key is unknown: %s, and %s. Compare it on the machine itself"
                                + " (ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub), then accept it by `ssh %s`.")
                        .formatted(target, fingerprint(key), stands, target.alias()));
    }

    private LinkException revoked(PublicKey key, Path file) {
        return new LinkException(
                LinkException.Kind.HOST_KEY_REVOKED,
                ("%s: the host key is REVOKED: the machine shows %s, which a line @revoked of %s refuses for \"%s\"."
                                + " Somebody may have the private key: find out before you go on, and give the machine a"
                                + " new one (ssh-keygen -A, after the old files are gone).")
                        .formatted(target, fingerprint(key), file, target.knownHostsName()));
    }

    private LinkException changed(PublicKey key, List<Path> holdingAnother) {
        return new LinkException(
                LinkException.Kind.HOST_KEY_CHANGED,
                ("%s: the host key has CHANGED: the machine shows %s, another one is known as \"%s\" in %s. Either it"
                                + " was reinstalled, or another machine answers at this address. If the new key is"
                                + " right: ssh-keygen -R '%s' -f %s")
                        .formatted(
                                target,
                                fingerprint(key),
                                target.knownHostsName(),
                                holdingAnother,
                                target.knownHostsName(),
                                holdingAnother.get(0)));
    }

    private static byte[] wire(PublicKey key) {
        return new Buffer.PlainBuffer().putPublicKey(key).getCompactData();
    }

    /** The key as {@code ssh-keygen -l} prints it. */
    private static String fingerprint(PublicKey key) {
        byte[] digest = HexFormat.of().parseHex(Sha256.of(wire(key)));
        return KeyType.fromKey(key) + " SHA256:"
                + Base64.getEncoder().withoutPadding().encodeToString(digest);
    }

    private static final class KnownHostsFile extends OpenSSHKnownHosts {
        private boolean changed;

        private final Path file;
        private final List<KnownHostEntry> authorities = new ArrayList<>();

        private KnownHostsFile(Path file) throws IOException {
            super(new StringReader(""));
            this.file = file;
        }

        /** Lines that are none are passed over, as OpenSSH does it; sshj throws at some of them. */
        static KnownHostsFile read(Path path) throws IOException {
            KnownHostsFile file = new KnownHostsFile(path);
            EntryFactory factory = file.new EntryFactory();
            for (String line : new String(Files.readAllBytes(path), StandardCharsets.ISO_8859_1).split("\r?\n", -1)) {
                KnownHostEntry entry = entry(factory, line);
                if (entry != null) {
                    (is(entry, Marker.CA_CERT) ? file.authorities : file.entries).add(entry);
                }
            }
            return file;
        }

        private static @Nullable KnownHostEntry entry(EntryFactory factory, String line) {
            try {
                return factory.parseEntry(line);
            } catch (IOException | RuntimeException e) {
                return null;
            }
        }

        boolean revokes(String name, int port, PublicKey key) {
            String sought = stored(name, port);
            byte[] shown = wire(key);
            return entries.stream()
                    .filter(entry -> is(entry, Marker.REVOKED) && applies(entry, sought))
                    .anyMatch(entry -> Arrays.equals(shown, keyOf(entry)));
        }

        boolean certifies(String name, int port) {
            String sought = stored(name, port);
            return authorities.stream().anyMatch(entry -> applies(entry, sought));
        }

        List<String> algorithms(String name, int port) {
            return findExistingAlgorithms(name, port);
        }

        /** sshj keeps the marker to itself; the line begins with it. */
        private static boolean is(KnownHostEntry entry, Marker marker) {
            return entry instanceof HostEntry && entry.getLine().startsWith(marker.getMarkerString() + " ");
        }

        private static boolean applies(KnownHostEntry entry, String sought) {
            try {
                return entry.appliesTo(sought);
            } catch (IOException e) {
                // A name that cannot be compared: for a revoked key that is no reason to let it pass.
                return true;
            }
        }

        private static byte[] keyOf(KnownHostEntry entry) {
            String[] fields = entry.getLine().split(" ", -1);
            return fields.length < 4 ? new byte[0] : Base64.getDecoder().decode(fields[3]);
        }

        private static String stored(String name, int port) {
            String lower = name.toLowerCase(Locale.ROOT);
            return port == 22 ? lower : "[" + lower + "]:" + port;
        }

        @Override
        protected boolean hostKeyChangedAction(String hostname, PublicKey key) {
            changed = true;
            return false;
        }
    }
}
