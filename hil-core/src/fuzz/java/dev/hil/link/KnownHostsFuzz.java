package dev.hil.link;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Any bytes: what stands in known_hosts makes no unknown or revoked key a known one. */
class KnownHostsFuzz {
    private final Path file;

    KnownHostsFuzz() throws IOException {
        file = Files.createTempFile("hil-fuzz-known_hosts", "");
    }

    @FuzzTest(maxDuration = "1m")
    void makesNoUnknownKeyAKnownOne(byte[] bytes) throws IOException {
        KnownHostsProperties.check(file, bytes);
    }
}
