package dev.hil.link;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The one place where arguments become shell text. ssh hands a command to the remote user's shell as one string, so a
 * vector of arguments must be quoted for it; POSIX single quotes keep every byte except the single quote itself.
 */
public final class ShellQuote {
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_@%+=:,./-]+");

    private ShellQuote() {}

    public static String quote(String argument) {
        if (argument.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("an argument of a command cannot hold a NUL byte: "
                    + argument.substring(0, Math.min(80, argument.length())).replace('\0', '?'));
        }
        return PLAIN.matcher(argument).matches() ? argument : "'" + argument.replace("'", "'\\''") + "'";
    }

    public static String join(List<String> arguments) {
        return arguments.stream().map(ShellQuote::quote).collect(Collectors.joining(" "));
    }
}
