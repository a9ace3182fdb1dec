package dev.hil.board;

import dev.hil.board.BoardWatch.Watched;
import dev.hil.board.ResetEvidence.End;
import dev.hil.board.ResetEvidence.Memory;
import dev.hil.board.ResetEvidence.Order;
import dev.hil.klog.Category;
import dev.hil.klog.Finding;
import dev.hil.klog.Kind;
import dev.hil.link.Console;
import dev.hil.link.Durations;
import dev.hil.link.InfrastructureException;
import dev.hil.link.Shell;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Collects, in the boot that followed a reset, everything that is known of the boot that ended. */
final class Aftermath {
    private static final Duration FACTS = Duration.ofSeconds(20);
    /** An oops after which the kernel printed on and on was not its end. */
    private static final int LAST_RECORDS = 300;

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
        LiveTail tail = LiveTail.of(about.live());
        BootTimes times = BootTimes.of(facts, next);
        List<Recovered> read = records.stream()
                .map(record -> Recovered.read(record, about.before().canary(), tail, times))
                .toList();
        read.forEach(one -> notes.add(one.describe()));
        if (readable && records.isEmpty()) {
            notes.add("nothing under " + Pstore.PLACES);
        }

        List<Recovered> dumps = read.stream()
                .filter(one -> one.record().kind() == PstoreRecord.Kind.DMESG && one.ours())
                .filter(one -> one.death().isPresent())
                .toList();
        // The last that can be read; else the last.
        Optional<Recovered> dump = dumps.stream()
                .filter(one -> one.fatal().isPresent())
                .reduce((one, other) -> other)
                .or(() -> dumps.stream().reduce((one, other) -> other));
        Optional<Recovered> captured = read.stream()
                .filter(one -> one.record().kind() == PstoreRecord.Kind.CONSOLE && one.ours())
                .findFirst();
        Memory memory = Recovered.memory(readable, facts, next, read, notes);
        ConsoleView view = ConsoleView.read(console, about.consoleFrom(), notes);
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
                captured.map(one -> End.of(one.log())).orElse(End.NOT_CAPTURED),
                JournalEnd.read(shell, about.before().boot(), next, notes),
                dump.flatMap(Recovered::death).orElse(""),
                dump.map(Recovered::isPanic).orElse(false),
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
                view.last()
                        .or(captured.map(one -> LastLines.of(
                                        "console record in pstore", one.record().text()))
                                .orElse(LastLines.NONE)),
                Recovered.capture(read));
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
}
