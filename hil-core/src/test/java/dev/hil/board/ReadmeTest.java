package dev.hil.board;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What the README tells a user to write or type must work. */
class ReadmeTest {
    private static final Path README =
            BoardDefinitions.find().folder().resolve("../../README.md").normalize();

    @Test
    void theBoardOfTheReadmeIsADefinitionOfTenLines() throws IOException {
        Matcher block = Pattern.compile("(?s)```toml\\n(.*?)```").matcher(Files.readString(README));
        assertThat(block.find()).isTrue();

        BoardDefinition board = BoardDefinitions.parse("myboard", Path.of("boards/myboard.toml"), block.group(1));

        assertThat(block.group(1).lines()).hasSize(10);
        assertThat(board.ssh().host()).isEqualTo("myboard");
        assertThat(board.boot().test()).isEqualTo("arch_lockdep");
        assertThat(board.kernel()).isPresent();
    }

    @Test
    void thereAreTwoCommandsAndTheProgramsTheyCallExist() throws IOException {
        List<String> commands = Files.readAllLines(README).stream()
                .filter(line -> line.startsWith("    ") && line.contains("&&"))
                .map(String::strip)
                .toList();

        assertThat(commands).hasSize(2);
        for (String command : commands) {
            for (String program : List.of("fixtures/virtual-board/prepare", "./mvnw")) {
                assertThat(command).contains(program + " ");
                assertThat(README.resolveSibling(program)).isExecutable();
            }
        }
    }
}
