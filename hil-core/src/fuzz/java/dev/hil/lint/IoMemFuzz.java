package dev.hil.lint;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;

/** Any bytes: what is said of memory does not contradict itself. */
class IoMemFuzz {

    @FuzzTest(maxDuration = "1m")
    void doesNotContradictItself(byte[] bytes) {
        IoMemProperties.check(new String(bytes, StandardCharsets.UTF_8));
    }
}
