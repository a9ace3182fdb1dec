package dev.hil.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DurationsTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0 ms",
        "340, 340 ms",
        "999, 999 ms",
        "1000, 1 s",
        "3700, 3.7 s",
        "59940, 59.9 s",
        "59999, 1 min",
        "60000, 1 min",
        "125000, 2 min 5 s",
        "3600000, 60 min",
    })
    void durationsReadAsPeopleWriteThem(long millis, String text) {
        assertThat(Durations.text(Duration.ofMillis(millis))).isEqualTo(text);
    }
}
