package dev.hil.board;

import com.sun.management.OperatingSystemMXBean;
import dev.hil.klog.Finding;
import dev.hil.klog.Kind;
import dev.hil.klog.KnownIssues;
import dev.hil.link.DiskRoom;
import dev.hil.link.LineAddress;
import dev.hil.link.SerialConsole;
import dev.hil.link.Sha256;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;

/**
 * Many serial lines at once, recorded and scanned live as a board's watch does it, beside what {@code cat} needs to write
 * the same to files. Arguments: lines (16), bytes per second on each (150000), seconds (60). What is sent is a real
 * console log of the emulated board, with a report in each round. Fails if a byte is lost.
 */
final class LinesBenchmark {
    private static final Duration TICK = Duration.ofMillis(100);
    private static final String SENDER = """
            import hashlib, os, sys, termios, time, tty
            lines, rate, seconds, source = int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
            text = open(source, 'rb').read()
            ends = []
            for _ in range(lines):
                near, far = os.openpty()
                tty.setraw(near); tty.setraw(far)
                ends.append((near, far, hashlib.sha256()))
                print(os.ttyname(far), flush=True)
                os.close(far)
            sys.stdin.readline()
            step, at, sent = rate // 50, 0, 0
            start = time.monotonic()
            while sent < rate * seconds:
                data = (text[at:] + text)[:step]
                at = (at + step) % len(text)
                for near, far, digest in ends:
                    left = data
                    while left: left = left[os.write(near, left):]
                    digest.update(data)
                sent += step
                time.sleep(max(0, start + sent / rate - time.monotonic()))
            print('took %.1f' % (time.monotonic() - start), flush=True)
            for near, far, digest in ends: print(sent, digest.hexdigest(), flush=True)
            sys.stdin.readline()
            """;

    private final int lines;
    private final int rate;
    private final int seconds;
    private final Path folder;

    private LinesBenchmark(int lines, int rate, int seconds, Path folder) {
        this.lines = lines;
        this.rate = rate;
        this.seconds = seconds;
        this.folder = folder;
    }

    public static void main(String[] args) throws Exception {
        int lines = args.length > 0 ? Integer.parseInt(args[0]) : 16;
        int rate = args.length > 1 ? Integer.parseInt(args[1]) : 150_000;
        int seconds = args.length > 2 ? Integer.parseInt(args[2]) : 60;
        LinesBenchmark benchmark = new LinesBenchmark(lines, rate, seconds, Files.createTempDirectory("hil-lines"));
        benchmark.byHil();
        benchmark.byCat();
        System.out.println("labgrid: not installed here, not measured");
    }

    /** The far ends of the lines. */
    private final class Sender implements AutoCloseable {
        private final Process process;
        private final BufferedReader out;
        private final Writer in;
        private final List<String> devices = new ArrayList<>();

        Sender() throws IOException {
            Path text = source();
            process = new ProcessBuilder(
                            "python3",
                            "-c",
                            SENDER,
                            Integer.toString(lines),
                            Integer.toString(rate),
                            Integer.toString(seconds),
                            text.toString())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            out = process.inputReader(StandardCharsets.UTF_8);
            in = new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8);
            for (int i = 0; i < lines; i++) {
                devices.add(line());
            }
        }

        private String line() throws IOException {
            String line = out.readLine();
            if (line == null) {
                throw new IOException("the sender has ended");
            }
            return line;
        }

        private void next() throws IOException {
            in.write('\n');
            in.flush();
        }

        @Override
        public void close() throws IOException {
            next();
            process.destroy();
        }
    }

    private Path source() throws IOException {
        Path text = folder.resolve("sent");
        if (!Files.exists(text)) {
            Files.copy(Path.of("../fixtures/klog/virtual/abba.console"), text);
        }
        return text;
    }

    private void byHil() throws Exception {
        AtomicInteger reports = new AtomicInteger();
        List<SerialConsole> consoles = new ArrayList<>();
        List<SerialWatch> watches = new ArrayList<>();
        List<ScheduledExecutorService> clocks = new ArrayList<>();
        List<Future<?>> ticks = new ArrayList<>();
        try (Sender sender = new Sender()) {
            for (int i = 0; i < lines; i++) {
                SerialConsole console = SerialConsole.open(
                        LineAddress.of(sender.devices.get(i), 1_500_000),
                        SerialConsole.Replug.NEVER,
                        folder.resolve("hil-" + i),
                        DiskRoom.UNLIMITED);
                SerialWatch watch = new SerialWatch(console, KnownIssues.none(), new Counter(reports));
                watch.arrived(Canary.random());
                consoles.add(console);
                watches.add(watch);
                ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
                clocks.add(clock);
                ticks.add(clock.scheduleWithFixedDelay(watch::read, 0, TICK.toMillis(), TimeUnit.MILLISECONDS));
            }
            OperatingSystemMXBean host = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
            long before = host.getProcessCpuTime();
            sender.next();
            String took = sender.line();
            List<String> sums = new ArrayList<>();
            for (int i = 0; i < lines; i++) {
                sums.add(sender.line());
            }
            for (int i = 0; i < lines; i++) {
                compare("hil", folder.resolve("hil-" + i), sums.get(i));
                watches.get(i).read();
            }
            if (ticks.stream().anyMatch(Future::isDone)) {
                throw new IllegalStateException("a watch ended before its line");
            }
            double cpu = (host.getProcessCpuTime() - before) / 1e9;
            print("hil, recording and scanning", took, cpu);
            System.out.printf("    %d reports found on %d lines%n", reports.get(), lines);
        } finally {
            clocks.forEach(ScheduledExecutorService::shutdownNow);
            consoles.forEach(SerialConsole::close);
        }
    }

    private void byCat() throws Exception {
        List<Process> cats = new ArrayList<>();
        try (Sender sender = new Sender()) {
            for (int i = 0; i < lines; i++) {
                cats.add(new ProcessBuilder("cat", sender.devices.get(i))
                        .redirectOutput(folder.resolve("cat-" + i).toFile())
                        .start());
            }
            sender.next();
            String took = sender.line();
            for (int i = 0; i < lines; i++) {
                compare("cat", folder.resolve("cat-" + i), sender.line());
            }
            double cpu = 0;
            for (Process cat : cats) {
                cpu += cat.info().totalCpuDuration().orElse(Duration.ZERO).toNanos() / 1e9;
            }
            print("cat, recording only", took, cpu);
        } finally {
            cats.forEach(Process::destroy);
        }
    }

    private static void compare(String who, Path file, String sum) throws IOException {
        String[] sent = sum.split(" ", 2);
        Awaitility.await("%s has %s bytes".formatted(file, sent[0]))
                .atMost(Duration.ofSeconds(30))
                .until(() -> Files.size(file) >= Long.parseLong(sent[0]));
        if (!Sha256.of(file).equals(sent[1])) {
            throw new IllegalStateException("%s lost or changed bytes of %s".formatted(who, file));
        }
    }

    private void print(String what, String took, double cpu) {
        System.out.printf(
                "%-28s %d lines x %d bytes/s, %s s: %.1f s of CPU, %.1f %% of a core, every byte there%n",
                what, lines, rate, took, cpu, 100 * cpu / seconds);
    }

    private record Counter(AtomicInteger reports) implements LogScan.Listener {
        @Override
        public void begun(LogScan scan, int boot, long line, Kind kind, String headline, long offset) {
            // Counted when it is whole.
        }

        @Override
        public void found(LogScan scan, Finding finding) {
            reports.incrementAndGet();
        }

        @Override
        public void bootEnded(LogScan scan, dev.hil.klog.Boot boot) {
            // Each round of the log is one.
        }
    }
}
