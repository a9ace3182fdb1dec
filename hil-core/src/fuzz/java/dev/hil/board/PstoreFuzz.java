package dev.hil.board;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;

/** Any list of records: what is taken lies where records lie, and is not more than may be. */
class PstoreFuzz {

    @FuzzTest(maxDuration = "1m")
    void takesWhatLiesWhereRecordsLie(byte[] bytes) {
        String list = "/sys/fs/pstore/" + new String(bytes, StandardCharsets.UTF_8);
        for (PstoreListing file : PstoreListing.parse(list, Pstore.PLACES, 3, odd -> {})) {
            if (Instant.ofEpochSecond(file.modified()).isBefore(Instant.EPOCH)
                    || Pstore.PLACES.stream().noneMatch(place -> file.path().startsWith(place + "/"))
                    || List.of(file.path().split("/", -1)).contains("..")
                    || file.size() < 0) {
                throw new AssertionError(file);
            }
        }
    }
}
