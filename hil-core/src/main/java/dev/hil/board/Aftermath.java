package dev.hil.board;

import dev.hil.board.BoardWatch.Watched;
import dev.hil.board.ResetEvidence.End;
import dev.hil.board.ResetEvidence.Firmware;
import dev.hil.board.ResetEvidence.Memory;
import dev.hil.board.ResetEvidence.Order;
import dev.hil.klog.Category;
import dev.hil.klog.Finding;
import dev.hil.klog.Kind;
import dev.hil.klog.KlogResult;
import dev.hil.klog.KlogScanner;
import dev.hil.klog.Severity;
import dev.hil.link.Command;
import dev.hil.link.Console;
import dev.hil.link.Durations;
import dev.hil.link.ExecResult;
import dev.hil.link.InfrastructureException;
import dev.hil.link.Shell;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Collects, in the boot that followed a reset, everything that is known of the boot that ended. */
final class Aftermath {
    private static final int MOST_OF_CONSOLE = 4 << 20;
    private static final int TAIL_LINES = 40;
    private static final int LEAST_MATCHES = 3;
    private static final Duration FACTS = Duration.ofSeconds(20);
    /** An oops after which the kernel printed on and on was not its end. */
    private static final int LAST_RECORDS = 300;

    private static final Pattern STAMP = Pattern.compile("\\[ *\\d+\\.\\d{6}]");
    private static final Pattern ECC =
            Pattern.compile("(?m)^(?:ECC: )?(\\d{1,9}) Corr\\w+ bytes, (\\d{1,9}) unrecoverable blocks$");
    private static final Pattern RECORD = Pattern.compile("(?m)^\\d+,\\d+,(\\d{1,16}),[^;\\n]*;(.*)$");
    private static final Pattern WATCHDOG_WORDS = Pattern.compile("(?i)\\bw(?:atch)?do?g|\\bwdt|wdog");
    private static final Pattern POWER_WORDS = Pattern.compile("(?i)power[ -]?on|\\bPOR\\b|cold");

    private final Shell shell;
    private final Pstore pstore;
    private final Optional<Console> console;

    Aftermath(Shell shell, Pstore pstore, Optional<Console> console) {
        this.shell = shell;
        this.pstore = pstore;
        this.console = console;
    }

    /**
     * What is known before anything is asked.
     *
     * @param before the boot that ended, with its canary
     * @param after the boot that followed
     * @param order what this run had ordered
     * @param took from the order, or from the last sign of life, to the first answer
     * @param lastHeard the last sign of life of the boot that ended, on this host's clock
     * @param consoleFrom where the console's recording stood when the boot that ended was reached
     * @param live the recording of its live log
     * @param sightings what was seen of it
     * @param begun when the console showed that the next boot began; empty where it did not
     * @param firmwareTime how long firmware takes from a reset to the kernel, where that is known
     * @param survivesResets whether the memory is known to survive some kind of reset
     * @param survivesWatchdog whether it is known to survive the watchdog
     */
    record Case(
            Watched before,
            Watched after,
            Order order,
            Duration took,
            Optional<Instant> lastHeard,
            long consoleFrom,
            Optional<Path> live,
            List<Sighting> sightings,
            Optional<Instant> begun,
            Duration firmwareTime,
            boolean survivesResets,
            boolean survivesWatchdog) {}

    /** What was found in one pstore record; its text has a character for each byte. */
    private record Read(PstoreRecord record, String text, KlogResult log, Canary.Returned canary, boolean ours) {}

    /** Collects and judges. */
    Reset judge(Case about) {
        List<String> notes = new ArrayList<>();
        notes.add("boot_id changed from %s to %s"
                .formatted(about.before().boot().id(), about.after().boot().id()));
        switch (about.order()) {
            case REBOOT -> notes.add("this run had ordered a reboot");
            case CRASH -> notes.add("this run had ordered a crash (sysrq-c)");
            case NOTHING -> notes.add("this run had ordered nothing");
        }
        // First of all, since the board may go again any moment.
        List<PstoreRecord> records = List.of();
        boolean readable = true;
        try {
            records = pstore.read();
        } catch (InfrastructureException e) {
            readable = false;
            notes.add("pstore could not be read: " + e.getMessage());
        }
        Optional<BootFacts> facts = BoardWatch.facts(about.before(), Duration.ofMillis(1));
        Optional<BootFacts> next = BoardWatch.facts(about.after(), FACTS);
        List<String> tail = tail(about.live());
        List<Read> read = records.stream()
                .map(record -> read(record, about.before().canary(), tail))
                .toList();
        read.forEach(one -> notes.add(describe(one)));
        if (readable && records.isEmpty()) {
            notes.add("nothing under " + Pstore.PLACES);
        }

        Optional<Read> dump = read.stream()
                .filter(one -> one.record().kind() == PstoreRecord.Kind.DMESG && one.ours())
                .filter(one -> fatal(one.log()).isPresent())
                .reduce((one, other) -> other);
        Optional<Read> captured = read.stream()
                .filter(one -> one.record().kind() == PstoreRecord.Kind.CONSOLE && one.ours())
                .findFirst();
        Memory memory = memory(readable, facts, next, read, notes);
        ConsoleView view = console(about.consoleFrom(), notes);
        long status = bootStatus(next, notes);
        Optional<BootFacts.Watchdog> armed = facts.flatMap(BootFacts::armed).or(() -> next.flatMap(BootFacts::armed));
        notes.add(armed.map(
                        dog -> "watchdog \"%s\" was armed, %s".formatted(dog.identity(), Durations.text(dog.timeout())))
                .orElse("no watchdog is known to have been armed"));
        Optional<Duration> silence = silence(about, next, notes);
        List<Finding> lastWords = new ArrayList<>();
        dump.ifPresent(one -> lastWords.addAll(one.log().findings()));
        captured.ifPresent(one -> lastWords.addAll(one.log().findings()));
        about.sightings().forEach(sighting -> {
            if (sighting.finding() != null) {
                lastWords.add(sighting.finding());
            }
        });

        ResetJudge.Judgement judgement = ResetJudge.judge(new ResetEvidence(
                false,
                true,
                about.order(),
                view.end(),
                view.firmware(),
                memory,
                captured.map(one -> end(one.log())).orElse(End.NOT_CAPTURED),
                journal(about.before().boot(), next, notes),
                dump.flatMap(one -> fatal(one.log())).map(Finding::title).orElse(""),
                dump.map(one -> one.log().findings().stream().anyMatch(Aftermath::isPanic))
                        .orElse(false),
                liveDeath(about),
                hangs(about.sightings()),
                status,
                armed.map(BootFacts.Watchdog::timeout),
                silence,
                about.survivesResets(),
                about.survivesWatchdog(),
                view.boots(),
                notes));
        return new Reset(
                judgement.verdict(),
                judgement.confidence(),
                about.before().boot(),
                about.after().boot(),
                about.took(),
                judgement.evidence(),
                records,
                lastWords,
                capture(read));
    }

    private static boolean isPanic(Finding finding) {
        return finding.kind() == Kind.PANIC
                || finding.lines().stream().anyMatch(line -> line.contains("Kernel panic - not syncing"));
    }

    private static Optional<Finding> fatal(KlogResult log) {
        return log.findings().stream()
                .filter(finding -> finding.severity() == Severity.FATAL)
                .findFirst();
    }

    private static Read read(PstoreRecord record, Canary canary, List<String> tail) {
        try {
            byte[] bytes = Files.readAllBytes(record.copy());
            KlogResult log = KlogScanner.scan(new ByteArrayInputStream(bytes));
            Canary.Returned returned = canary.in(bytes);
            String text = new String(bytes, StandardCharsets.ISO_8859_1);
            return new Read(record, text, log, returned, returned.isBack() || holds(text, tail));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the evidence " + record.copy(), e);
        }
    }

    /** Whether lines of the live log are found in what was captured: time stamps in microseconds are a boot's own. */
    private static boolean holds(String text, List<String> tail) {
        return !tail.isEmpty() && tail.stream().filter(text::contains).count() >= Math.min(LEAST_MATCHES, tail.size());
    }

    /** The stamps of the last lines of the live log, as console and dmesg show them. */
    private static List<String> tail(Optional<Path> live) {
        List<String> stamps = new ArrayList<>();
        Matcher matcher = RECORD.matcher(live.map(log -> end(log, 64 * 1024)).orElse(""));
        while (matcher.find()) {
            long micros = Long.parseLong(matcher.group(1));
            if (micros > 0 && !matcher.group(2).startsWith("hil-canary-")) {
                stamps.add("[%5d.%06d]".formatted(micros / 1_000_000, micros % 1_000_000));
            }
        }
        return List.copyOf(stamps.subList(Math.max(0, stamps.size() - TAIL_LINES), stamps.size()));
    }

    private static String end(Path log, int most) {
        try (RandomAccessFile in = new RandomAccessFile(log.toFile(), "r")) {
            long from = Math.max(0, in.length() - most);
            byte[] bytes = new byte[(int) (in.length() - from)];
            in.seek(from);
            in.readFully(bytes);
            return new String(bytes, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read back " + log, e);
        }
    }

    private static String describe(Read read) {
        PstoreRecord record = read.record();
        String whose = read.canary().isBack()
                ? "holds this boot's canary" + bits(read.canary())
                : read.ours() ? "holds lines of this boot" : "is not of this boot";
        String dead = fatal(read.log()).map(finding -> ": " + finding.title()).orElse("");
        String ecc = ecc(read.text()).map(text -> "; " + text).orElse("");
        return "%s (%s, %s) %s%s%s"
                .formatted(
                        record.path(),
                        record.kind().name().toLowerCase(Locale.ROOT),
                        record.modified(),
                        whose,
                        dead,
                        ecc);
    }

    private static String bits(Canary.Returned returned) {
        return returned.wrongBits() == 0
                ? ""
                : ", with %d of %d bits wrong".formatted(returned.wrongBits(), returned.bits());
    }

    private static Optional<String> ecc(String text) {
        Matcher matcher = ECC.matcher(text);
        return matcher.find() ? Optional.of(matcher.group()) : Optional.empty();
    }

    private static Capture capture(List<Read> read) {
        boolean console = false;
        boolean dmesg = false;
        boolean pmsg = false;
        long wrong = 0;
        long bits = 0;
        long corrected = 0;
        long lost = 0;
        for (Read one : read) {
            if (!one.ours()) {
                continue;
            }
            console |= one.record().kind() == PstoreRecord.Kind.CONSOLE;
            dmesg |= one.record().kind() == PstoreRecord.Kind.DMESG;
            pmsg |= one.record().kind() == PstoreRecord.Kind.PMSG;
            wrong += one.canary().wrongBits();
            bits += one.canary().bits();
            Matcher matcher = ECC.matcher(one.text());
            if (matcher.find()) {
                corrected += Long.parseLong(matcher.group(1));
                lost += Long.parseLong(matcher.group(2));
            }
        }
        return new Capture(console, dmesg, pmsg, wrong, bits, corrected, lost);
    }

    private static Memory memory(
            boolean readable,
            Optional<BootFacts> facts,
            Optional<BootFacts> next,
            List<Read> read,
            List<String> notes) {
        List<Read> rings = read.stream()
                .filter(one -> one.record().kind() == PstoreRecord.Kind.CONSOLE
                        || one.record().kind() == PstoreRecord.Kind.PMSG)
                .toList();
        if (read.stream().anyMatch(Read::ours)) {
            return Memory.KEPT;
        }
        if (rings.stream().anyMatch(one -> hasStamps(one.text()))) {
            return Memory.OTHER_BOOT;
        }
        boolean backed = next.map(BootFacts::backend).filter("ramoops"::equals).isPresent();
        boolean written = facts.map(fact -> fact.pmsgWritten() || (fact.kmsgWritten() && fact.showsWarnings()))
                .orElse(false);
        if (!readable || !backed || !written) {
            notes.add(
                    !written
                            ? "it is not known that anything had been written to the memory of ramoops in that boot"
                            : "the kernel that followed has no ramoops, or it could not be read");
            return Memory.NOT_KNOWN;
        }
        notes.add("the canary of that boot, which had been written, did not come back");
        return Memory.GONE;
    }

    private static boolean hasStamps(String text) {
        return STAMP.matcher(text).find();
    }

    private static End end(KlogResult log) {
        return switch (log.boots().get(log.boots().size() - 1).end()) {
            case ORDERED -> End.CLEAN;
            case DIED -> End.DIED;
            case OPEN, SILENT -> End.NO_END;
        };
    }

    /** What the console showed from the boot that ended on. */
    private record ConsoleView(End end, Firmware firmware, int boots) {}

    private ConsoleView console(long from, List<String> notes) {
        if (console.isEmpty()) {
            return new ConsoleView(End.NOT_CAPTURED, Firmware.NOT_SAID, -1);
        }
        Console line = console.get();
        try (InputStream in = Files.newInputStream(line.recording())) {
            in.skipNBytes(Math.max(from, line.position() - MOST_OF_CONSOLE));
            KlogResult log = KlogScanner.scan(in);
            int begun = log.boots().size() - 1;
            if (begun == 0) {
                notes.add("the console shows no boot beginning: what it shows is not enough to tell");
                return new ConsoleView(End.NOT_CAPTURED, Firmware.NOT_SAID, 0);
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
            End end = switch (ended.end()) {
                case ORDERED -> End.CLEAN;
                case DIED -> End.DIED;
                case SILENT, OPEN -> End.NO_END;
            };
            return new ConsoleView(end, firmware(cause), begun);
        } catch (IOException e) {
            notes.add("the console's recording could not be read: " + e);
            return new ConsoleView(End.NOT_CAPTURED, Firmware.NOT_SAID, -1);
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

    private static long bootStatus(Optional<BootFacts> next, List<String> notes) {
        long status = 0;
        for (BootFacts.Watchdog dog : next.map(BootFacts::watchdogs).orElse(List.of())) {
            if (dog.bootStatus() != 0) {
                status |= dog.bootStatus();
                notes.add("bootstatus of watchdog \"%s\" is %d: %s"
                        .formatted(dog.identity(), dog.bootStatus(), dog.reason()));
            } else {
                notes.add("bootstatus of watchdog \"%s\" is 0, which says nothing".formatted(dog.identity()));
            }
        }
        return status;
    }

    /**
     * From the last sign of life to the reset: the moment when the console showed the next boot beginning; else the start
     * of the next kernel by its uptime, without the time that firmware takes.
     */
    private static Optional<Duration> silence(Case about, Optional<BootFacts> next, List<String> notes) {
        Optional<Instant> begun = about.begun()
                .or(() -> next.flatMap(BootFacts::startedHere).map(start -> start.minus(about.firmwareTime())));
        Optional<Duration> silence = about.lastHeard()
                .flatMap(heard -> begun.map(start -> Duration.between(heard, start)))
                .map(gap -> gap.isNegative() ? Duration.ZERO : gap);
        silence.ifPresent(
                gap -> notes.add("from its last sign of life to the reset: about %s".formatted(Durations.text(gap))));
        return silence;
    }

    private static String liveDeath(Case about) {
        String death = "";
        for (Sighting sighting : about.sightings()) {
            boolean panic = sighting.kind() == Kind.PANIC;
            boolean oops = sighting.kind().category() == Category.OOPS && recordsAfter(sighting) < LAST_RECORDS;
            if (panic || oops) {
                death = sighting.headline();
            }
        }
        return death;
    }

    private static long recordsAfter(Sighting sighting) {
        if (sighting.offset() < 0) {
            return 0;
        }
        try (InputStream in = Files.newInputStream(sighting.log())) {
            in.skipNBytes(Math.min(sighting.offset(), Files.size(sighting.log())));
            byte[] rest = in.readNBytes(LAST_RECORDS * 1024);
            long lines = 0;
            for (byte b : rest) {
                lines += b == '\n' ? 1 : 0;
            }
            return lines;
        } catch (IOException e) {
            return 0;
        }
    }

    static List<String> hangs(List<Sighting> sightings) {
        return sightings.stream()
                .filter(sighting -> sighting.kind().category() == Category.HANG)
                .map(Sighting::title)
                .distinct()
                .toList();
    }

    /** The journal of exactly the boot that ended, where there is one. */
    private End journal(Boot before, Optional<BootFacts> next, List<String> notes) {
        if (!next.map(BootFacts::journal).orElse(false)) {
            return End.NOT_CAPTURED;
        }
        try {
            ExecResult result = shell.exec(Command.of(
                            "journalctl",
                            "-b",
                            before.id().replace("-", ""),
                            "-n",
                            "100",
                            "-o",
                            "short-monotonic",
                            "--no-pager")
                    .root()
                    .timeout(Duration.ofSeconds(10)));
            if (!result.ok() || result.stdout().isBlank()) {
                notes.add("the journal has nothing of that boot");
                return End.NOT_CAPTURED;
            }
            KlogResult log =
                    KlogScanner.scan(new ByteArrayInputStream(result.stdout().getBytes(StandardCharsets.UTF_8)));
            End end = end(log);
            notes.add("journal of that boot: " + (end == End.CLEAN ? "it went down in order" : "it just ends"));
            return end;
        } catch (InfrastructureException e) {
            notes.add("the journal could not be read: " + e.getMessage());
            return End.NOT_CAPTURED;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
