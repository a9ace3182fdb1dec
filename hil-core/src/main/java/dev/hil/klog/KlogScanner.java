package dev.hil.klog;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

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
        return new KlogResult(findings, boots, scanner.lines(), bytes);
    }
}
