package dev.hil.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The properties that {@code LedgerFuzz} looks for exceptions of, with lines made at random from what lines are made of. */
class LedgerPropertiesTest {
    private static final String REMOVE = "{\"kind\":\"remove-file\",\"where\":\"BOARD\",\"path\":\"/a\"}";
    private static final String[] VALUES = {
        "null",
        "0",
        "1",
        "2",
        "-1",
        "1e999",
        "99999999999999999999",
        "true",
        "\"\"",
        "\"x\\ny\"",
        "\"\\u001b[2J\"",
        "\"INTENT\"",
        "\"FOUND\"",
        "\"NOTE\"",
        "\"UNDONE\"",
        "[]",
        "{}",
        "[null]",
        REMOVE,
        "{\"kind\":\"remove-tree\",\"where\":\"BOARD\",\"path\":\"/\"}",
        "{\"kind\":\"reverse-patch\",\"where\":\"BOARD\",\"tree\":\"/t\",\"patch\":null,\"strip\":1,\"touched\":[null]}",
        "{\"where\":\"BOARD\",\"facts\":{\"a\":null}}",
        "{\"where\":\"BOARD\",\"facts\":{\"a\":\"b\"}}",
    };
    private static final String[] KEYS = {"sequence", "at", "run", "kind", "of", "what", "undo", "found", "step", "odd"
    };

    @TempDir
    private Path folder;

    private static String object(Random random) {
        StringBuilder json = new StringBuilder(
                "{\"sequence\":1,\"at\":\"\",\"run\":\"r\",\"kind\":\"NOTE\",\"of\":0,\"what\":\"w\"");
        for (int fields = random.nextInt(4); fields > 0; fields--) {
            // Of two of one name the later one counts.
            json.append(
                    ",\"%s\":%s".formatted(KEYS[random.nextInt(KEYS.length)], VALUES[random.nextInt(VALUES.length)]));
        }
        return json.append(random.nextInt(20) == 0 ? "" : "}").toString();
    }

    @RepeatedTest(10)
    void anyLinesAreReadOrRefusedAsDamage(RepetitionInfo repetition) throws IOException {
        Random random = new Random(repetition.getCurrentRepetition());
        for (int i = 0; i < 100; i++) {
            String lines = random.nextBoolean() ? object(random) : VALUES[random.nextInt(VALUES.length)];
            if (random.nextBoolean()) {
                lines += "\n" + object(random);
            }
            LedgerProperties.check(folder, lines.getBytes(StandardCharsets.UTF_8));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "{}",
                "[]",
                "7",
                "{\"sequence\":1}",
                "{\"sequence\":1,\"at\":\"\",\"run\":\"r\",\"kind\":null,\"of\":0,\"what\":\"w\"}",
                "{\"sequence\":1,\"at\":\"\",\"run\":\"r\",\"kind\":\"INTENT\",\"of\":0,\"what\":\"w\"}",
                "{\"sequence\":1,\"at\":\"\",\"run\":\"r\",\"kind\":\"INTENT\",\"of\":0,\"what\":\"w\",\"undo\":{\"kind\":\"remove-file\"}}",
                "{\"sequence\":1,\"at\":\"\",\"run\":\"r\",\"kind\":\"FOUND\",\"of\":0,\"what\":\"w\"}",
                "{\"sequence\":1,\"at\":\"\",\"run\":\"r\",\"kind\":\"STEP\",\"of\":0,\"what\":\"w\"}",
                "{\"sequence\":1,\"at\":\"\",\"run\":\"r\",\"kind\":\"UNDONE\",\"of\":1,\"what\":\"w\"}",
                "{\"sequence\":1,\"at\":\"\",\"run\":\"r\",\"kind\":\"DONE\",\"of\":0,\"what\":\"w\"}",
            })
    void aWholeLineThatSaysTooLittleIsDamageNamedByFileAndLine(String json) throws IOException {
        Path file = Files.writeString(folder.resolve("ledger.jsonl"), Ledger.line(json));

        assertThatExceptionOfType(DamagedLedgerException.class)
                .isThrownBy(() -> Ledger.read(file))
                .withMessageContaining(file.toString())
                .withMessageContaining("line 1");
        assertThat(file).content().isEqualTo(Ledger.line(json));
    }

    /** That of an undo that was never intended would close a change that is open. */
    @ParameterizedTest
    @ValueSource(strings = {"UNDONE", "DONE", "GIVEN_BACK"})
    void aLineThatSpeaksOfAnotherThanItMayIsDamage(String kind) throws IOException {
        String note = "{\"sequence\":1,\"at\":\"\",\"run\":\"r\",\"kind\":\"NOTE\",\"of\":0,\"what\":\"w\"}";
        String of =
                "{\"sequence\":2,\"at\":\"\",\"run\":\"r\",\"kind\":\"%s\",\"of\":1,\"what\":\"w\"}".formatted(kind);
        Path file = Files.writeString(folder.resolve("ledger.jsonl"), Ledger.line(note) + Ledger.line(of));

        assertThatExceptionOfType(DamagedLedgerException.class)
                .isThrownBy(() -> Ledger.read(file))
                .withMessageContaining("it is %s of line 1, which is no".formatted(kind));
    }
}
