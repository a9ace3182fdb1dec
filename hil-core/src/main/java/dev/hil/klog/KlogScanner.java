package dev.hil.klog;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;

/**
 * Reads kernel logs as they come, in pieces of any size, and tells a {@link KlogListener} what it finds as soon as it
 * does.
 *
 * <p>Not for several threads at once. Never throws on what a log contains, and holds a bounded amount of it: physical
 * lines longer than {@value Lines#MAX_LINE} bytes are looked at in pieces.
 */
public final class KlogScanner {

    private static final int BUFFER = 1 << 16;

    private final Interpreter interpreter;
    private final Lines lines;

    public KlogScanner(KlogListener listener) {
        this(listener, KnownIssues.none());
    }

    public KlogScanner(KlogListener listener, KnownIssues known) {
        interpreter = new Interpreter(listener, known);
        lines = new Lines(interpreter);
    }

    /** Takes the next bytes of the log. They are not kept. */
    public void accept(byte[] bytes, int offset, int length) {
        java.util.Objects.checkFromIndexSize(offset, length, bytes.length);
        lines.accept(bytes, offset, length);
    }

    /**
     * The log has fallen silent for now: hands out the reports whose end was read but could not be told from a pause.
     * What is cut off stays open, since the rest may still come.
     */
    public void idle() {
        interpreter.idleNow();
    }

    /**
     * The text is known to have errors that its error correction could not mend: whatever is found in it is not
     * complete. For logs whose trailer stands at the end, where it comes too late for what was handed out before; see
     * {@link #endsDamaged}.
     */
    public void damaged() {
        interpreter.damaged();
    }

    /**
     * Whether a log that ends so says that ramoops could not mend all of it.
     *
     * @param end the last bytes of the log, a hundred or more
     */
    public static boolean endsDamaged(byte[] end) {
        Matcher matcher = Event.ECC
                .pattern()
                .matcher(new String(end, StandardCharsets.ISO_8859_1)
                        .lines()
                        .filter(line -> !line.isBlank())
                        .reduce("", (before, line) -> line));
        return matcher.find() && matcher.group(2) != null && !matcher.group(2).matches("0+");
    }

    /** The log is over: hands out everything that is still open. Call once, last. */
    public void finish() {
        interpreter.finish(lines.finish());
    }

    /** Number of physical lines that were read so far. */
    public long lines() {
        return lines.count();
    }

    /** Reads a whole log. */
    public static KlogResult scan(InputStream log) throws IOException {
        return scan(log, KnownIssues.none());
    }

    /** Reads a whole log, marking what is known. */
    public static KlogResult scan(InputStream log, KnownIssues known) throws IOException {
        List<Finding> findings = new ArrayList<>();
        List<Boot> boots = new ArrayList<>();
        KlogScanner scanner = new KlogScanner(
                new KlogListener() {
                    @Override
                    public void finding(Finding finding) {
                        findings.add(finding);
                    }

                    @Override
                    public void boot(Boot boot) {
                        boots.add(boot);
                    }
                },
                known);
        byte[] buffer = new byte[BUFFER];
        long bytes = 0;
        for (int n = log.read(buffer); n >= 0; n = log.read(buffer)) {
            scanner.accept(buffer, 0, n);
            bytes += n;
        }
        scanner.finish();
        return new KlogResult(marked(findings), boots, scanner.lines(), bytes);
    }

    /** Everything before the trailer of a damaged text is marked, however long ago it was found. */
    static List<Finding> marked(List<Finding> findings) {
        List<Finding> damages = findings.stream()
                .filter(finding -> finding.kind() == Kind.DAMAGED_RECORD)
                .toList();
        List<Finding> marked = new ArrayList<>(findings.size());
        for (Finding finding : findings) {
            boolean damaged = damages.stream()
                    .anyMatch(damage -> finding.firstLine() >= damage.firstLine()
                            && finding.firstLine() < damage.lastLine()
                            && finding.kind() != Kind.DAMAGED_RECORD);
            marked.add(damaged ? finding.torn() : finding);
        }
        return marked;
    }
}
