package dev.hil.link;

import java.time.Duration;
import java.util.Locale;

/** Durations as people write them in logs: {@code 340 ms}, {@code 3.7 s}, {@code 2 min 5 s}. */
public final class Durations {
    private Durations() {}

    public static String text(Duration duration) {
        long millis = duration.toMillis();
        if (millis < 1000) {
            return millis + " ms";
        }
        if (millis < 60_000) {
            return millis % 1000 == 0 ? millis / 1000 + " s" : String.format(Locale.ROOT, "%.1f s", millis / 1000.0);
        }
        long minutes = duration.toMinutes();
        int seconds = duration.toSecondsPart();
        return seconds == 0 ? minutes + " min" : minutes + " min " + seconds + " s";
    }
}
