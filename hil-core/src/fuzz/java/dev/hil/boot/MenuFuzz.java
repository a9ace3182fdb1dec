package dev.hil.boot;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;

/** Any bytes: a menu is refused with words, or edited in its default and nowhere else. */
class MenuFuzz {

    @FuzzTest(maxDuration = "1m")
    void isEditedInItsDefaultOnly(byte[] bytes) {
        MenuProperties.check(new String(bytes, StandardCharsets.ISO_8859_1));
    }
}
