package dev.hil.link;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A host as OpenSSH would reach it.
 *
 * @param alias the name the user gave, for messages
 * @param host the name or address to connect to
 * @param port TCP port
 * @param user login name
 * @param identities private key files that exist, in the order they are tried
 * @param agent the socket of an ssh agent to ask for keys
 * @param knownHosts known_hosts files that exist
 * @param hostKeyAlias the name under which the host's key is known, where it is not the host's own
 * @param jump the host to go through
 */
public record SshTarget(
        String alias,
        String host,
        int port,
        String user,
        List<Path> identities,
        Optional<Path> agent,
        List<Path> knownHosts,
        Optional<String> hostKeyAlias,
        Optional<SshTarget> jump) {

    public SshTarget {
        identities = List.copyOf(identities);
        knownHosts = List.copyOf(knownHosts);
    }

    /** The name under which OpenSSH stores the host's key: the alias, the host, or {@code [host]:port}. */
    public String knownHostsName() {
        return hostKeyAlias.orElse(port == 22 ? host : "[" + host + "]:" + port);
    }

    @Override
    public String toString() {
        return "ssh %s (%s@%s:%d)".formatted(alias, user, host, port);
    }
}
