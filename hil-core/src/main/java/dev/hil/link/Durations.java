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
        // 59.95 s and more would round to 60.0 s.
        if (millis < 59_950) {
            return millis % 1000 == 0 ? millis / 1000 + " s" : String.format(Locale.ROOT, "%.1f s", millis / 1000.0);
        }
        long rounded = Math.round(millis / 1000.0);
        long minutes = rounded / 60;
        long seconds = rounded % 60;
        return seconds == 0 ? minutes + " min" : minutes + " min " + seconds + " s";
    }
}
