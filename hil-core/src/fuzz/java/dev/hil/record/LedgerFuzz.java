package dev.hil.record;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Any bytes: a ledger is read, or refused as damaged and left as it is. */
class LedgerFuzz {
    private final Path folder;

    LedgerFuzz() throws IOException {
        folder = Files.createTempDirectory("hil-fuzz-ledger");
    }

    @FuzzTest(maxDuration = "1m")
    void isReadOrRefused(byte[] bytes) throws IOException {
        LedgerProperties.check(folder, bytes);
    }
}
