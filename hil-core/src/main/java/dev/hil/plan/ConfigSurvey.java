package dev.hil.plan;

import dev.hil.board.Board;
import dev.hil.board.BoardDefinition;
import dev.hil.board.KernelIdentity;
import dev.hil.kernel.KernelConfig;
import dev.hil.link.Command;
import dev.hil.link.ExecResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Step 0.4a of an iter6-style plan: how the kernels are configured that are there before the plan begins, each as every
 * place has it that can be read.
 *
 * @param places by place: /proc/config.gz, /boot/config-RELEASE, the tree's .config
 * @param missing the places that hold no configuration
 * @param planned the options that the plan sets
 */
public record ConfigSurvey(Map<String, KernelConfig> places, List<String> missing, Map<String, String> planned) {
    private static final int MOST_OUTPUT = 4 << 20;
    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final String RUNNING = "gzip -dc /proc/config.gz";
    private static final String TREE = "case $1 in '~/'*) d=$HOME/${1#??};; *) d=$1;; esac; cat \"$d/.config\"";

    /** What the plan stands on, whether it sets it or not. */
    private static final List<String> ALWAYS = List.of(
            "PSTORE", "PSTORE_RAM", "PSTORE_CONSOLE", "PSTORE_PMSG", "LOCKDEP", "PROVE_LOCKING", "LOCALVERSION");

    public ConfigSurvey {
        places = Map.copyOf(places);
        missing = List.copyOf(missing);
        planned = Map.copyOf(planned);
    }

    /** Asks a board, and the machine with its kernel tree. */
    public static ConfigSurvey of(Board board) {
        BoardDefinition definition = board.definition();
        Map<String, ExecResult> asked = new LinkedHashMap<>();
        asked.put("/proc/config.gz", board.exec(bounded(Command.script(RUNNING))));
        Set<String> releases = new TreeSet<>(Set.of(board.boot().release()));
        board.expectedKernel(definition.boot().test())
                .map(KernelIdentity::release)
                .or(() -> definition.plan().release())
                .ifPresent(releases::add);
        for (String release : releases) {
            String file = "/boot/config-" + release;
            asked.put(file, board.exec(bounded(Command.of("cat", "--", file))));
        }
        definition.kernel().ifPresent(kernel -> {
            String folder = kernel.build().orElse(kernel.tree());
            asked.put(folder + "/.config", board.buildHost().exec(bounded(Command.script(TREE, folder))));
        });
        Map<String, KernelConfig> places = new LinkedHashMap<>();
        List<String> missing = new ArrayList<>();
        asked.forEach((place, answer) -> {
            KernelConfig config = KernelConfig.parse(answer.stdout());
            if (answer.ok() && !config.isEmpty()) {
                places.put(place, config);
            } else {
                missing.add(place);
            }
        });
        return new ConfigSurvey(places, missing, definition.plan().config());
    }

    private static Command bounded(Command command) {
        return command.timeout(LIMIT).maxOutput(MOST_OUTPUT);
    }

    /** A line for each option of the plan: how each place has it, and what the plan makes of it. */
    public String table() {
        Set<String> symbols = new TreeSet<>(ALWAYS);
        symbols.addAll(planned.keySet());
        List<String> names = places.keySet().stream().sorted().toList();
        StringBuilder text = new StringBuilder();
        names.forEach(name -> text.append("%d: %s%n".formatted(names.indexOf(name) + 1, name)));
        missing.forEach(name -> text.append("not there, or none: %s%n".formatted(name)));
        symbols.forEach(symbol -> text.append("%-28s %s%s%n"
                .formatted(
                        symbol,
                        names.stream()
                                .map(name -> "%-6s".formatted(value(name, symbol)))
                                .collect(Collectors.joining(" ")),
                        planned.containsKey(symbol) ? " -> " + planned.get(symbol) : "")));
        return text.toString();
    }

    private String value(String place, String symbol) {
        KernelConfig config = places.get(place);
        return config == null ? "" : config.get(symbol);
    }
}
