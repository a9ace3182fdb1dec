package dev.hil.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PhasesTest {
    private final AtomicLong nanos = new AtomicLong();
    private final Phases phases = new Phases(
            Map.of("0", Duration.ofMinutes(30), "2.1", Duration.ofMinutes(50), "2.2", Duration.ofMinutes(10)),
            nanos::get);

    private void run(String name, int seconds) {
        phases.begin(name);
        nanos.addAndGet(Duration.ofSeconds(seconds).toNanos());
        phases.end(name);
    }

    @Test
    void aPhaseIsWhatNamesBeginWithAndEachStepIsOne() {
        assertThat(Phases.of("0.4 what survives")).hasValue("0");
        assertThat(Phases.of("1.8a ramoops")).hasValue("1");
        assertThat(Phases.of("2.1 vb2 core helper")).hasValue("2.1");
        assertThat(Phases.of("2.10")).hasValue("2.10");
        assertThat(Phases.of("Sabotage")).isEmpty();
        assertThat(Phases.of("6.1.192 is a release")).hasValue("6");
    }

    @Test
    void estimatedAndActualTimesStandSideBySide() {
        run("0.1 auto-login", 1);
        run("0.2 backups", 4);
        run("1.8a ramoops", 20);
        run("2.1 vb2 core helper", 95);
        run("something else", 1000);

        assertThat(phases.table()).isEqualTo("""
                | phase | estimated | actual |
                |---|---|---|
                | 0 Pre-flight | 30 min | 5 s |
                | 1 Base kernel and gates | none | 20 s |
                | 2.1 vb2 core helper | 50 min | 1 min 35 s |
                | 2.2 | 10 min | did not run |
                | total | 90 min | 2 min |
                """);
    }

    @Test
    void theTenthStepComesAfterTheNinth() {
        run("2.10 ten", 1);
        run("2.9 nine", 1);

        assertThat(phases.table()).containsSubsequence("| 2.2 ", "| 2.9 nine", "| 2.10 ten");
    }

    @Test
    void anEndWithoutABeginningCountsNothing() {
        phases.end("0.1 auto-login");

        assertThat(phases.table()).contains("| 0 Pre-flight | 30 min | did not run |");
    }
}
