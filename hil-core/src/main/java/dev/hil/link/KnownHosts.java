package dev.hil.link;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import net.schmizz.sshj.common.Buffer;
import net.schmizz.sshj.common.KeyType;
import net.schmizz.sshj.transport.verification.HostKeyVerifier;
import net.schmizz.sshj.transport.verification.OpenSSHKnownHosts;
import org.jspecify.annotations.Nullable;

/** Checks a host's key against OpenSSH's own files, always strictly, and tells an unknown key from a changed one. */
final class KnownHosts implements HostKeyVerifier {
    private final SshTarget target;
    private final List<KnownHostsFile> files = new ArrayList<>();
    private @Nullable LinkException refusal;

    KnownHosts(SshTarget target) {
        this.target = target;
        for (Path path : target.knownHosts()) {
            try {
                files.add(new KnownHostsFile(path.toFile()));
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
        // The alias replaces name and port, as with OpenSSH's HostKeyAlias.
        String name = target.hostKeyAlias().orElse(target.host());
        int namedPort = target.hostKeyAlias().isPresent() ? 22 : target.port();
        List<Path> holdingAnother = new ArrayList<>();
        for (KnownHostsFile file : files) {
            if (file.verify(name, namedPort, key)) {
                return true;
            }
            if (file.changed) {
                holdingAnother.add(file.getFile().toPath());
            }
        }
        refusal = holdingAnother.isEmpty() ? unknown(key) : changed(key, holdingAnother);
        return false;
    }

    @Override
    public List<String> findExistingAlgorithms(String hostname, int port) {
        String name = target.hostKeyAlias().orElse(target.host());
        int namedPort = target.hostKeyAlias().isPresent() ? 22 : target.port();
        Set<String> algorithms = new LinkedHashSet<>();
        files.forEach(file -> algorithms.addAll(file.findExistingAlgorithms(name, namedPort)));
        return List.copyOf(algorithms);
    }

    private LinkException unknown(PublicKey key) {
        return new LinkException(
                LinkException.Kind.HOST_KEY_UNKNOWN,
                ("%s: the host key is unknown: %s, and \"%s\" stands in none of %s. Compare it on the machine itself"
                                + " (ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub), then accept it by `ssh %s`.")
                        .formatted(
                                target,
                                fingerprint(key),
                                target.knownHostsName(),
                                target.knownHosts(),
                                target.alias()));
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

    /** The key as {@code ssh-keygen -l} prints it. */
    private static String fingerprint(PublicKey key) {
        byte[] wire = new Buffer.PlainBuffer().putPublicKey(key).getCompactData();
        byte[] digest = HexFormat.of().parseHex(Sha256.of(wire));
        return KeyType.fromKey(key) + " SHA256:"
                + Base64.getEncoder().withoutPadding().encodeToString(digest);
    }

    private static final class KnownHostsFile extends OpenSSHKnownHosts {
        private boolean changed;

        KnownHostsFile(File file) throws IOException {
            super(file);
        }

        @Override
        protected boolean hostKeyChangedAction(String hostname, PublicKey key) {
            changed = true;
            return false;
        }
    }
}
