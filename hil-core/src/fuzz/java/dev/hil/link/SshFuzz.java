package dev.hil.link;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;

/** Whatever {@code ssh -G} prints: a target, or a word about the configuration. */
class SshFuzz {

    @FuzzTest(maxDuration = "1m")
    void isATargetOrRefused(byte[] bytes) {
        String output = new String(bytes, StandardCharsets.UTF_8).replace("proxyjump", "");
        try {
            SshConfig.ofUser().parse("x", output);
        } catch (LinkException e) {
            if (e.kind() != LinkException.Kind.CONFIGURATION) {
                throw e;
            }
        }
    }
}
