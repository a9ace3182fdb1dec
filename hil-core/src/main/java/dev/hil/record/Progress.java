package dev.hil.record;

import dev.hil.link.Durations;
import dev.hil.link.Recording;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a run is doing now, how long it has been at it, and how long that takes as a rule. {@code phases.jsonl} has each
 * phase's beginning and end; {@code now.json}, rewritten each second, what {@code hil watch} shows. Where the run has
 * printed nothing for a while, a line says what it waits for.
 */
public final class Progress {
    static final String NOW = "now.json";
    static final String PHASES = "phases.jsonl";

    private static final Duration TICK = Duration.ofSeconds(1);
    /** A second less than what a person can bear, twice the tick. */
    private static final Duration LONGEST_SILENCE = Duration.ofSeconds(10);

    private final Evidence evidence;
    private final History history;
    private final StatusLine line;
    private final List<Phase> open = new ArrayList<>();
    private @Nullable ScheduledExecutorService clock;
    private @Nullable ScheduledFuture<?> ticks;
    private int count;
    private boolean closed;

    Progress(Evidence evidence, History history, StatusLine line) {
        this.evidence = evidence;
        this.history = history;
        this.line = line;
    }

    /**
     * Something begins that takes its time.
     *
     * @param kind such as {@code build}, {@code reboot}, {@code smoke}, {@code test}
     * @param key what it is compared with in earlier runs, such as {@code build drivers/media}
     * @param what for people
     */
    public Phase begin(String kind, String key, String what) {
        Phase phase;
        synchronized (this) {
            phase = new Phase(++count, kind, key, what);
            open.add(phase);
            start();
        }
        evidence.json(PHASES, phase.begun());
        return phase;
    }

    private void start() {
        if (clock == null && !closed) {
            clock = Executors.newSingleThreadScheduledExecutor(runnable -> {
                Thread thread = new Thread(runnable, "hil-progress");
                thread.setDaemon(true);
                return thread;
            });
            ticks = clock.scheduleWithFixedDelay(this::tick, TICK.toMillis(), TICK.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void tick() {
        try {
            Phase phase;
            synchronized (this) {
                phase = open.isEmpty() ? null : open.get(open.size() - 1);
            }
            if (phase == null) {
                return;
            }
            String text = phase.text();
            write(phase, text);
            line.show(evidence.elapsed(), text, evidence.silence().compareTo(LONGEST_SILENCE) >= 0);
            if (line.printed()) {
                evidence.spoke();
            }
        } catch (RuntimeException | IOException e) {
            // What cannot be told now is told at the next tick; the run itself goes on.
        }
    }

    private void write(Phase phase, String text) throws IOException {
        List<String> around;
        synchronized (this) {
            around = open.stream().map(one -> one.what).toList();
        }
        Map<String, Object> now = new LinkedHashMap<>();
        now.put("at", Instant.now().toString());
        now.put("millis", evidence.elapsed().toMillis());
        now.put("doing", around);
        now.put("text", text);
        now.put("elapsedMillis", phase.elapsed().toMillis());
        now.put("estimatedMillis", phase.estimate);
        // In place: the index must not meet files that come and go. Whoever reads half a line reads again.
        Files.writeString(evidence.file(NOW), Json.line(now) + "\n");
    }

    /** Nothing more happens: the estimates of later runs are kept. */
    void close() {
        ScheduledExecutorService ticking;
        synchronized (this) {
            closed = true;
            ticking = clock;
            clock = null;
        }
        if (ticking != null) {
            if (ticks != null) {
                ticks.cancel(false);
            }
            ticking.shutdownNow();
            awaitEnd(ticking);
            line.clear();
            history.write();
        }
        try {
            Files.deleteIfExists(evidence.file(NOW));
        } catch (IOException e) {
            // It is told from a living run's by the end in the index.
        }
    }

    private static void awaitEnd(ScheduledExecutorService ticking) {
        try {
            ticking.awaitTermination(2 * TICK.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void remove(Phase phase) {
        open.remove(phase);
    }

    /** Something that is going on. */
    public final class Phase implements AutoCloseable {
        private final int id;
        private final String kind;
        private final String key;
        private final String what;
        private final long began = evidence.elapsed().toMillis();
        private final long estimate;
        private final long expected;
        private volatile long done;
        private volatile String unit = "";
        private volatile long needed;
        private volatile @Nullable Supplier<String> live;
        private volatile boolean failed;
        private boolean over;

        private Phase(int id, String kind, String key, String what) {
            this.id = id;
            this.kind = kind;
            this.key = key;
            this.what = what;
            this.estimate = history.millis(key).orElse(-1);
            OptionalLong units = history.units(key);
            this.expected = units.orElse(0);
        }

        /** What it waits for at this moment, such as the last line of the console; asked for now and then. */
        public Phase live(Supplier<String> detail) {
            live = detail;
            return this;
        }

        /**
         * Counts what it does.
         *
         * @param name of one of them, in the plural: {@code objects}
         * @param all how many there will be; 0 where only earlier runs can tell
         * @return told of how many are done
         */
        public LongConsumer counting(String name, long all) {
            unit = name;
            needed = all;
            return number -> done = number;
        }

        /** It did not end as it should: how long it took says nothing about how long it takes. */
        public void failed() {
            failed = true;
        }

        /** It did, after all. */
        public void succeeded() {
            failed = false;
        }

        private Duration elapsed() {
            return evidence.elapsed().minusMillis(began);
        }

        /** For people, in one line. */
        private String text() {
            StringBuilder text = new StringBuilder(what).append(", ").append(Durations.text(seconds(elapsed())));
            if (estimate > 0) {
                text.append(" of about ").append(Durations.text(seconds(Duration.ofMillis(estimate))));
            }
            long all = needed > 0 ? needed : expected;
            if (!unit.isEmpty()) {
                text.append("; ").append(done);
                text.append(all > 0 ? " of " + (needed > 0 ? "" : "about ") + all + " " : " ")
                        .append(unit);
            }
            Supplier<String> detail = live;
            String said = detail == null ? "" : detail.get();
            if (!said.isBlank()) {
                text.append("; ").append(Recording.excerpt(said));
            }
            return Recording.clean(text.toString()).replace('\n', ' ');
        }

        private static Duration seconds(Duration duration) {
            return duration.toMillis() < 1000 ? duration : Duration.ofSeconds(duration.toSeconds());
        }

        private Map<String, Object> begun() {
            Map<String, Object> values = new LinkedHashMap<>();
            values.put("id", id);
            values.put("kind", kind);
            values.put("what", what);
            values.put("began", began);
            values.put("estimate", estimate);
            return values;
        }

        @Override
        public void close() {
            synchronized (Progress.this) {
                if (over) {
                    return;
                }
                over = true;
            }
            remove(this);
            long ended = evidence.elapsed().toMillis();
            if (!failed) {
                history.add(key, new History.Took(Math.max(1, ended - began), done));
            }
            Map<String, Object> values = new LinkedHashMap<>();
            values.put("id", id);
            values.put("ended", ended);
            values.put("done", done);
            values.put("failed", failed);
            evidence.json(PHASES, values);
        }
    }
}
