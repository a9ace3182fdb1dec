package dev.hil.board;

import dev.hil.board.ResetEvidence.End;
import dev.hil.board.ResetEvidence.Firmware;
import dev.hil.klog.KlogResult;
import dev.hil.klog.KlogScanner;
import dev.hil.link.Console;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What the serial console showed from the boot that ended on.
 *
 * @param end how that boot ended
 * @param firmware what firmware said of the cause
 * @param boots how many boots began since; -1 where that is not known
 * @param last what that boot said last
 */
record ConsoleView(End end, Firmware firmware, int boots, LastLines last) {
    private static final int MOST_OF_CONSOLE = 4 << 20;
    private static final Pattern WATCHDOG_WORDS = Pattern.compile("(?i)\\bw(?:atch)?do?g|\\bwdt|wdog");
    private static final Pattern POWER_WORDS = Pattern.compile("(?i)power[ -]?on|\\bPOR\\b|cold");

    /**
     * Reads the recording.
     *
     * @param from where it stood when that boot was reached
     * @param notes what was seen is added to them, a sentence each
     */
    static ConsoleView read(Optional<Console> console, long from, List<String> notes) {
        if (console.isEmpty()) {
            return new ConsoleView(End.NOT_CAPTURED, Firmware.NOT_SAID, -1, LastLines.NONE);
        }
        Console line = console.get();
        try (InputStream in = Files.newInputStream(line.recording())) {
            long start = Math.max(from, line.position() - MOST_OF_CONSOLE);
            in.skipNBytes(start);
            KlogResult log = KlogScanner.scan(in);
            int begun = log.boots().size() - 1;
            if (begun == 0) {
                notes.add("the console shows no boot beginning: what it shows is not enough to tell");
                return new ConsoleView(End.NOT_CAPTURED, Firmware.NOT_SAID, 0, LastLines.NONE);
            }
            dev.hil.klog.Boot ended = log.boots().get(0);
            String cause = log.boots().get(begun).resetCause();
            notes.add(
                    switch (ended.end()) {
                        case ORDERED -> "console: it went down in order: " + ended.endWords();
                        case DIED -> "console: it died: " + ended.endWords();
                        case SILENT, OPEN -> "console: the next boot begins, and nothing says why";
                    });
            if (begun > 1) {
                notes.add("console: %d boots began meanwhile".formatted(begun));
            }
            if (!cause.isEmpty()) {
                notes.add("firmware: " + cause);
            }
            LastLines last = LastLines.of(
                    "console",
                    line.recording(),
                    start,
                    start + log.boots().get(1).startOffset());
            return new ConsoleView(End.of(ended), firmware(cause), begun, last);
        } catch (IOException e) {
            notes.add("the console's recording could not be read: " + e);
            return new ConsoleView(End.NOT_CAPTURED, Firmware.NOT_SAID, -1, LastLines.NONE);
        }
    }

    static Firmware firmware(String cause) {
        if (cause.isEmpty()) {
            return Firmware.NOT_SAID;
        }
        if (WATCHDOG_WORDS.matcher(cause).find()) {
            return Firmware.WATCHDOG;
        }
        return POWER_WORDS.matcher(cause).find() ? Firmware.POWER_ON : Firmware.OTHER;
    }
}
