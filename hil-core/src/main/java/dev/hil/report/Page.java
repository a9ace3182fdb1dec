package dev.hil.report;

import dev.hil.link.Durations;
import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.StringOutput;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The report as one page: nothing is fetched, whatever its texts hold. The template escapes each value by where it
 * stands, and the page's own policy forbids any script but its own and every request.
 */
public final class Page {
    private static final TemplateEngine ENGINE = TemplateEngine.createPrecompiled(
            null, ContentType.Html, Page.class.getClassLoader(), "dev.hil.report.page");
    private static final String STYLE = resource("report.css");
    private static final String SCRIPT = resource("report.js");

    private final Report report;
    private final TimelinePicture timeline;
    private final Map<String, LockPicture> pictures = new HashMap<>();

    private Page(Report report) {
        this.report = report;
        this.timeline = TimelinePicture.of(report);
        for (Report.Splat splat : report.findings()) {
            if (!splat.graph().edges().isEmpty()) {
                pictures.put(splat.id(), LockPicture.of(splat.graph()));
            }
        }
    }

    /** The page of a report. */
    static String of(Report report) {
        StringOutput out = new StringOutput(1 << 16);
        ENGINE.render("report.jte", new Page(report), out);
        return out.toString();
    }

    private static String resource(String name) {
        try (InputStream in = Page.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("this jar has no " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What is shown. */
    public Report report() {
        return report;
    }

    /** Its timeline. */
    public TimelinePicture timeline() {
        return timeline;
    }

    /** Whether a finding has a picture of its locks. */
    public boolean hasPicture(Report.Splat splat) {
        return pictures.containsKey(splat.id());
    }

    /** The locks of a finding that {@link #hasPicture}. */
    public LockPicture picture(Report.Splat splat) {
        LockPicture picture = pictures.get(splat.id());
        if (picture == null) {
            throw new IllegalArgumentException(splat.id() + " has no picture");
        }
        return picture;
    }

    /** The style sheet. */
    public String style() {
        return STYLE;
    }

    /** The script. */
    public String script() {
        return SCRIPT;
    }

    /** What the page may do: show itself, and run the one script whose hash this is. */
    public String policy() {
        return "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; script-src 'sha256-%s'"
                .formatted(hash(SCRIPT));
    }

    private static String hash(String script) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(script.getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** A link to a file of the evidence folder, which lies beside the page; whatever its name, it is no other address. */
    public String link(String file) {
        StringBuilder link = new StringBuilder("./");
        for (byte b : file.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            boolean plain = c < 0x80 && (Character.isLetterOrDigit(c) || "-._~/".indexOf(c) >= 0);
            link.append(plain ? String.valueOf(c) : "%%%02X".formatted((int) c));
        }
        return link.toString();
    }

    /** A moment of the run: minutes, seconds, tenths. */
    public static String time(long millis) {
        if (millis < 0) {
            return "";
        }
        Duration at = Duration.ofMillis(millis);
        return at.toHours() > 0
                ? String.format(Locale.ROOT, "%d:%02d:%02d", at.toHours(), at.toMinutesPart(), at.toSecondsPart())
                : String.format(Locale.ROOT, "%d:%02d.%d", at.toMinutes(), at.toSecondsPart(), at.toMillisPart() / 100);
    }

    /** How long something took; empty where that is not known. */
    public static String duration(long millis) {
        return millis < 0 ? "" : Durations.text(Duration.ofMillis(millis));
    }

    /** A size. */
    public static String size(long bytes) {
        if (bytes < 10_000) {
            return bytes + " B";
        }
        return bytes < 10_000_000
                ? String.format(Locale.ROOT, "%.0f kB", bytes / 1e3)
                : String.format(Locale.ROOT, "%.1f MB", bytes / 1e6);
    }

    /** The outcome in a word. */
    public String word() {
        return switch (report.outcome().result()) {
            case SUCCESS -> "Success";
            case PARTIAL -> "Partial";
            case FAILURE -> "Failure";
        };
    }

    /** The first words of a text that may be long. */
    public static String brief(String text) {
        return Steps.headline(text);
    }

    /** The findings that somebody has to look at come first. */
    public List<Report.Splat> findings() {
        List<String> order = List.of("unexpected", "known", "expected", "remark");
        return report.findings().stream()
                .sorted(java.util.Comparator.comparingInt(splat -> order.indexOf(splat.status())))
                .toList();
    }

    /** How many findings have this status. */
    public long count(String status) {
        return report.findings().stream()
                .filter(splat -> splat.status().equals(status))
                .count();
    }

    /** The title of a finding, by its id. */
    public String titleOf(String finding) {
        return report.findings().stream()
                .filter(splat -> splat.id().equals(finding))
                .findFirst()
                .map(Report.Splat::title)
                .orElse("");
    }
}
