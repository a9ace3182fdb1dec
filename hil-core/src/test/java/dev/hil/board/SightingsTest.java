package dev.hil.board;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hil.klog.Kind;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class SightingsTest {
    private static Sighting sighting(Channel channel, Kind kind, String headline) {
        return new Sighting(channel, "boot", Instant.EPOCH, "1.0", kind, headline, null, Path.of("x"), 0);
    }

    private static final Sighting KMSG = sighting(Channel.KMSG, Kind.CIRCULAR, "possible circular");
    private static final Sighting SERIAL = sighting(Channel.SERIAL, Kind.CIRCULAR, "possible circular");

    @Test
    void whatTwoChannelsSawWasOneReport() {
        assertThat(Sightings.unexpected(List.of(KMSG, SERIAL), 0)).containsExactly(KMSG);
    }

    @Test
    void theSameReportTwiceOnOneChannelIsTwo() {
        assertThat(Sightings.unexpected(List.of(KMSG, SERIAL, KMSG, SERIAL), 0)).hasSize(2);
    }

    @Test
    void whatASlowChannelShowsLaterIsNotOfTheNextTest() {
        assertThat(Sightings.unexpected(List.of(KMSG, SERIAL), 1)).isEmpty();
        assertThat(Sightings.unexpected(List.of(KMSG, SERIAL, KMSG), 1)).hasSize(1);
    }

    @Test
    void resetsAreJudgedElsewhere() {
        assertThat(Sightings.unexpected(List.of(sighting(Channel.SERIAL, Kind.SILENT_RESET, "x")), 0))
                .isEmpty();
        assertThat(Sightings.unexpected(List.of(sighting(Channel.SERIAL, Kind.PANIC, "x")), 0))
                .hasSize(1);
    }
}
