package dev.hil.junit;

import dev.hil.record.Evidence;
import dev.hil.report.CiOutput;
import dev.hil.report.Reports;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.MediaType;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * What is handed out with a failed test: lines in its output that name files of the evidence, by which CI servers find
 * them, and, where Open Test Reporting is on, copies in JUnit's output directory, which its XML refers to.
 */
final class Attachments {
    private static final String OPEN_REPORT = "junit.platform.reporting.open.xml.enabled";
    private static final List<String> COPIED = List.of("events.jsonl", "findings.jsonl", "console.log");
    /** Of a console of a gigabyte its end is what the test has to do with. */
    private static final long LONGEST = 1 << 20;

    private Attachments() {}

    static void attach(ExtensionContext context, Evidence evidence) {
        Stream.of("console.log", "findings.jsonl", Reports.HTML)
                .map(evidence::file)
                // The page is made when the run ends.
                .filter(file -> Files.exists(file) || file.endsWith(Reports.HTML))
                .forEach(file -> System.out.println(CiOutput.attachment(file, System.getenv())));
        boolean reported = context.getConfigurationParameter(OPEN_REPORT)
                .map(Boolean::parseBoolean)
                .orElse(false);
        if (!reported) {
            return;
        }
        context.publishReportEntry("evidence", evidence.folder().toString());
        COPIED.stream()
                .map(evidence::file)
                .filter(Files::exists)
                .forEach(file -> context.publishFile(
                        String.valueOf(file.getFileName()), MediaType.TEXT_PLAIN_UTF_8, copy -> copyEnd(file, copy)));
    }

    /** As it is now: it may grow while it is copied. */
    static void copyEnd(Path file, Path copy) throws IOException {
        try (FileChannel from = FileChannel.open(file);
                FileChannel to = FileChannel.open(copy, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            long end = from.size();
            long at = Math.max(0, end - LONGEST);
            while (at < end) {
                long moved = from.transferTo(at, end - at, to);
                if (moved <= 0) {
                    // Somebody has cut the file meanwhile.
                    return;
                }
                at += moved;
            }
        }
    }
}
