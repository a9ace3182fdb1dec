package dev.hil.board;

import dev.hil.klog.Finding;
import dev.hil.klog.Kind;
import dev.hil.klog.Severity;
import dev.hil.link.Deadline;
import dev.hil.link.Durations;
import dev.hil.link.InfrastructureException;
import dev.hil.record.Evidence;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The reports of the kernel that were seen, on all channels, and which boot printed each. */
final class SightingBook implements LogScan.Listener {
    /** A board that prints more reports is not looked at in more detail. */
    private static final int MOST = 5000;

    private static final String IN_BETWEEN = "a boot in between";

    private final Evidence evidence;
    /** Guarded by this, as are all below. */
    private final List<Sighting> sightings = new ArrayList<>();

    private final Map<LogScan, Map<Long, Integer>> open = new HashMap<>();
    private final Map<Integer, Integer> serialBoots = new HashMap<>();
    private @Nullable Boot current;
    private int serialBoot;
    private boolean overflow;

    SightingBook(Evidence evidence) {
        this.evidence = evidence;
    }

    synchronized int size() {
        return sightings.size();
    }

    synchronized List<Sighting> all() {
        return List.copyOf(sightings);
    }

    /** That not all was looked at, where that is so. */
    synchronized Optional<String> overflow() {
        return overflow
                ? Optional.of("there were more than %d reports; the rest was not looked at".formatted(MOST))
                : Optional.empty();
    }

    /**
     * A boot was reached.
     *
     * @param now the number of the boot that the console shows now
     */
    synchronized void arrived(int now, Boot reached) {
        for (int i = 0; i < sightings.size(); i++) {
            Sighting sighting = sightings.get(i);
            if (sighting.boot().isEmpty()) {
                sightings.set(i, sighting.withBoot(bootOf(serialBoots.getOrDefault(i, -1), now, reached)));
            }
        }
        current = reached;
        serialBoot = now;
    }

    /** Whose a report on the console was, by the number of the boot there; only the first and the last are known. */
    private String bootOf(int number, int now, Boot reached) {
        Boot before = current;
        if (number >= now) {
            return reached.id();
        }
        return before != null && number <= serialBoot ? before.id() : IN_BETWEEN;
    }

    /** The boot is about to end, or has ended: what the console has said so far was said by it. */
    synchronized void leaving(int now) {
        Boot boot = current;
        for (int i = 0; i < sightings.size() && boot != null; i++) {
            Sighting sighting = sightings.get(i);
            if (sighting.boot().isEmpty() && serialBoots.getOrDefault(i, -1) <= now) {
                sightings.set(i, sighting.withBoot(boot.id()));
            }
        }
    }

    /**
     * Waits for a sighting.
     *
     * @param failure what to say at the deadline
     * @param mark only what came after it counts
     * @throws InfrastructureException at the deadline, naming what was seen instead
     */
    synchronized Sighting await(String failure, Predicate<Sighting> wanted, long mark, Duration limit) {
        Deadline deadline = Deadline.in(limit);
        while (true) {
            for (int i = (int) mark; i < sightings.size(); i++) {
                if (wanted.test(sightings.get(i))) {
                    return sightings.get(i);
                }
            }
            if (deadline.isOver()) {
                throw new InfrastructureException("%s within %s; seen: %s"
                        .formatted(
                                failure,
                                Durations.text(limit),
                                sightings.subList((int) Math.min(mark, sightings.size()), sightings.size())));
            }
            try {
                wait(deadline.atMost(Duration.ofSeconds(1)).toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InfrastructureException("interrupted: " + failure, e);
            }
        }
    }

    @Override
    public void begun(LogScan scan, int boot, long line, Kind kind, String headline, long offset) {
        String stamp = LogScan.stampAt(scan.log(), offset);
        synchronized (this) {
            if (sightings.size() >= MOST) {
                overflow = true;
                return;
            }
            open.computeIfAbsent(scan, key -> new LinkedHashMap<>()).put(line, sightings.size());
            serialBoots.put(sightings.size(), boot);
            sightings.add(new Sighting(
                    scan.channel(), scan.bootId(), Instant.now(), stamp, kind, headline, null, scan.log(), offset));
            notifyAll();
        }
        if (kind.severity() != Severity.INFO) {
            evidence.event("kernel", "%s: %s".formatted(scan.channel(), headline));
        }
    }

    @Override
    public void found(LogScan scan, Finding finding) {
        Sighting whole;
        synchronized (this) {
            Map<Long, Integer> begun = open.getOrDefault(scan, new HashMap<>());
            Integer index = begun.remove(finding.firstLine());
            if (index == null && !begun.isEmpty() && !overflow) {
                // Its first line turned out to stand before the one that made it known.
                index = begun.remove(begun.keySet().iterator().next());
            }
            if (index == null) {
                return;
            }
            whole = sightings.get(index).withFinding(finding);
            sightings.set(index, whole);
            notifyAll();
        }
        evidence.json("findings.jsonl", json(whole, finding));
        evidence.event("finding", whole.toString());
    }

    @Override
    public void bootEnded(LogScan scan, dev.hil.klog.Boot boot) {
        evidence.event(
                "log",
                "%s: a boot's log ends in line %d, %s%s"
                        .formatted(
                                scan.channel(),
                                boot.lastLine(),
                                boot.end(),
                                boot.endWords().isEmpty() ? "" : ": " + boot.endWords()));
    }

    /** The form of {@code findings.jsonl}. */
    private static Map<String, Object> json(Sighting sighting, Finding finding) {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("channel", sighting.channel().name());
        values.put("boot", sighting.boot());
        values.put("at", sighting.at().toString());
        values.put("stamp", sighting.stamp());
        values.put("kind", finding.kind().id());
        values.put("category", finding.category().id());
        values.put("severity", finding.severity().id());
        values.put("title", finding.title());
        values.put("fingerprint", finding.fingerprint());
        values.put("fingerprintFine", finding.fingerprintFine());
        values.put("complete", finding.complete());
        values.put("expected", finding.expected() == null ? "" : finding.expected());
        values.put("known", finding.known() == null ? "" : finding.known().reason());
        values.put("pattern", finding.known() == null ? "" : finding.known().pattern());
        values.put("locks", finding.locks());
        values.put("log", String.valueOf(sighting.log().getFileName()));
        values.put("startOffset", finding.startOffset());
        values.put("endOffset", finding.endOffset());
        values.put("lines", finding.lines());
        return values;
    }
}
