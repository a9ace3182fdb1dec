package dev.hil.junit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hil.board.Channel;
import dev.hil.board.Sighting;
import dev.hil.klog.Kind;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class MessagesTest {
    private static Sighting seen(Channel channel, String stamp) {
        return new Sighting(
                channel,
                "1",
                Instant.EPOCH,
                stamp,
                Kind.PANIC,
                "Kernel panic - not syncing: so it goes",
                null,
                Path.of("log"),
                0);
    }

    @Test
    void whatTwoChannelsSawIsSaidOnceWithBothNames() {
        String text = Messages.of(List.of(seen(Channel.KMSG, "3.9"), seen(Channel.SERIAL, "3.9")));

        assertThat(text).containsOnlyOnce("so it goes").contains("on kmsg", " and on serial");
    }

    @Test
    void whatHappenedTwiceIsSaidTwice() {
        assertThat(Messages.of(List.of(seen(Channel.KMSG, "3.9"), seen(Channel.KMSG, "4.0")))
                        .split("so it goes", -1))
                .hasSize(3);
        assertThat(Messages.of(List.of(seen(Channel.KMSG, ""), seen(Channel.SERIAL, "")))
                        .split("so it goes", -1))
                .as("without a time nobody can tell")
                .hasSize(3);
    }
}
