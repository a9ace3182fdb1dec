package dev.hil.board;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Any text: it is a definition, or its mistakes are told. */
class DefinitionFuzz {

    @FuzzTest(maxDuration = "1m")
    void isReadOrRefused(byte[] bytes) {
        try {
            BoardDefinitions.parse("x", Path.of("x.toml"), new String(bytes, StandardCharsets.UTF_8));
        } catch (DefinitionException e) {
            if (String.valueOf(e.getMessage()).isBlank()) {
                throw new AssertionError("refused without a word", e);
            }
        }
    }
}
