package dev.hil.klog;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayInputStream;
import java.io.IOException;

/** Any bytes: the scanner throws nothing, and agrees with the one that reads every line. */
class KlogFuzz {

    @FuzzTest(maxDuration = "1m")
    void agreesWithTheNaiveScanner(byte[] log) throws IOException {
        KlogResult fast = KlogScanner.scan(new ByteArrayInputStream(log));
        KlogResult naive = NaiveScanner.scan(log);
        if (!fast.equals(naive)) {
            throw new AssertionError("fast: " + fast + "\nnaive: " + naive);
        }
    }
}
