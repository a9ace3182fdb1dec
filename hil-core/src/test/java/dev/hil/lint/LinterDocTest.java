package dev.hil.lint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** docs/linter.md lists the rules as the code has them. */
class LinterDocTest {
    private static final Path PAGE = Path.of("../docs/linter.md");
    private static final String BEGIN = "<!-- the rules, written by LinterDocTest -->\n";

    @Test
    void thePageListsTheRulesAsTheyAre() throws IOException {
        String page = Files.readString(PAGE);
        assertThat(page).contains(BEGIN);
        String wanted = page.substring(0, page.indexOf(BEGIN)) + BEGIN + rules();
        if (Boolean.getBoolean("hil.write.docs")) {
            Files.writeString(PAGE, wanted);
        }

        assertThat(Files.readString(PAGE))
                .as("write it anew by ./mvnw -pl hil-core test -Dtest=LinterDocTest -DargLine=-Dhil.write.docs=true")
                .isEqualTo(wanted);
    }

    private static String rules() {
        return Linter.rules().stream()
                .map(rule -> "\n### `%s`\n%s. %s\n\nSource: %s.\n"
                        .formatted(rule.id(), rule.title(), rule.why(), rule.source()))
                .collect(Collectors.joining());
    }
}
