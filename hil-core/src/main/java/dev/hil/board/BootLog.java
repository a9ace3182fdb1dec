package dev.hil.board;

import java.nio.file.Path;
import java.util.List;

/**
 * What is known of a boot's kernel log at one moment.
 *
 * @param boot which boot
 * @param text the log in the form of /dev/kmsg, at most its last megabyte
 * @param sightings the reports in it, on all channels
 * @param unseen what of it is missing, a sentence each; empty where it is whole
 * @param file the recording
 */
public record BootLog(Boot boot, String text, List<Sighting> sightings, List<String> unseen, Path file) {
    public BootLog {
        sightings = List.copyOf(sightings);
        unseen = List.copyOf(unseen);
    }

    /** What somebody has to look at, once a report, whatever number of channels have it. */
    public List<Sighting> unexpected() {
        return Sightings.unexpected(sightings, 0);
    }
}
