package dev.hil.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import picocli.CommandLine;

/**
 * The commands of the pages are commands that there are. Those of hil are given to its parser, and run no further; the
 * options of Maven must be known to a POM or to the code. A test's name says whether .ci/run runs its command too.
 */
class DocCommandsTest {
    private static final Path TOP = Path.of("..").toAbsolutePath().normalize();
    private static final List<Path> POMS = List.of(
            TOP.resolve("pom.xml"),
            TOP.resolve("hil-core/pom.xml"),
            TOP.resolve("hil-tests/pom.xml"),
            TOP.resolve("fixtures/own-project/pom.xml"));

    private static final Set<String> PHASES =
            Set.of("clean", "validate", "compile", "test-compile", "test", "package", "verify", "install");

    /** What Maven's own plugins ask for. */
    private static final Set<String> PLUGINS = Set.of("it.test", "test", "skipTests", "exec.args", "jvm");

    private static final Set<String> WITH_VALUE = Set.of("-f", "-pl");

    /** A name in a page in place of the reader's own: BOARD, N, /path/to/java. */
    private static final Pattern PLACEHOLDER = Pattern.compile("[A-Z]+|/path/to/.*");

    @TestFactory
    Stream<DynamicTest> eachIsThere() throws IOException {
        List<String> run = runByCi();
        String sources = sources();
        List<DocCommand> commands = DocCommand.all(TOP);
        assertThat(commands).hasSizeGreaterThan(40);
        return commands.stream()
                .map(command -> DynamicTest.dynamicTest(
                        "%s (%s)".formatted(command, isRun(command, run) ? "run by .ci/run" : "parsed only"),
                        () -> check(command, sources)));
    }

    @Test
    void theMainOnesAreRunByCi() throws IOException {
        List<String> run = runByCi();

        assertThat(DocCommand.all(TOP).stream()
                        .filter(command -> isRun(command, run))
                        .map(DocCommand::text)
                        .distinct())
                .contains(
                        "fixtures/virtual-board/prepare --install",
                        "./mvnw verify -Pboard=virtual",
                        "./mvnw verify -Pselftest",
                        "./mvnw -f fixtures/own-project/pom.xml verify -Dboard=mine -Djunit.version=6.1.3 -Djvm=/path/to/java",
                        "java -jar hil-core/target/hil.jar klog FILE",
                        "./hil watch BOARD",
                        "./hil report DIR",
                        "hil prune BOARD --keep N",
                        "java -jar hil-core/target/hil.jar recover --show BOARD");
    }

    @Test
    void linksLeadSomewhere() throws IOException {
        Pattern link = Pattern.compile("\\]\\(([^)#:]*)(?:#([^)]*))?\\)");
        int seen = 0;
        for (Path page : DocCommand.pages(TOP)) {
            Matcher matcher = link.matcher(Files.readString(page));
            while (matcher.find()) {
                Path target = matcher.group(1).isEmpty() ? page : page.resolveSibling(matcher.group(1));
                assertThat(target).as("%s: %s", page, matcher.group()).exists();
                if (matcher.group(2) != null) {
                    assertThat(anchors(target))
                            .as("%s: %s", page, matcher.group())
                            .contains(matcher.group(2));
                }
                seen++;
            }
        }
        assertThat(seen).isGreaterThan(20);
    }

    private static List<String> anchors(Path page) throws IOException {
        return Files.readAllLines(page).stream()
                .filter(line -> line.startsWith("#"))
                .map(line -> line.replaceFirst("^#+ +", "")
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^a-z0-9 _-]", "")
                        .replace(' ', '-'))
                .toList();
    }

    private static void check(DocCommand command, String sources) throws IOException {
        List<String> words = command.words();
        List<String> arguments = words.subList(1, words.size());
        switch (command.program()) {
            case "hil", "./hil" -> hil(command, arguments);
            case "java" -> java(command, arguments);
            case "./mvnw" -> maven(arguments, sources);
            default -> {
                if (command.program().matches("-[DP].*")) {
                    maven(words, sources);
                } else {
                    program(command, arguments);
                }
            }
        }
    }

    private static void program(DocCommand command, List<String> arguments) throws IOException {
        Path program = TOP.resolve(command.program());
        // In a sentence its folder may have been named before.
        if (command.inText() && !command.program().contains("/")) {
            program = TOP.resolve("fixtures/virtual-board").resolve(command.program());
        }
        assertThat(program).isExecutable();
        for (String argument : arguments) {
            assertThat(Files.readString(program)).as(argument).contains(argument);
        }
    }

    private static void hil(DocCommand command, List<String> arguments) {
        CommandLine line = Main.commandLine();
        if (command.inText() && arguments.size() == 1) {
            assertThat(line.getSubcommands()).containsKey(arguments.get(0));
        } else {
            // N stands for a number.
            line.parseArgs(arguments.stream()
                    .map(argument -> argument.equals("N") ? "3" : argument)
                    .toArray(String[]::new));
        }
    }

    private static void java(DocCommand command, List<String> arguments) throws IOException {
        if (arguments.get(0).equals("-jar")) {
            assertThat(arguments.get(1)).isEqualTo(DocCommand.JAR);
            hil(command, arguments.subList(2, arguments.size()));
        } else {
            assertThat(arguments.get(0)).isEqualTo("-cp");
            assertThat(file(arguments.get(2))).as(arguments.get(2)).contains("public static void main(");
        }
    }

    /** The source of a class by its name. */
    private static String file(String name) throws IOException {
        for (String folder : List.of("hil-core/src/main/java", "hil-core/src/test/java")) {
            Path source = TOP.resolve(folder).resolve(name.replace('.', '/') + ".java");
            if (Files.exists(source)) {
                return Files.readString(source);
            }
        }
        throw new AssertionError("there is no class " + name);
    }

    private static void maven(List<String> words, String sources) throws IOException {
        String poms = read(POMS.stream());
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            if (WITH_VALUE.contains(word)) {
                assertThat(TOP.resolve(words.get(++i))).exists();
            } else if (word.startsWith("-P")) {
                profile(word.substring(2), poms);
            } else if (word.startsWith("-D")) {
                property(word.substring(2), poms, sources);
            } else if (word.contains(":")) {
                assertThat(poms).contains("<artifactId>" + word.substring(0, word.indexOf(':')) + "-maven-plugin<");
            } else if (!Set.of("-q", "-B", "-o", "-am").contains(word)) {
                assertThat(PHASES).contains(word);
            }
        }
    }

    private static void profile(String id, String poms) {
        if (!id.startsWith("board=")) {
            assertThat(poms).as("a profile " + id).contains("<profile>\n            <id>" + id + "</id>");
        }
    }

    private static void property(String definition, String poms, String sources) {
        String[] parts = definition.split("=", 2);
        String name = parts[0];
        assertThat(PLUGINS.contains(name)
                        || poms.contains("${" + name + "}")
                        || poms.contains("<" + name + ">")
                        || sources.contains("\"" + name + "\""))
                .as("-D%s is asked for by something", name)
                .isTrue();
        if (parts.length == 1 || PLACEHOLDER.matcher(parts[1]).matches()) {
            return;
        }
        if (name.equals("it.test") || name.equals("test")) {
            assertThat(sources).contains("class " + parts[1] + " ");
        } else if (name.startsWith("hil.") && parts[1].matches("[a-z]+")) {
            assertThat(sources).as("-D" + definition).contains("\"" + parts[1] + "\"");
        }
    }

    /** What .ci/run runs, one command each: what it takes from the README, and what is written there. */
    private static List<String> runByCi() throws IOException {
        String script = Files.readString(TOP.resolve(".ci/run"));
        List<String> commands = new ArrayList<>();
        Matcher fromReadme = Pattern.compile("\\$\\(readme_command ([^)]+)\\)").matcher(script);
        while (fromReadme.find()) {
            Files.readAllLines(TOP.resolve("README.md")).stream()
                    .filter(line ->
                            line.startsWith("    ") && line.endsWith("&& ./mvnw verify -P" + fromReadme.group(1)))
                    .findFirst()
                    .ifPresent(commands::add);
        }
        Matcher folder = Pattern.compile("(?m)^own=(.*)$").matcher(script);
        assertThat(folder.find()).isTrue();
        // In quotes for bash -c, or behind the function that runs hil; a quoted argument is put together there.
        Matcher written = Pattern.compile("(?m)\"(\\./mvnw .*)\"|^cli (.*)$").matcher(script);
        while (written.find()) {
            commands.add(
                    written.group(1) == null
                            ? written.group(2).replaceAll("\".*\"", "…")
                            : written.group(1).replace("$own", folder.group(1)).replaceAll("\\$\\{[^}]*\\}", ""));
        }
        return commands.stream()
                .flatMap(line -> Stream.of(line.split("&&", -1)))
                .map(String::strip)
                .toList();
    }

    /** Whether one of the commands is this one, with something in place of each placeholder, and perhaps more options. */
    private static boolean isRun(DocCommand command, List<String> run) {
        String pattern = Stream.of(command.text()
                        .replaceFirst("^(hil|java -jar " + DocCommand.JAR + ")(?= )", "./hil")
                        .split(" ", -1))
                .filter(word -> !word.contains("/path/to/"))
                .map(word -> PLACEHOLDER.matcher(word).matches() ? "\\S+" : Pattern.quote(word))
                .collect(Collectors.joining(" "));
        return run.stream().anyMatch(one -> one.matches(pattern + "( --\\S+)*"));
    }

    private static String sources() throws IOException {
        try (Stream<Path> core = Files.walk(TOP.resolve("hil-core/src"));
                Stream<Path> plan = Files.walk(TOP.resolve("hil-tests/src"))) {
            Path self = Path.of("DocCommandsTest.java");
            return read(Stream.concat(core, plan)
                    .filter(file -> file.toString().endsWith(".java") && !file.endsWith(self)));
        }
    }

    private static String read(Stream<Path> files) throws IOException {
        StringBuilder text = new StringBuilder();
        for (Path file : files.toList()) {
            text.append(Files.readString(file)).append('\n');
        }
        return text.toString();
    }
}
