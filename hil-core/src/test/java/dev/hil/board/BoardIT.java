package dev.hil.board;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hil.junit.HilTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@HilTest
class BoardIT {

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4096, 32_768, 100_000, 3_000_000})
    void filesGoThereAndBackUnchanged(int size, Board board, @TempDir Path folder) throws IOException {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        Path file = Files.write(folder.resolve("sent"), bytes);

        board.push(file, "/tmp/there and back");

        assertThat(board.pull("/tmp/there and back", size)).hasBinaryContent(bytes);
    }
}
