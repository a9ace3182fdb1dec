package dev.hil.link;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import net.schmizz.sshj.common.Buffer;
import net.schmizz.sshj.common.KeyType;

/** What holds for any bytes that stand in a known_hosts file. */
final class KnownHostsProperties {
    private static final String HOST = "board.example";
    private static final PublicKey KEY = key();

    private KnownHostsProperties() {}

    private static PublicKey key() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(256);
            return generator.generateKeyPair().getPublic();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The key that the host shows, as files have it. */
    static String shown() {
        byte[] wire = new Buffer.PlainBuffer().putPublicKey(KEY).getCompactData();
        return KeyType.fromKey(KEY) + " " + Base64.getEncoder().encodeToString(wire);
    }

    private static boolean verify(Path file, byte[] bytes) throws IOException {
        Files.write(file, bytes);
        SshTarget target = new SshTarget(
                "board",
                HOST,
                22,
                "root",
                List.of(),
                Optional.empty(),
                List.of(file),
                Optional.empty(),
                Optional.empty());
        KnownHosts hosts = new KnownHosts(target);
        hosts.findExistingAlgorithms(HOST, 22);
        boolean known = hosts.verify(HOST, 22, KEY);
        require(known || hosts.refusal() != null, "a refusal has its reason", bytes);
        return known;
    }

    /** @throws AssertionError where one does not hold */
    static void check(Path file, byte[] bytes) throws IOException {
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        boolean stands = text.contains(shown().split(" ", 2)[1]);
        require(stands || !verify(file, bytes), "a key that does not stand there is unknown", bytes);
        byte[] revoked = (text + "\n@revoked * " + shown() + "\n").getBytes(StandardCharsets.ISO_8859_1);
        require(!verify(file, revoked), "a revoked key is refused, whatever else stands there", revoked);
        byte[] known = (HOST + " " + shown() + "\n" + text).getBytes(StandardCharsets.ISO_8859_1);
        require(
                text.contains("@revoked") || verify(file, known),
                "what stands after it does not make a known key unknown",
                known);
    }

    private static void require(boolean holds, String what, byte[] bytes) {
        if (!holds) {
            throw new AssertionError(what + ", but not with: " + new String(bytes, StandardCharsets.ISO_8859_1));
        }
    }
}
