package dev.hil.board;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TriesTest {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final Tries tries = new Tries();

    @Test
    void aQuietBoardWhoseLinkIsLostAgainAndAgainIsFollowedOn() {
        assertThat(IntStream.range(0, 100)).allMatch(i -> {
            tries.answered(i * 10L * SECOND);
            return tries.ended((i * 10L + 5) * SECOND);
        });
    }

    @Test
    void whatEndsAtOnceEachTimeIsGivenUp() {
        assertThat(IntStream.range(0, 9).mapToObj(i -> {
                    tries.answered(i * 10L * SECOND);
                    return tries.ended(i * 10L * SECOND + SECOND / 10);
                }))
                .containsExactly(true, true, true, true, true, true, true, true, false);
    }

    @Test
    void whatNeverAnswersIsGivenUp() {
        assertThat(IntStream.range(0, 9).mapToObj(i -> tries.ended(i * 100L * SECOND)))
                .endsWith(true, false);
    }

    @Test
    void aNewLineIsUseEnough() {
        assertThat(IntStream.range(0, 100)).allMatch(i -> {
            tries.useful();
            return tries.ended(i * SECOND);
        });
    }
}
