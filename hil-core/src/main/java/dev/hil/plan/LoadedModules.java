package dev.hil.plan;

import dev.hil.board.Board;
import dev.hil.link.Command;
import dev.hil.link.Recording;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The build ids of the modules that a kernel has loaded. It keeps the note of each in sysfs (kernel/module/sysfs.c,
 * add_notes_attrs); the id is what follows the 16 bytes of header and name.
 */
final class LoadedModules {
    private static final String READ = "cd /sys/module || exit;"
            + " for m in *; do n=$m/notes/.note.gnu.build-id; [ -e \"$n\" ] || continue;"
            + " printf '%s %s\\n' \"$m\" \"$(as_root cat \"$n\" | od -An -v -tx1 | tr -d ' \\n')\"; done";
    private static final String LOAD = "r=0; for m; do [ -d \"/sys/module/$m\" ] || as_root modprobe -- \"$m\" ||"
            + " { echo \"cannot load $m\" >&2; r=1; }; done; exit $r";
    private static final Pattern LINE = Pattern.compile("(\\w{1,64}) ([0-9a-f]{32,256})");
    private static final int HEADER_DIGITS = 32;
    private static final Duration LIMIT = Duration.ofMinutes(1);

    private final Board board;
    private final Map<String, String> ids;

    private LoadedModules(Board board, Map<String, String> ids) {
        this.board = board;
        this.ids = ids;
    }

    static LoadedModules read(Board board) {
        Map<String, String> ids = new TreeMap<>();
        String text =
                board.exec(Command.rootScript(READ).timeout(LIMIT)).orThrow().stdout();
        for (String line : text.lines().toList()) {
            Matcher matcher = LINE.matcher(line);
            if (matcher.matches()) {
                ids.put(matcher.group(1), matcher.group(2).substring(HEADER_DIGITS));
            }
        }
        return new LoadedModules(board, ids);
    }

    /** By module name. */
    Map<String, String> ids() {
        return ids;
    }

    /**
     * Loads modules and reads what is loaded then.
     *
     * @throws AssertionError where one cannot be loaded
     */
    static LoadedModules load(Board board, List<String> names) {
        List<String> argv = new ArrayList<>(names);
        var result =
                board.exec(Command.rootScript(LOAD, argv.toArray(String[]::new)).timeout(LIMIT));
        if (!result.ok()) {
            throw new AssertionError("of the rebuilt modules %s not all can be loaded: %s"
                    .formatted(names, Recording.excerpt(result.stderr().strip())));
        }
        return read(board);
    }

    /** Fails where a module of this list is loaded in another build, or the list names one that is not loaded. */
    void proveAll(Map<String, String> wanted) {
        wanted.forEach((name, id) -> {
            String running = ids.getOrDefault(name, "none, it is not loaded");
            if (!running.equals(id)) {
                throw another(name, running, id);
            }
            board.evidence().event("proof", "%s runs with build id %s".formatted(name, id));
        });
    }

    /** Fails where a module is loaded in another build than the known one. */
    void prove(Map<String, String> known) {
        int proven = 0;
        for (Map.Entry<String, String> module : ids.entrySet()) {
            String id = known.get(module.getKey());
            if (id != null && !id.equals(module.getValue())) {
                throw another(module.getKey(), module.getValue(), id);
            }
            proven += id == null ? 0 : 1;
        }
        board.evidence()
                .event(
                        "proof",
                        "%d of %d loaded modules run with the build id that was built".formatted(proven, ids.size()));
    }

    private static AssertionError another(String name, String running, String id) {
        return new AssertionError("the board runs another build of %s than the one just built: build id %s, not %s"
                .formatted(name, running, id));
    }
}
