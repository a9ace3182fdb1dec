package dev.hil.board;

import dev.hil.klog.Kind;
import dev.hil.link.Deadline;
import dev.hil.link.InfrastructureException;
import dev.hil.link.LinkException;
import dev.hil.link.SshShell;
import dev.hil.record.Evidence;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Brings a board from boot to boot, or follows it where nobody ordered that, and says what led from one to the next. */
final class Passages {
    /** How long a lost board is waited for before whoever else wants to wait for it gets a turn. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final Duration CANARY = Duration.ofSeconds(15);

    private final SshShell ssh;
    private final Evidence evidence;
    private final BoardWatch watch;
    private final Resets resets;
    private final Aftermath aftermath;
    private final Supplier<Qualification> known;
    /**
     * Held by whoever brings the board, or follows it, from one boot to another. Fair: who waits for a lost board in
     * turns would else take each turn.
     */
    private final ReentrantLock passage = new ReentrantLock(true);

    private final List<Reset> unordered = new ArrayList<>();
    /** The boot that was last ordered, or found. */
    private volatile @Nullable Boot boot;
    /** The boot that the board was last seen in: another one after a reset that nobody had ordered. */
    private volatile @Nullable Boot present;
    /** Where the console's recording stood when that boot was reached. */
    private long consoleFrom;
    /** What had been seen when it was reached. */
    private long bootMark;
    /** The shortest time from the last sign of life to the next kernel that an ordered reboot took. */
    private @Nullable Duration firmwareTime;

    private boolean survivesResets;
    private @Nullable Qualification qualification;
    private volatile @Nullable Thread reunion;

    /** @param known what was tried out of the board's capture; asked only where that may matter */
    Passages(
            SshShell ssh,
            Evidence evidence,
            BoardWatch watch,
            Resets resets,
            Aftermath aftermath,
            Supplier<Qualification> known) {
        this.ssh = ssh;
        this.evidence = evidence;
        this.watch = watch;
        this.resets = resets;
        this.aftermath = aftermath;
        this.known = known;
    }

    /** Waits until the board answers. */
    void start() {
        arrived(resets.awaitFirstBoot());
    }

    /** Somebody brings a board back whose kernel did not come up; waits until it answers. */
    void rescued(Runnable rescue) {
        passage.lock();
        try {
            watch.leaving(true);
            long console = resets.consolePosition();
            rescue.run();
            arrived(resets.awaitRescued(console));
        } finally {
            passage.unlock();
        }
    }

    private void arrived(Boot reached) {
        boot = reached;
        unordered.clear();
        present(reached);
    }

    /** When the console first showed that a boot began which had not been in order. */
    private Optional<Instant> begun(long mark) {
        List<Sighting> all = watch.sightings();
        return all.subList((int) Math.min(mark, all.size()), all.size()).stream()
                .filter(sighting -> sighting.channel() == Channel.SERIAL && sighting.kind() == Kind.SILENT_RESET)
                .map(Sighting::at)
                .findFirst();
    }

    private void present(Boot reached) {
        present = reached;
        bootMark = watch.mark();
        watch.arrived(reached);
        consoleFrom = resets.consolePosition();
        evidence.event("boot", reached.toString());
    }

    /** What led from the boot that was to the one that was reached. */
    private Reset explain(Boot after, ResetEvidence.Order order, Duration took) {
        BoardWatch.Watched before = Objects.requireNonNull(watch.current(), "a boot that was watched");
        Optional<Instant> heard = watch.lastHeard();
        List<Path> recordings = watch.kmsg().recordings();
        long from = consoleFrom;
        long mark = bootMark;
        present(after);
        BoardWatch.Watched now = Objects.requireNonNull(watch.current(), "the boot that was reached");
        Reset reset = aftermath.judge(new Aftermath.Case(
                before,
                now,
                order,
                took,
                heard,
                from,
                recordings.isEmpty() ? Optional.empty() : Optional.of(recordings.get(recordings.size() - 1)),
                watch.sightings(before.boot()),
                begun(mark),
                firmwareTime == null ? Duration.ZERO : firmwareTime,
                survivesResets || qualified(order, ResetClass.ORDERED_REBOOT) || qualified(order, ResetClass.PANIC),
                qualified(order, ResetClass.WATCHDOG) || qualified(order, ResetClass.LOCKUP)));
        survivesResets |= reset.capture().console() || reset.capture().pmsg();
        if (reset.verdict() == ResetVerdict.ORDERED && heard.isPresent()) {
            BoardWatch.facts(now, Duration.ZERO)
                    .flatMap(BootFacts::startedHere)
                    .map(start -> Duration.between(heard.get(), start))
                    .filter(gap -> !gap.isNegative() && (firmwareTime == null || gap.compareTo(firmwareTime) < 0))
                    .ifPresent(gap -> firmwareTime = gap);
        }
        evidence.event("reset", reset.describe());
        evidence.json("resets.jsonl", reset.asMap());
        return reset;
    }

    /** What was tried out earlier; asked only where it may matter. */
    private boolean qualified(ResetEvidence.Order order, ResetClass reset) {
        if (order != ResetEvidence.Order.NOTHING) {
            return false;
        }
        Qualification table = qualification;
        if (table == null) {
            try {
                table = known.get();
            } catch (InfrastructureException e) {
                evidence.event("qualification", "is not known: " + e.getMessage());
                table = new Qualification("", "", Map.of());
            }
            qualification = table;
        }
        return table.survives(reset);
    }

    private Reset unordered(Boot after) {
        Duration took = watch.lastHeard()
                .map(heard -> Duration.between(heard, Instant.now()))
                .orElse(Duration.ZERO);
        Reset reset = explain(after, ResetEvidence.Order.NOTHING, took);
        unordered.add(reset);
        watch.unordered(reset);
        return reset;
    }

    /** Nobody need ask for it: as soon as the board answers again, it is known what happened. */
    void linkLost(Boot lost) {
        reunion = Thread.currentThread();
        watch.leaving(false);
        long console = resets.consolePosition();
        while (!watch.isClosed()) {
            passage.lock();
            try {
                Boot last = present;
                if (watch.isClosed() || last == null || !last.id().equals(lost.id())) {
                    return;
                }
                try {
                    Boot now = resets.awaitAnswer(Deadline.in(PATIENCE), consoleFrom, console);
                    if (now.id().equals(lost.id())) {
                        watch.kmsg().resume(now);
                    } else {
                        unordered(now);
                    }
                    return;
                } catch (LinkException e) {
                    if (!e.kind().mayPass()) {
                        evidence.event("link", "is not waited for any longer: " + e.getMessage());
                        return;
                    }
                } catch (InfrastructureException e) {
                    evidence.event("link", "what became of the board is not known yet: " + e.getMessage());
                }
            } finally {
                passage.unlock();
            }
        }
    }

    /** See {@link Board#verdict}. */
    Reset verdict() {
        passage.lock();
        try {
            Boot last = Objects.requireNonNull(present, "a boot that was reached");
            Boot now = resets.awaitAnswer(consoleFrom);
            if (!now.id().equals(last.id())) {
                unordered(now);
            } else {
                watch.kmsg().resume(now);
            }
            if (unordered.isEmpty()) {
                return sameBoot(now);
            }
            Reset first = unordered.get(0);
            List<String> all = new ArrayList<>(first.evidence());
            for (Reset next : unordered.subList(1, unordered.size())) {
                all.add("then there was another: " + next.describe());
            }
            return first.with(unordered.get(unordered.size() - 1).after(), all);
        } finally {
            passage.unlock();
        }
    }

    private Reset sameBoot(Boot now) {
        List<Outage> outages = watch.outages().stream()
                .filter(outage -> outage.boot().equals(now.id()))
                .toList();
        ResetJudge.Judgement judgement = ResetJudge.judge(ResetEvidence.sameBoot(
                !outages.isEmpty(),
                Aftermath.hangs(watch.sightings(now)),
                outages.stream().map(Outage::toString).toList()));
        return new Reset(
                judgement.verdict(),
                judgement.confidence(),
                now,
                now,
                Duration.ZERO,
                judgement.evidence(),
                List.of(),
                List.of(),
                LastLines.NONE,
                Capture.NOTHING);
    }

    /** The boot that was last ordered, or found. */
    Boot boot() {
        Boot known = boot;
        return known == null ? Boot.read(ssh) : known;
    }

    /** See {@link Board#reboot()}. */
    Reset reboot() {
        return reboot(console -> {});
    }

    /** @param loader what is to be done at the boot loader, given the console's position before the reboot */
    Reset reboot(LongConsumer loader) {
        passage.lock();
        try {
            return ordered(resets.reboot(lastSeen(), loader), ResetEvidence.Order.REBOOT);
        } finally {
            passage.unlock();
        }
    }

    Boot lastSeen() {
        Boot last = present;
        return last == null ? Boot.read(ssh) : last;
    }

    private Reset ordered(Resets.Passage reached, ResetEvidence.Order order) {
        Reset reset = explain(reached.after(), order, reached.took());
        boot = reached.after();
        unordered.clear();
        return reset;
    }

    /** See {@link Board#crash}. */
    Reset crash() {
        passage.lock();
        try {
            // The canary must be in the log, or what comes back could not be told from an older record.
            watch.drain(CANARY);
            BoardWatch.Watched watched = Objects.requireNonNull(watch.current(), "a boot that is watched");
            return ordered(resets.crash(lastSeen(), watched.canary()), ResetEvidence.Order.CRASH);
        } finally {
            passage.unlock();
        }
    }

    /** Nobody waits for a lost board any longer. */
    void close() {
        Thread waiting = reunion;
        if (waiting != null) {
            waiting.interrupt();
        }
    }
}
