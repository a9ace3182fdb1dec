package dev.hil.cli;

import dev.hil.klog.Boot;
import dev.hil.klog.Finding;
import java.io.PrintWriter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Findings as JSON Lines. Written by hand: the command's start would otherwise spend more time on loading a JSON library
 * than on a log.
 */
final class KlogJson extends KlogPrinter {

    private final PrintWriter out;

    KlogJson(PrintWriter out) {
        this.out = out;
    }

    @Override
    void print(Finding finding) {
        out.print(object(finding));
        out.print('\n');
    }

    @Override
    void print(Boot boot) {}

    @Override
    void summary(String file) {
        out.print("{\"file\":" + quote(file) + ",\"summary\":{\"findings\":" + findings(file) + ",\"lockdep\":"
                + quote(lockdep().name()) + ",\"boots\":" + boots() + "}}\n");
    }

    private String object(Finding finding) {
        return "{\"file\":" + quote(places.file(finding.firstLine()))
                + ",\"category\":" + quote(finding.category().id())
                + ",\"kind\":" + quote(finding.kind().id())
                + ",\"title\":" + quote(finding.title())
                + ",\"severity\":" + quote(finding.severity().id())
                + ",\"expected\":" + (finding.expected() != null)
                + ",\"expectedBecause\":" + quote(finding.expected())
                + ",\"known\":" + (finding.known() != null)
                + ",\"knownBecause\":"
                + quote(finding.known() == null ? null : finding.known().reason())
                + ",\"complete\":" + finding.complete()
                + ",\"fingerprint\":" + quote(finding.fingerprint())
                + ",\"fingerprintFine\":" + quote(finding.fingerprintFine())
                + ",\"boot\":" + finding.boot()
                + ",\"firstLine\":" + places.line(finding.firstLine())
                + ",\"lastLine\":" + places.line(finding.lastLine())
                + ",\"locks\":" + array(finding.locks())
                + "}";
    }

    private static String array(List<String> values) {
        return "[" + String.join(",", values.stream().map(KlogJson::quote).toList()) + "]";
    }

    static String quote(@Nullable String text) {
        if (text == null) {
            return "null";
        }
        StringBuilder json = new StringBuilder(text.length() + 16).append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                json.append('\\').append(c);
            } else if (c < ' ' || Character.isISOControl(c) || Character.isSurrogate(c)) {
                json.append(String.format("\\u%04x", (int) c));
            } else {
                json.append(c);
            }
        }
        return json.append('"').toString();
    }
}
