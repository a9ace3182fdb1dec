package dev.hil.iter6;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hil.board.Board;
import dev.hil.board.Reset;
import dev.hil.board.ResetVerdict;
import dev.hil.junit.ContentionSmoke;
import dev.hil.junit.DecodeSmoke;
import dev.hil.junit.HilTest;
import dev.hil.plan.KernelUnderTest;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;

/**
 * Post-bisect: all patches pass with lockdep, so the same set is tried on the configuration without it. That builds a
 * whole kernel once more; {@code -Dhil.post=none} leaves it out.
 */
@HilTest
@DisabledIfSystemProperty(named = "hil.post", matches = "none", disabledReason = "left out by -Dhil.post=none")
@Order(310)
@DisplayName("3.1 the series on the safe configuration")
class Post31SafeConfigurationIT implements DecodeSmoke, ContentionSmoke {

    @Test
    @Order(1)
    @DisplayName("3.1 the whole series boots without lockdep, under a release of its own")
    void boots(Board board, KernelUnderTest kernel) {
        Reset reset = kernel.withoutLockdep().boot();

        assertThat(reset.verdict()).isEqualTo(ResetVerdict.ORDERED);
        assertThat(board.boot().release()).endsWith("-nolockdep");
        assertThat(board.exec("test", "-e", "/proc/lockdep_stats").ok())
                .as("lockdep in the running kernel")
                .isFalse();
    }
}
