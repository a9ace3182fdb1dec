package dev.hil.link;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.io.TempDir;

/** The properties that {@code KnownHostsFuzz} looks for exceptions of, with lines made at random from what lines are made of. */
class KnownHostsPropertiesTest {
    private static final String[] PIECES = {
        "board.example",
        "*",
        "!board.example",
        "[board.example]:22",
        "|1|",
        "|1|AAAA|AAAA",
        "ssh-ed25519",
        "ssh-rsa",
        "ecdsa-sha2-nistp256",
        "1024",
        "AAAA",
        "AAAAC3NzaC1lZDI1NTE5AAAAIA==",
        "@cert-authority",
        "@revoked",
        "@odd",
        "#",
        " ",
        " ",
        "  ",
        "\t",
        ",",
        "\n",
        "\r\n",
        "\0",
        "\u00e4",
        "="
    };

    @RepeatedTest(5)
    void anyTextIsReadAndARevokedKeyStaysRevoked(RepetitionInfo repetition, @TempDir Path folder) throws IOException {
        Random random = new Random(repetition.getCurrentRepetition());
        for (int i = 0; i < 100; i++) {
            StringBuilder text = new StringBuilder();
            for (int length = random.nextInt(15); length > 0; length--) {
                boolean key = random.nextInt(15) == 0;
                text.append(key ? KnownHostsProperties.shown() : PIECES[random.nextInt(PIECES.length)]);
            }
            KnownHostsProperties.check(
                    folder.resolve("known_hosts"), text.toString().getBytes(StandardCharsets.ISO_8859_1));
        }
    }
}
