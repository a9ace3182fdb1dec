package dev.hil.kernel;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.io.TempDir;

/** The properties that {@code SeriesFuzz} looks for exceptions of, with lines made at random from what lines are made of. */
class SeriesPropertiesTest {
    private static final String[] PIECES = {
        "a.patch",
        "sub/b.patch",
        "../secret",
        "../series/a.patch",
        "/etc/passwd",
        " ",
        "\t",
        " -p1",
        " -p0",
        " -p12",
        "-p",
        "#",
        " # ",
        "# hil: modules=",
        "hil:",
        "modules=drivers",
        "..",
        ".",
        "/",
        "\n",
        "\r\n",
        "\0",
        "\u00e4",
        "$(x)",
        "\u2028"
    };

    @RepeatedTest(5)
    void anyTextIsRefusedOrStaysInItsFolder(RepetitionInfo repetition, @TempDir Path parent) throws IOException {
        Path folder = SeriesProperties.folder(parent);
        Random random = new Random(repetition.getCurrentRepetition());
        for (int i = 0; i < 100; i++) {
            StringBuilder text = new StringBuilder(random.nextBoolean() ? "" : "a.patch");
            for (int length = random.nextInt(8); length > 0; length--) {
                text.append(PIECES[random.nextInt(PIECES.length)]);
            }
            // Bytes that are no UTF-8, now and then.
            SeriesProperties.check(
                    folder,
                    text.toString()
                            .getBytes(random.nextInt(5) == 0 ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_8));
        }
    }
}
