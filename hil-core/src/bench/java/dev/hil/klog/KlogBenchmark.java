package dev.hil.klog;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Milliseconds for 30 MB of log with the reports of a quiet, a usual and a mad machine in it. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgs = "-Xmx128m")
public class KlogBenchmark {

    private static final int PIECE = 1 << 16;

    @Param({"0", "266", "2660"})
    public int reports;

    private byte[] log = {};

    @Setup
    public void generate() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream(31_000_000);
        NoisyLog.write(out, 30_000_000, reports, 1);
        log = out.toByteArray();
    }

    @Benchmark
    public long scan() {
        KlogScanner scanner = new KlogScanner(new KlogListener() {});
        for (int at = 0; at < log.length; at += PIECE) {
            scanner.accept(log, at, Math.min(PIECE, log.length - at));
        }
        scanner.finish();
        return scanner.lines();
    }

    /** What the search for the fixed strings alone costs. */
    @Benchmark
    public int search() {
        int hits = 0;
        for (int at = 0; at < log.length; at += PIECE) {
            hits += Literals.ALL.find(log, at, Math.min(log.length, at + PIECE)) < 0 ? 0 : 1;
        }
        return hits;
    }
}
