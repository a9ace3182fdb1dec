package dev.hil.record;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** What holds for any bytes that stand in a ledger's file, and for any JSON that stands there with its right checksum. */
final class LedgerProperties {
    private LedgerProperties() {}

    /** @throws AssertionError where one does not hold */
    static void check(Path folder, byte[] bytes) throws IOException {
        Path file = folder.resolve("ledger.jsonl");
        Files.write(file, bytes);
        checkFile(file);
        StringBuilder whole = new StringBuilder();
        new String(bytes, StandardCharsets.UTF_8).lines().limit(50).forEach(json -> whole.append(Ledger.line(json)));
        Files.writeString(file, whole);
        checkFile(file);
    }

    private static void checkFile(Path file) throws IOException {
        byte[] before = Files.readAllBytes(file);
        List<LedgerEntry> entries;
        try {
            entries = Ledger.read(file);
        } catch (DamagedLedgerException e) {
            LedgerText.lines(e.intact());
            requireRefused(file, before);
            return;
        }
        for (String line : LedgerText.lines(entries)) {
            require(line.indexOf('\n') < 0, "a line is one line", file);
        }
        for (LedgerEntry open : Ledger.open(entries)) {
            Undo undo = open.undo();
            require(undo != null && !undo.inWords().isBlank(), "what is open can be undone by hand", file);
        }
        try (Ledger ledger = Ledger.open(file, "next")) {
            require(ledger.entries().equals(entries), "what is opened is what is read", file);
            ledger.note("one more");
        }
        require(Ledger.read(file).size() == entries.size() + 1, "it goes on behind what was there", file);
    }

    private static void requireRefused(Path file, byte[] before) throws IOException {
        try (Ledger ledger = Ledger.open(file, "next")) {
            throw new AssertionError("it was read as damaged, but opened: " + ledger.entries());
        } catch (DamagedLedgerException e) {
            require(Arrays.equals(before, Files.readAllBytes(file)), "nothing of what is damaged is cut off", file);
        }
    }

    private static void require(boolean holds, String what, Path file) throws IOException {
        if (!holds) {
            throw new AssertionError(
                    what + ", but not with: " + new String(Files.readAllBytes(file), StandardCharsets.UTF_8));
        }
    }
}
