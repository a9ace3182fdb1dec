package dev.hil.record;

import dev.hil.link.Durations;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Where it is shown what a run is doing: in one place of the terminal, anew each second, where there is one; else a line
 * now and then, for logs. {@code -Dhil.progress=plain} always takes the lines, {@code off} nothing.
 */
final class StatusLine {
    private static final int WIDTH = 110;
    private static final String CLEAR = "\r\u001b[K";
    private static final int MOST_ANCESTORS = 6;

    private final PrintStream console;
    private final Optional<PrintWriter> terminal;
    private final boolean off;
    private boolean printed;

    /**
     * @param console where lines go
     * @param terminal of the person who looks on
     */
    StatusLine(PrintStream console, Optional<PrintWriter> terminal, boolean off) {
        this.console = console;
        this.terminal = terminal;
        this.off = off;
    }

    static StatusLine of(PrintStream console) {
        String wanted = System.getProperty("hil.progress", "");
        return new StatusLine(
                console,
                wanted.isEmpty() || wanted.equals("terminal") ? terminal() : Optional.empty(),
                wanted.equals("off"));
    }

    /**
     * The terminal, where this process or one that started it writes to it in the foreground: Maven and Surefire stand
     * between this JVM and the person.
     */
    private static Optional<PrintWriter> terminal() {
        String name = System.getenv("TERM");
        if (System.getenv("CI") != null || name == null || name.equals("dumb")) {
            return Optional.empty();
        }
        ProcessHandle process = ProcessHandle.current();
        for (int i = 0; i < MOST_ANCESTORS; i++) {
            if (isForeground(process.pid()) && writesToTerminal(process.pid())) {
                try {
                    return Optional.of(
                            new PrintWriter(Files.newBufferedWriter(Path.of("/dev/tty"), StandardCharsets.UTF_8)));
                } catch (IOException e) {
                    return Optional.empty();
                }
            }
            Optional<ProcessHandle> parent = process.parent();
            if (parent.isEmpty()) {
                break;
            }
            process = parent.get();
        }
        return Optional.empty();
    }

    private static boolean writesToTerminal(long pid) {
        try {
            String out = Files.readSymbolicLink(Path.of("/proc", String.valueOf(pid), "fd", "1"))
                    .toString();
            return out.startsWith("/dev/pts/") || out.startsWith("/dev/tty");
        } catch (IOException e) {
            return false;
        }
    }

    /** proc(5), /proc/PID/stat: field 5 is the process group, field 8 the foreground group of its terminal. */
    private static boolean isForeground(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc", String.valueOf(pid), "stat"));
            List<String> fields =
                    List.of(stat.substring(stat.lastIndexOf(')') + 2).strip().split(" ", -1));
            return fields.get(2).equals(fields.get(5));
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * Shows it.
     *
     * @param silent whether nothing has been printed for so long that a line is due
     */
    synchronized void show(Duration at, String text, boolean silent) {
        printed = false;
        if (off) {
            return;
        }
        if (terminal.isPresent()) {
            String line = "hil %s  %s".formatted(Durations.text(Duration.ofSeconds(at.toSeconds())), text);
            // The cursor goes back to the left: whatever is printed next stands over it.
            terminal.get().print(CLEAR + line.substring(0, Math.min(line.length(), WIDTH)) + "\r");
            terminal.get().flush();
        } else if (silent) {
            console.printf("hil %9s  now: %s%n", Durations.text(at), text);
            printed = true;
        }
    }

    /** Whether the last call printed a line. */
    synchronized boolean printed() {
        return printed;
    }

    /** Takes the line away before something else is printed. */
    synchronized void clear() {
        terminal.ifPresent(out -> {
            out.print(CLEAR);
            out.flush();
        });
    }
}
