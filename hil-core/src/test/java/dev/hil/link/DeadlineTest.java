package dev.hil.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class DeadlineTest {
    @Test
    void timeLeftIsNeverNegative() {
        Deadline over = Deadline.in(Duration.ofNanos(1));
        while (!over.isOver()) {
            Thread.onSpinWait();
        }

        assertThat(over.remaining()).isZero();
        assertThat(over.elapsed()).isPositive();
        assertThat(over.limit()).isEqualTo(Duration.ofNanos(1));
    }

    @Test
    void aWaitIsTheShorterOfWhatIsLeftAndWhatIsAskedFor() {
        assertThat(Deadline.in(Duration.ofHours(1)).atMost(Duration.ofSeconds(1)))
                .isEqualTo(Duration.ofSeconds(1));
        assertThat(Deadline.in(Duration.ofSeconds(1)).atMost(Duration.ofHours(1)))
                .isLessThanOrEqualTo(Duration.ofSeconds(1));
    }

    /** Zero means "for ever" to sockets. */
    @Test
    void aWaitIsNeverZero() {
        assertThat(Deadline.in(Duration.ZERO).atMost(Duration.ofHours(1))).isEqualTo(Duration.ofMillis(1));
    }
}
