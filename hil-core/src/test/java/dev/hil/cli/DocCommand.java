package dev.hil.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A command that a page tells its reader to type. Indented lines are commands, and so are what stands in {@code sh} fences,
 * behind {@code run:} or a dash in {@code yaml} ones, and between single backquotes if it begins with a program of hil's.
 *
 * @param page the page, from the top of the repository
 * @param line where, from 1
 * @param inText whether it stands within a sentence, where a name such as {@code hil recover} may be all there is
 * @param words the program and its arguments, without what brackets and comments there are
 */
record DocCommand(Path page, int line, boolean inText, List<String> words) {
    static final String JAR = "hil-core/target/hil.jar";

    private static final Pattern FENCE = Pattern.compile("```([a-z]*)");
    private static final Pattern SPAN = Pattern.compile("(?<!`)`([^`]+)`(?!`)");

    /** What makes a piece of a sentence a command, or an option of one. */
    private static final Pattern OURS =
            Pattern.compile("(?:\\./)?(?:hil|mvnw) .+|java -(?:jar|cp) .+|(?:\\w[\\w/-]*/)?prepare .+|-[DP][a-z].*");

    private static final Pattern IN_YAML = Pattern.compile("\\s*(?:- |run: )(\\./.*|java .*)");

    /** The languages whose fences hold no commands. */
    private static final List<String> OTHER = List.of("java", "toml", "xml", "text");

    /** All of README.md, CONTRIBUTING.md and docs/. */
    static List<DocCommand> all(Path top) throws IOException {
        List<DocCommand> commands = new ArrayList<>();
        for (Path page : pages(top)) {
            new Reader(top.relativize(page), commands).read(Files.readAllLines(page));
        }
        return commands;
    }

    static List<Path> pages(Path top) throws IOException {
        try (Stream<Path> docs = Files.list(top.resolve("docs"))) {
            return Stream.concat(
                            Stream.of(top.resolve("README.md"), top.resolve("CONTRIBUTING.md")),
                            docs.filter(file -> file.toString().endsWith(".md")).sorted())
                    .toList();
        }
    }

    String program() {
        return words.get(0);
    }

    String text() {
        return String.join(" ", words);
    }

    @Override
    public String toString() {
        return "%s:%d: %s".formatted(page, line, text());
    }

    /** Reads a page line by line. */
    private static final class Reader {
        private final Path page;
        private final List<DocCommand> commands;
        private String fence = "";
        private boolean fenced;

        Reader(Path page, List<DocCommand> commands) {
            this.page = page;
            this.commands = commands;
        }

        void read(List<String> lines) {
            for (int i = 0; i < lines.size(); i++) {
                read(i + 1, lines.get(i));
            }
            if (fenced) {
                throw new AssertionError(page + ": a fence is not closed");
            }
        }

        private void read(int number, String line) {
            Matcher mark = FENCE.matcher(line);
            if (mark.matches()) {
                fence = fenced ? "" : mark.group(1);
                fenced = !fenced;
                if (fenced && !fence.equals("sh") && !fence.equals("yaml") && !OTHER.contains(fence)) {
                    throw new AssertionError(
                            "%s:%d: say what the block is: sh, yaml or one of %s".formatted(page, number, OTHER));
                }
            } else if ((!fenced && line.startsWith("    ")) || fence.equals("sh")) {
                add(number, false, line.strip());
            } else if (fence.equals("yaml")) {
                Matcher command = IN_YAML.matcher(line);
                if (command.matches()) {
                    add(number, false, command.group(1));
                }
            } else if (!fenced) {
                Matcher span = SPAN.matcher(line);
                while (span.find()) {
                    if (OURS.matcher(span.group(1)).matches()) {
                        add(number, true, span.group(1));
                    }
                }
            }
        }

        private void add(int number, boolean inText, String text) {
            // Three blanks or a # begin what is said of a command; a bar and brackets are the grammar's.
            String typed = text.replaceFirst("\\s+#\\s.*|\\s{3,}.*", "").replaceAll("[\\[\\]\"]|\\.\\.\\.|\\|-", "");
            for (String command : typed.split("&&", -1)) {
                if (!command.isBlank()) {
                    commands.add(new DocCommand(
                            page, number, inText, List.of(command.strip().split("\\s+", -1))));
                }
            }
        }
    }
}
