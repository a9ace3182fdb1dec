package dev.hil.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The Java and XML of the pages are pieces of files that are compiled, by the build or, those of the user's project, here.
 * The line above a block names the file: {@code <!-- FILE -->}.
 */
class DocExamplesTest {
    private static final Path TOP = Path.of("..").toAbsolutePath().normalize();
    private static final Path OWN = TOP.resolve("fixtures/own-project");
    private static final Pattern BLOCK = Pattern.compile("(?s)([^\\n]*)\\n```(?:java|xml)\\n(.*?)```");
    private static final Pattern SOURCE =
            Pattern.compile("<!-- ((?:hil-core/src/test/java|hil-tests/src/test/java|fixtures/own-project)/\\S+) -->");

    @Test
    void eachIsAPieceOfAFileThatIsCompiled() throws IOException {
        int seen = 0;
        for (Path page : DocCommand.pages(TOP)) {
            Matcher block = BLOCK.matcher(Files.readString(page));
            while (block.find()) {
                Matcher source = SOURCE.matcher(block.group(1));
                assertThat(source.matches())
                        .as("%s: <!-- FILE --> above the block, not \"%s\"", page, block.group(1))
                        .isTrue();
                String file = Files.readString(TOP.resolve(source.group(1)));
                assertThat(holds(file, block.group(2)))
                        .as(
                                "%s has of %s, with the indentation there or less:\n%s",
                                page, source.group(1), block.group(2))
                        .isTrue();
                seen++;
            }
        }
        assertThat(seen).isGreaterThan(6);
    }

    @Test
    void theUsersProjectCompiles(@TempDir Path classes) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter said = new StringWriter();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null);
                Stream<Path> sources = Files.walk(OWN.resolve("src/test/java"))) {
            List<Path> java =
                    sources.filter(file -> file.toString().endsWith(".java")).toList();
            assertThat(java).isNotEmpty();
            List<String> options = List.of(
                    "--release",
                    "17",
                    "-proc:none",
                    "-d",
                    classes.toString(),
                    "-cp",
                    System.getProperty("java.class.path"));

            boolean compiled = compiler.getTask(
                            said, files, null, options, null, files.getJavaFileObjectsFromPaths(java))
                    .call();

            assertThat(compiled).as(said.toString()).isTrue();
        }
    }

    /** Whether the lines of a piece stand in a file with one and the same indentation before each. */
    private static boolean holds(String file, String piece) {
        return Stream.of(0, 4, 8, 12, 16)
                .map(" "::repeat)
                .anyMatch(blanks -> ("\n" + file).contains("\n" + piece.replaceAll("(?m)^(?=.)", blanks)));
    }
}
