package dev.hil.cli;

import dev.hil.klog.KlogScanner;
import dev.hil.klog.KnownIssue;
import dev.hil.klog.KnownIssues;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code hil klog}: the findings of kernel logs. */
@Command(
        name = "klog",
        description = "Prints the findings of kernel logs: consoles, dmesg, journald, /dev/kmsg, pstore.",
        mixinStandardHelpOptions = true,
        exitCodeOnInvalidInput = KlogCommand.UNREADABLE,
        exitCodeOnExecutionException = KlogCommand.UNREADABLE,
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {"0:no findings", "1:findings", "2:a file could not be read, or the command line is wrong"})
final class KlogCommand implements Callable<Integer> {

    static final int CLEAN = 0;
    static final int FINDINGS = 1;
    static final int UNREADABLE = 2;
    private static final int BUFFER = 1 << 16;

    @Option(names = "--json", description = "One JSON object a line; the last of each file is its summary.")
    private boolean json;

    @Option(
            names = "--known",
            paramLabel = "FILE",
            description =
                    "Known issues, one a line: fingerprint HEX | reason [| YYYY-MM-DD], or title REGEX | reason …")
    private @Nullable Path knownFile;

    @Parameters(arity = "1..*", paramLabel = "FILE", description = "Logs to read; - is standard input.")
    private List<String> files = List.of();

    @Override
    public Integer call() {
        KnownIssues known;
        try {
            known = known();
        } catch (IOException | IllegalArgumentException e) {
            System.err.println("hil klog: " + knownFile + ": " + why(e));
            return UNREADABLE;
        }
        PrintWriter out =
                new PrintWriter(new BufferedWriter(new OutputStreamWriter(System.out, StandardCharsets.UTF_8)));
        int exit = CLEAN;
        for (String file : files) {
            exit = Math.max(exit, report(file, known, out));
        }
        out.flush();
        for (KnownIssue issue : known.unused()) {
            boolean expired = known.expired().contains(issue);
            System.err.println("hil klog: " + knownFile + ":" + issue.line() + ": "
                    + (expired ? "expired on " + issue.expires() : "matched nothing") + " (" + issue.reason() + ")");
        }
        return exit;
    }

    private KnownIssues known() throws IOException {
        return knownFile == null
                ? KnownIssues.none()
                : KnownIssues.parse(
                        Files.readAllLines(knownFile, StandardCharsets.UTF_8), LocalDate.now(ZoneId.systemDefault()));
    }

    /** Findings are printed as they are found, so that a log of any size needs no more memory than a small one. */
    private int report(String file, KnownIssues known, PrintWriter out) {
        KlogPrinter printer = json ? new KlogJson(file, out) : new KlogText(file, out);
        KlogScanner scanner = new KlogScanner(printer, known);
        byte[] buffer = new byte[BUFFER];
        try (InputStream log = file.equals("-") ? System.in : Files.newInputStream(Path.of(file))) {
            for (int n = log.read(buffer); n >= 0; n = log.read(buffer)) {
                scanner.accept(buffer, 0, n);
            }
        } catch (IOException | IllegalArgumentException e) {
            out.flush();
            System.err.println("hil klog: " + file + ": " + why(e));
            return UNREADABLE;
        }
        scanner.finish();
        printer.summary();
        return printer.findings() == 0 ? CLEAN : FINDINGS;
    }

    private static String why(Exception e) {
        return e instanceof NoSuchFileException ? "no such file" : String.valueOf(e.getMessage());
    }
}
