package dev.hil.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KernelReleaseTest {

    @ParameterizedTest
    @CsvSource({
        "7.0.0-rc3-devices-lockdep+, 7.0.0-rc3, -devices-lockdep, true",
        "6.1.192-lockdep, 6.1.192, -lockdep, false",
        "6.12, 6.12, '', false",
        "6.6.1-1-ARCH, 6.6.1, -1-ARCH, false"
    })
    void aReleaseIsTakenApart(String release, String version, String local, boolean plus) {
        assertThat(KernelRelease.of(release))
                .contains(new KernelRelease(version, local, plus))
                .get()
                .hasToString(release);
    }

    @Test
    void whatBeginsWithNoVersionIsNoRelease() {
        assertThat(KernelRelease.of("linux-7")).isEmpty();
        assertThat(KernelRelease.of("")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"6.12.1,true", "6.11.9,false", "7.0.0-rc3,true", "5.20,false", "6.12-rc1,true"})
    void versionsAreCompared(String version, boolean atLeast) {
        assertThat(KernelRelease.of(version).orElseThrow().isAtLeast(6, 12)).isEqualTo(atLeast);
    }
}
