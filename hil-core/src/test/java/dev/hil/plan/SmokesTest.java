package dev.hil.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hil.board.BoardDefinition.Smoke;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class SmokesTest {

    @Test
    void withoutAGroupEachMatchIsAFrame() {
        assertThat(frames("cap dqbuf:", "cap dqbuf: 0\nnoise\ncap dqbuf: 1\n")).isEqualTo(2);
        assertThat(frames("(?:a)b", "ab ab ab")).isEqualTo(3);
    }

    @Test
    void withAGroupTheLastNumberIsTheCount() {
        assertThat(frames("(?m)^frame=(\\d+)$", "frame=25\nfps=3\nframe=600\nprogress=end\n"))
                .isEqualTo(600);
    }

    @Test
    void whatIsNoNumberIsNoFrame() {
        assertThat(frames("frame=(\\S+)", "frame=12 frame=N/A")).isEqualTo(12);
        assertThat(frames("frame=(\\S+)", "frame=-5")).isZero();
        assertThat(frames("frame=(\\d+)", "frame=99999999999999999999")).isZero();
        assertThat(frames("frame=(\\d+)?", "frame=")).isZero();
    }

    @Test
    void noMatchIsNoFrame() {
        assertThat(frames("cap dqbuf:", "")).isZero();
        assertThat(frames("frame=(\\d+)", "it hangs")).isZero();
    }

    private static int frames(String pattern, String output) {
        return Smokes.frames(new Smoke("decode", "x", pattern, 1, Duration.ofSeconds(1), false), output);
    }
}
