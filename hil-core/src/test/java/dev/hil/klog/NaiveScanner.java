package dev.hil.klog;

import java.util.ArrayList;
import java.util.List;

/** The fast scanner's oracle: cuts the log byte by byte and gives every line to the interpreter. */
final class NaiveScanner {

    private NaiveScanner() {}

    static KlogResult scan(byte[] log) {
        List<Finding> findings = new ArrayList<>();
        List<Boot> boots = new ArrayList<>();
        Interpreter interpreter = new Interpreter(
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
                KnownIssues.none());
        long lines = 0;
        int start = 0;
        boolean piece = false;
        for (int i = 0; i <= log.length; i++) {
            boolean newline = i < log.length && log[i] == '\n';
            boolean full = i - start == Lines.MAX_LINE && !newline;
            boolean last = i == log.length;
            if (!newline && !full && !(last && i > start)) {
                continue;
            }
            if (last && i == start) {
                break;
            }
            if (!piece) {
                lines++;
            }
            if (i > start || !piece) {
                interpreter.line(log, start, i, lines, start);
            }
            piece = full && !last;
            start = newline ? i + 1 : i;
        }
        interpreter.finish(lines);
        return new KlogResult(KlogScanner.marked(findings), boots, lines, log.length);
    }
}
