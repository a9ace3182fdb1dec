package dev.hil.board;

import dev.hil.klog.Boot;
import dev.hil.klog.Finding;
import dev.hil.klog.Kind;
import dev.hil.klog.KlogListener;
import dev.hil.klog.KlogScanner;
import dev.hil.klog.KnownIssues;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One channel's log on its way through the scanner: the same bytes as in its recording, so that offsets fit. */
final class LogScan {
    private static final Pattern STAMP = Pattern.compile("\\[ *(\\d{1,9})\\.(\\d)\\d{5}]|^\\d+,\\d+,(\\d{1,16}),");

    /** Hears what a scan finds; the boots are numbered as the log shows them. */
    interface Listener {
        /** A report has begun; {@code offset} is that of its headline in the log, or -1. */
        void begun(LogScan scan, int boot, long line, Kind kind, String headline, long offset);

        void found(LogScan scan, Finding finding);

        void bootEnded(LogScan scan, Boot boot);
    }

    private final Channel channel;
    private final String bootId;
    private final Path log;
    private final KlogScanner scanner;
    private int boots;
    private byte[] newest = {};
    private long read;
    private boolean finished;

    /** @param bootId the boot that the log is of; empty where it is one of several */
    LogScan(Channel channel, String bootId, Path log, KnownIssues known, Listener listener) {
        this.channel = channel;
        this.bootId = bootId;
        this.log = log;
        this.scanner = new KlogScanner(
                new KlogListener() {
                    @Override
                    public void started(Kind kind, long line, String headline) {
                        listener.begun(LogScan.this, boots, line, kind, headline, offsetOf(headline));
                    }

                    @Override
                    public void finding(Finding finding) {
                        listener.found(LogScan.this, finding);
                    }

                    @Override
                    public void boot(Boot boot) {
                        boots++;
                        listener.bootEnded(LogScan.this, boot);
                    }
                },
                known);
    }

    Channel channel() {
        return channel;
    }

    String bootId() {
        return bootId;
    }

    Path log() {
        return log;
    }

    /** The number of the boot that the log is in, from 0. */
    synchronized int boot() {
        return boots;
    }

    synchronized void accept(byte[] bytes, int length) {
        if (!finished) {
            newest = Arrays.copyOf(bytes, length);
            scanner.accept(newest, 0, length);
            read += length;
        }
    }

    /** Looked for among the newest bytes only: a headline is told of as soon as it is read. */
    private long offsetOf(String headline) {
        String text = new String(newest, StandardCharsets.ISO_8859_1);
        int at = text.indexOf(new String(headline.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1));
        return at < 0 ? -1 : read + text.lastIndexOf('\n', at) + 1;
    }

    /** The log is silent for now. */
    synchronized void idle() {
        if (!finished) {
            scanner.idle();
        }
    }

    synchronized void finish() {
        if (!finished) {
            finished = true;
            scanner.finish();
        }
    }

    /** The kernel's stamp of the line at an offset of the log, such as {@code 812.3}; empty if there is none. */
    static String stampAt(Path log, long offset) {
        if (offset < 0) {
            return "";
        }
        byte[] bytes = new byte[200];
        try (RandomAccessFile in = new RandomAccessFile(log.toFile(), "r")) {
            in.seek(offset);
            int n = Math.max(0, in.read(bytes));
            String line = new String(bytes, 0, n, StandardCharsets.ISO_8859_1);
            Matcher matcher = STAMP.matcher(line.substring(0, line.indexOf('\n') < 0 ? n : line.indexOf('\n')));
            if (!matcher.find()) {
                return "";
            }
            if (matcher.group(3) == null) {
                return matcher.group(1) + "." + matcher.group(2);
            }
            long micros = Long.parseLong(matcher.group(3));
            return "%d.%d".formatted(micros / 1_000_000, micros / 100_000 % 10);
        } catch (IOException e) {
            // For people only; the finding itself is not in doubt.
            return "";
        }
    }
}
