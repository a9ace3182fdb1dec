package dev.hil.cli;

import dev.hil.klog.KlogScanner;
import dev.hil.klog.KnownIssue;
import dev.hil.klog.KnownIssues;
import java.io.BufferedWriter;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
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
        footer = {"", "Example: hil klog --known known-issues console.log"},
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
    private static final int TAIL = 256;

    @Option(names = "--json", description = "One JSON object a line; the last of each file is its summary.")
    private boolean json;

    @Option(
            names = "--known",
            paramLabel = "FILE",
            description =
                    "Known issues, one a line: fingerprint HEX | reason [| YYYY-MM-DD], or title REGEX | reason …")
    private @Nullable Path knownFile;

    @Option(
            names = "--only-new",
            description = "Exit with 0 where each finding is expected (our own sysrq, lkdtm, KUnit) or known.")
    private boolean onlyNew;

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
        for (LogFiles log : LogFiles.of(files)) {
            exit = Math.max(exit, report(log.names(), known, out));
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
    private int report(List<String> names, KnownIssues known, PrintWriter out) {
        KlogPrinter printer = json ? new KlogJson(out) : new KlogText(out);
        KlogScanner scanner = new KlogScanner(printer, known);
        for (String file : names) {
            printer.places().file(file, scanner.lines() + 1);
            try {
                feed(file, scanner, file.equals(names.get(names.size() - 1)));
            } catch (IOException | IllegalArgumentException e) {
                // What could be read of it counts all the same.
                if (scanner.lines() > 0) {
                    scanner.finish();
                }
                out.flush();
                System.err.println("hil klog: " + file + ": " + why(e));
                return UNREADABLE;
            }
        }
        scanner.finish();
        names.forEach(printer::summary);
        return (onlyNew ? printer.fresh() : printer.findings()) == 0 ? CLEAN : FINDINGS;
    }

    private static void feed(String file, KlogScanner scanner, boolean last) throws IOException {
        if (!file.equals("-") && KlogScanner.endsDamaged(tail(Path.of(file)))) {
            scanner.damaged();
        }
        byte[] buffer = new byte[BUFFER];
        byte end = '\n';
        try (InputStream log = file.equals("-") ? System.in : Files.newInputStream(Path.of(file))) {
            for (int n = log.read(buffer); n >= 0; n = log.read(buffer)) {
                scanner.accept(buffer, 0, n);
                end = n > 0 ? buffer[n - 1] : end;
            }
        }
        if (!last && end != '\n') {
            scanner.accept(new byte[] {'\n'}, 0, 1);
        }
    }

    /** The last bytes of a file; none of what cannot be read from behind, such as a pipe. */
    private static byte[] tail(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            return new byte[0];
        }
        try (RandomAccessFile log = new RandomAccessFile(file.toFile(), "r")) {
            byte[] tail = new byte[(int) Math.min(TAIL, log.length())];
            log.seek(log.length() - tail.length);
            log.readFully(tail);
            return tail;
        }
    }

    private static String why(Exception e) {
        if (e instanceof NoSuchFileException || e instanceof FileNotFoundException) {
            return "no such file";
        }
        return e instanceof AccessDeniedException ? "permission denied" : String.valueOf(e.getMessage());
    }
}
