package dev.hil.iter6;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hil.junit.HardGate;
import dev.hil.junit.HilTest;
import dev.hil.plan.HalvedSeries;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** In place of 2.1 to 2.4, for a long series: {@code -Dhil.bisect=halve}. */
@HilTest
@HardGate
@Order(200)
@DisplayName("2.0 the series by halves")
class Step20HalvedSeriesIT {

    @Test
    @DisplayName("2.0 no patch of the series regresses")
    void noPatchRegresses(HalvedSeries series) {
        assertThat(series.search(List.of("decode", "contention")))
                .withFailMessage(() -> "%s: %s".formatted(series.describe(), series.why()))
                .isEmpty();
    }
}
