package dev.hil.klog;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** The samples of {@code ../shared/corpus} (or {@code -Dhil.corpus}): syzkaller's report cases and one report a header. */
public final class Corpus {

    /** A case of syzkaller's: what it expects, and the log. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Case(String name, String title, String type, boolean torn, byte[] log) {
        boolean lockdep() {
            return type.equals("LOCKDEP");
        }
    }

    private Corpus() {}

    /** The corpus, or a skipped test that says so. */
    public static Path directory() {
        Path directory = find();
        Assumptions.assumeTrue(
                Files.isDirectory(directory.resolve("syzkaller")),
                "skipped: no corpus at " + directory + "; give -Dhil.corpus=DIR");
        return directory;
    }

    static Path find() {
        String given = System.getProperty("hil.corpus");
        if (given != null) {
            return Path.of(given);
        }
        Path here = Path.of("").toAbsolutePath();
        // Maven runs the tests in the module, an IDE may run them in the repository.
        Path root = Files.isDirectory(here.resolve("hil-core")) ? here : here.resolve("..");
        return root.resolve("../shared/corpus").normalize();
    }

    static List<Case> cases(Path directory) {
        return files(directory.resolve("syzkaller")).stream().map(Corpus::read).toList();
    }

    static Map<String, byte[]> headers(Path directory) {
        Map<String, byte[]> logs = new TreeMap<>();
        for (Path file : files(directory.resolve("headers"))) {
            logs.put(file.getFileName().toString(), bytes(file));
        }
        return logs;
    }

    private static List<Path> files(Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Case read(Path file) {
        String text = new String(bytes(file), StandardCharsets.ISO_8859_1);
        int blank = text.startsWith("\n") ? 0 : text.indexOf("\n\n");
        String head = blank < 0 ? text : text.substring(0, blank);
        String log = blank < 0 ? "" : text.substring(blank + (blank == 0 ? 1 : 2));
        int report = log.startsWith("REPORT:\n") ? 0 : log.indexOf("\n\nREPORT:\n");
        if (report >= 0) {
            log = log.substring(0, report) + "\n";
        }
        List<String> lines = new ArrayList<>(head.lines().toList());
        return new Case(
                file.getFileName().toString(),
                field(lines, "TITLE: "),
                field(lines, "TYPE: "),
                lines.contains("CORRUPTED: Y"),
                log.replace("\r", "").getBytes(StandardCharsets.ISO_8859_1));
    }

    private static String field(List<String> lines, String name) {
        return lines.stream()
                .filter(line -> line.startsWith(name))
                .map(line -> line.substring(name.length()))
                .findFirst()
                .orElse("");
    }
}
