package dev.hil.kernel;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Any bytes: a series is refused with words, or names patches of its own folder. */
class SeriesFuzz {
    private final Path folder;

    SeriesFuzz() throws IOException {
        folder = SeriesProperties.folder(Files.createTempDirectory("hil-fuzz-series"));
    }

    @FuzzTest(maxDuration = "1m")
    void isRefusedOrStaysInItsFolder(byte[] bytes) throws IOException {
        SeriesProperties.check(folder, bytes);
    }
}
