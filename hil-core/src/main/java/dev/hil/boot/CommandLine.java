package dev.hil.boot;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A kernel command line, taken apart as the kernel does it (lib/cmdline.c, next_arg): parameters stand between white
 * space, double quotes keep white space together, and in names {@code -} and {@code _} are the same. What follows
 * {@code --} is for init. An edit changes nothing but what it is about.
 */
public final class CommandLine {
    private final String text;
    private final List<Parameter> parameters;

    /**
     * One parameter.
     *
     * @param name as written
     * @param value what follows the first {@code =}, without the quotes around it; empty for a mere flag
     * @param start where it begins in the text
     * @param end where it ends, exclusively
     */
    public record Parameter(String name, Optional<String> value, int start, int end) {
        /** Whether this is the parameter of that name to the kernel. */
        public boolean is(String wanted) {
            return canonical(name).equals(canonical(wanted));
        }

        /** The value, or nothing where there is none. */
        public String text() {
            return value.orElse("");
        }

        /** As it stands in messages: {@code name=value}. */
        @Override
        public String toString() {
            return value.map(given -> name + "=" + given).orElse(name);
        }
    }

    private CommandLine(String text, List<Parameter> parameters) {
        this.text = text;
        this.parameters = parameters;
    }

    /** Takes a line apart; any text is one. */
    public static CommandLine parse(String text) {
        List<Parameter> parameters = new ArrayList<>();
        int at = 0;
        while (at < text.length()) {
            if (isBlank(text.charAt(at))) {
                at++;
                continue;
            }
            int end = endOfWord(text, at);
            if (text.substring(at, end).equals("--")) {
                break;
            }
            parameters.add(parameter(text, at, end));
            at = end;
        }
        return new CommandLine(text, List.copyOf(parameters));
    }

    private static int endOfWord(String text, int start) {
        boolean quoted = false;
        int at = start;
        while (at < text.length() && (quoted || !isBlank(text.charAt(at)))) {
            quoted ^= text.charAt(at) == '"';
            at++;
        }
        return at;
    }

    private static Parameter parameter(String text, int start, int end) {
        String word = text.substring(start, end);
        // Quotes may stand around the whole, name="a b" or "name=a b", and are no part of the value.
        String whole = word.startsWith("\"") ? unquoted(word) : word;
        int equals = whole.indexOf('=');
        return equals < 0
                ? new Parameter(whole, Optional.empty(), start, end)
                : new Parameter(
                        whole.substring(0, equals), Optional.of(unquoted(whole.substring(equals + 1))), start, end);
    }

    private static String unquoted(String word) {
        String inner = word.startsWith("\"") ? word.substring(1) : word;
        return inner.length() < word.length() && inner.endsWith("\"") ? inner.substring(0, inner.length() - 1) : inner;
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\u000b';
    }

    private static String canonical(String name) {
        return name.replace('-', '_');
    }

    /** The line as it was given. */
    public String text() {
        return text;
    }

    /** All parameters for the kernel, in order. */
    public List<Parameter> parameters() {
        return parameters;
    }

    /** All parameters of a name. */
    public List<Parameter> all(String name) {
        return parameters.stream().filter(parameter -> parameter.is(name)).toList();
    }

    public boolean has(String name) {
        return !all(name).isEmpty();
    }

    /** The last parameter of a name, which for most is the one that counts. */
    public Optional<Parameter> last(String name) {
        List<Parameter> all = all(name);
        return all.isEmpty() ? Optional.empty() : Optional.of(all.get(all.size() - 1));
    }

    /** The parameters of a module that is built in: {@code ramoops.ecc} and the like, by what follows the point. */
    public List<Parameter> ofModule(String module) {
        String prefix = canonical(module) + ".";
        return parameters.stream()
                .filter(parameter -> canonical(parameter.name()).startsWith(prefix))
                .toList();
    }

    /** The line with a parameter added behind the last one for the kernel. */
    public CommandLine with(String parameter) {
        int at = parameters.isEmpty()
                ? text.length() - text.stripLeading().length()
                : parameters.get(parameters.size() - 1).end();
        String before = text.substring(0, at);
        String after = text.substring(at);
        String glue = before.isEmpty() || isBlank(before.charAt(before.length() - 1)) ? "" : " ";
        String gap = after.isEmpty() || isBlank(after.charAt(0)) ? "" : " ";
        return parse(before + glue + parameter + gap + after);
    }

    /** The line without any parameter of a name, each gone with the white space before it. */
    public CommandLine without(String name) {
        StringBuilder rest = new StringBuilder(text);
        for (int i = parameters.size() - 1; i >= 0; i--) {
            Parameter parameter = parameters.get(i);
            if (parameter.is(name)) {
                int start = parameter.start();
                int end = parameter.end();
                while (start > 0 && isBlank(rest.charAt(start - 1))) {
                    start--;
                }
                while (start == 0 && end < rest.length() && isBlank(rest.charAt(end))) {
                    end++;
                }
                rest.delete(start, end);
            }
        }
        return parse(rest.toString());
    }

    /** The parameters of another line that this one does not have, with name and value. */
    public List<Parameter> lacks(CommandLine other) {
        return other.parameters.stream()
                .filter(wanted -> parameters.stream()
                        .noneMatch(own -> own.is(wanted.name()) && own.value().equals(wanted.value())))
                .collect(Collectors.toUnmodifiableList());
    }

    @Override
    public String toString() {
        return text;
    }
}
