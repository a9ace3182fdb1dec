package dev.hil.plan;

import dev.hil.link.Command;
import dev.hil.link.ExecResult;
import dev.hil.link.Recording;
import dev.hil.link.Shell;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds file and line of the frames of a report, by the kernel's own scripts/decode_stacktrace.sh against the kernel that
 * was built. That script puts what it reads into programs of bash and awk, so it is never given a board's words: only
 * frames of a strict form, one a line.
 */
public final class StackDecoder {
    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final int MOST_FRAMES = 400;
    private static final int MOST_OUTPUT = 4 << 20;

    /** {@code function+0x10/0x20}, and the module it is in. */
    private static final Pattern FRAME =
            Pattern.compile("(?<![\\w.])([A-Za-z_][A-Za-z0-9_.]{0,200}\\+0x[0-9a-f]{1,8}/0x[0-9a-f]{1,8})"
                    + "(?: \\[([a-z0-9_]{1,60})(?: [0-9a-f]{1,64})?\\])?");

    private static final Pattern PLACE = Pattern.compile("\\s*\\S+ \\((.*:\\d+.*)\\)\\s*\\S*\\s*");
    private static final String DECODE = "[ -f \"$1/vmlinux\" ] || { echo \"no such file: $1/vmlinux\" >&2; exit 3; };"
            + " exec bash \"$2/scripts/decode_stacktrace.sh\" \"$1/vmlinux\" \"$2\" \"$1\"";

    private final Shell shell;
    private final String tree;
    private final String objects;
    private final Map<String, String> environment;

    /**
     * A decoder.
     *
     * @param shell the machine with the tree
     * @param tree the kernel's source
     * @param objects where vmlinux and the modules lie built
     * @param make the arguments of make, for the tool chain's name
     */
    public StackDecoder(Shell shell, String tree, String objects, List<String> make) {
        this.shell = shell;
        this.tree = tree;
        this.objects = objects;
        Map<String, String> tools = new HashMap<>();
        for (String argument : make) {
            for (String name : List.of("CROSS_COMPILE", "LLVM")) {
                if (argument.startsWith(name + "=")) {
                    tools.put(name, argument.substring(name.length() + 1));
                }
            }
        }
        this.environment = Map.copyOf(tools);
    }

    /**
     * A report with the places of its frames.
     *
     * @param text the report; a frame whose place was found has it behind it
     * @param frames how many different frames there are
     * @param placed of how many of them the place is known
     * @param why what kept the others from being placed; empty where nothing did
     */
    public record Decoded(String text, int frames, int placed, String why) {}

    /** Decodes a report; where that is not possible it comes back as it is, with the reason. */
    public Decoded decode(String report) {
        Set<String> frames = new LinkedHashSet<>();
        Matcher matcher = FRAME.matcher(report);
        while (matcher.find() && frames.size() < MOST_FRAMES) {
            frames.add(frame(matcher));
        }
        if (frames.isEmpty()) {
            return new Decoded(report, 0, 0, "it names no function");
        }
        ExecResult result = shell.exec(
                Command.script(DECODE, objects, tree)
                        .environment(environment)
                        .timeout(LIMIT)
                        .maxOutput(MOST_OUTPUT),
                new ByteArrayInputStream((String.join("\n", frames) + "\n").getBytes(StandardCharsets.UTF_8)));
        List<String> answers = result.stdout().lines().toList();
        if (!result.ok() || answers.size() != frames.size()) {
            return new Decoded(
                    report,
                    frames.size(),
                    0,
                    "scripts/decode_stacktrace.sh failed: "
                            + Recording.excerpt(result.stderr().strip()));
        }
        Map<String, String> places = new HashMap<>();
        List<String> unknown = new ArrayList<>();
        int i = 0;
        for (String frame : frames) {
            Matcher place = PLACE.matcher(answers.get(i++));
            if (place.matches()) {
                places.put(frame, place.group(1));
            } else {
                unknown.add(frame);
            }
        }
        String why = unknown.isEmpty()
                ? ""
                : "no place for %s: their code was built without debug information (DEBUG_INFO), or lies elsewhere"
                        .formatted(excerpt(unknown));
        return new Decoded(placed(report, places), frames.size(), places.size(), why);
    }

    /** The modules that a report's frames are in, in its order. */
    static Set<String> modules(String report) {
        Set<String> modules = new LinkedHashSet<>();
        Matcher matcher = FRAME.matcher(report);
        while (matcher.find()) {
            if (matcher.group(2) != null) {
                modules.add(matcher.group(2));
            }
        }
        return modules;
    }

    private static String excerpt(List<String> frames) {
        String shown = String.join(", ", frames.subList(0, Math.min(3, frames.size())));
        return frames.size() <= 3 ? shown : "%s and %d more".formatted(shown, frames.size() - 3);
    }

    private static String frame(Matcher matcher) {
        return matcher.group(2) == null ? matcher.group(1) : "%s [%s]".formatted(matcher.group(1), matcher.group(2));
    }

    private static String placed(String report, Map<String, String> places) {
        return FRAME.matcher(report).replaceAll(found -> {
            String frame =
                    found.group(2) == null ? found.group(1) : "%s [%s]".formatted(found.group(1), found.group(2));
            String place = places.get(frame);
            return Matcher.quoteReplacement(place == null ? found.group() : "%s (%s)".formatted(found.group(), place));
        });
    }
}
