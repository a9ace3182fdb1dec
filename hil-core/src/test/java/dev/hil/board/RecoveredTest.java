package dev.hil.board;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Records of the emulated board, as they came back, and as weak memory would have given them back. */
class RecoveredTest {
    private static final Path RECORDINGS = Path.of("..", "fixtures", "klog", "virtual");

    @TempDir
    private Path folder;

    private final LiveTail tail = LiveTail.of(Optional.of(RECORDINGS.resolve("null.kmsg")));

    private static final Instant DIED = Instant.parse("2026-11-22T12:00:30Z");

    /** A board whose clock runs on over a reset. */
    private static BootTimes times(String began, String next) {
        return new BootTimes(Optional.of(Instant.parse(began)), Optional.of(Instant.parse(next)));
    }

    private Recovered read(byte[] content) throws IOException {
        return read("dmesg-ramoops-0", content, times("2026-11-22T12:00:00Z", "2026-11-22T12:00:40Z"));
    }

    private Recovered read(String name, byte[] content, BootTimes times) throws IOException {
        Path copy = Files.write(folder.resolve("0-" + name), content);
        PstoreRecord record = new PstoreRecord("/sys/fs/pstore/" + name, PstoreRecord.Kind.DMESG, DIED, "", copy);
        return Recovered.read(record, Canary.random(), tail, times);
    }

    private static byte[] recorded(String name) throws IOException {
        return Files.readAllBytes(RECORDINGS.resolve(name));
    }

    /** Flips bits of everything behind the first line. */
    private static byte[] flipped(byte[] content, double rate, long seed) {
        Random random = new Random(seed);
        byte[] bytes = content.clone();
        for (int i = 16; i < bytes.length; i++) {
            for (int bit = 0; bit < 8; bit++) {
                bytes[i] ^= (byte) (random.nextDouble() < rate ? 1 << bit : 0);
            }
        }
        return bytes;
    }

    @Test
    void theLastWordsOfTheBootThatEndedAreKnownByTheirStamps() throws IOException {
        Recovered whole = read(recorded("null.dmesg-ramoops-0"));

        assertThat(whole.ours()).isTrue();
        assertThat(whole.isPanic()).isFalse();
        assertThat(whole.death()).hasValueSatisfying(text -> assertThat(text).contains("NULL pointer"));
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.0001, 0.001, 0.01})
    void wrongBitsHideNeitherWhoseTheyAreNorThatTheKernelDied(double rate) throws IOException {
        for (long seed = 0; seed < 10; seed++) {
            Recovered damaged = read(flipped(recorded("null.dmesg-ramoops-0"), rate, seed));

            assertThat(damaged.ours()).as("seed %d", seed).isTrue();
            assertThat(damaged.death()).as("seed %d", seed).isPresent();
        }
    }

    @Test
    void whereNothingCanBeReadItsFirstLineStillSaysWhatItIs() throws IOException {
        byte[] panic = "Panic#1 Part1\n<0>[    2.5870".getBytes(StandardCharsets.US_ASCII);

        assertThat(read(panic).isPanic()).isTrue();
        assertThat(read(panic).death())
                .hasValueSatisfying(
                        text -> assertThat(text).contains("a panic", "its text is damaged", "0-dmesg-ramoops-0"));
        assertThat(read("Shutdown#1 Part1\n<0>[ ".getBytes(StandardCharsets.US_ASCII))
                        .death())
                .isEmpty();
    }

    @Test
    void whatCannotBeReadAtAllIsMatchedByItsTime() throws IOException {
        byte[] packed = {0x78, (byte) 0xda, 1, 2, 3, 4, 5, 6, 7, 8};

        Recovered record = read("dmesg-ramoops-0.enc.z", packed, times("2026-11-22T12:00:00Z", "2026-11-22T12:00:40Z"));
        assertThat(record.whose()).isEqualTo(Recovered.Whose.TIME);
        assertThat(record.describe()).contains("is of this boot by its time alone", "could not unpack");
        assertThat(record.death()).isPresent();

        assertThat(read("dmesg-ramoops-0.enc.z", packed, times("2026-11-22T12:01:00Z", "2026-11-22T12:02:00Z"))
                        .ours())
                .as("of an earlier boot")
                .isFalse();
        assertThat(read("dmesg-ramoops-0.enc.z", packed, times("2026-11-22T12:00:29Z", "2026-11-22T12:00:29Z"))
                        .ours())
                .as("a clock that begins each boot anew dates nothing")
                .isFalse();
        assertThat(read("dmesg-ramoops-0.enc.z", packed, new BootTimes(Optional.empty(), Optional.empty()))
                        .ours())
                .isFalse();
    }

    @Test
    void anotherBootsRecordIsNotTakenForThisOnes() throws IOException {
        for (int i = 0; i < 3; i++) {
            assertThat(read(recorded("oops-loop.dmesg-ramoops-" + i)).ours())
                    .as("record %d", i)
                    .isFalse();
        }
    }
}
