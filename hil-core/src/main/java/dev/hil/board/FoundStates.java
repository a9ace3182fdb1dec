package dev.hil.board;

import dev.hil.boot.BootEntry;
import dev.hil.boot.ExtlinuxMenu;
import dev.hil.link.Command;
import dev.hil.link.ExecResult;
import dev.hil.link.Shell;
import dev.hil.record.FoundState;
import dev.hil.record.Undo;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Reads what a recovery compares: of the board the boot menu, the files it boots and the modules of every kernel; of the
 * machine with the kernel tree its commit and what differs from it.
 */
final class FoundStates {
    private static final String MODULES = "/lib/modules";
    private static final String NOT_THERE = "not there";
    /** Module trees come as a NUL-terminated name each, since a name may hold anything else. */
    private static final String LIST =
            "[ ! -d \"$1\" ] || find \"$1/\" -mindepth 1 -maxdepth 1 -type d -exec sh -c 'for f; do printf \"%s\\0\" \"${f##*/}\"; done' sh {} +";

    private static final String TREE = "t=$1; case $t in '~/'*) t=$HOME/${t#??};; esac; cd \"$t\" || exit;"
            + " git rev-parse HEAD 2>/dev/null || echo none; git diff --binary HEAD 2>/dev/null | sha256sum;"
            + " git ls-files --others --exclude-standard | sort | sha256sum";

    private final BoardDefinition definition;
    private final BoardFiles files;
    private final Shell board;
    private final Shell buildHost;

    FoundStates(BoardDefinition definition, BoardFiles files, Shell board, Shell buildHost) {
        this.definition = definition;
        this.files = files;
        this.board = board;
        this.buildHost = buildHost;
    }

    FoundState read(Undo.Where where) {
        return new FoundState(where, where == Undo.Where.BOARD ? board() : tree());
    }

    private Map<String, String> board() {
        Map<String, String> facts = new TreeMap<>();
        String path = definition.boot().menu();
        byte[] bytes = files.read(path);
        ExtlinuxMenu menu =
                ExtlinuxMenu.parse(path + " on " + definition.name(), new String(bytes, StandardCharsets.ISO_8859_1));
        facts.put("default label of " + path, menu.defaultLabel());
        file(facts, path);
        for (BootEntry entry : menu.entries()) {
            entry.files().forEach(file -> file(facts, file));
        }
        String listed = board.exec(Command.script(LIST, MODULES)).orThrow().stdout();
        for (String release : listed.split("\0", -1)) {
            if (!release.isEmpty()) {
                String folder = MODULES + "/" + release;
                facts.put("modules " + folder, files.folders().sha256(folder).orElse(NOT_THERE));
            }
        }
        return facts;
    }

    private void file(Map<String, String> facts, String path) {
        facts.computeIfAbsent("file " + path, name -> files.exists(path) ? files.sha256(path) : NOT_THERE);
    }

    private Map<String, String> tree() {
        Optional<String> tree = definition.kernel().map(BoardDefinition.Kernel::tree);
        Map<String, String> facts = new TreeMap<>();
        if (tree.isPresent()) {
            ExecResult result = buildHost.exec(Command.script(TREE, tree.get()).timeout(Duration.ofMinutes(5)));
            String[] lines = result.orThrow().text().split("\n", -1);
            facts.put("commit of " + tree.get(), lines[0]);
            facts.put("edits in " + tree.get(), sum(lines, 1));
            facts.put("new files in " + tree.get(), sum(lines, 2));
        }
        return facts;
    }

    private static String sum(String[] lines, int index) {
        return lines.length > index ? lines[index].split(" ", 2)[0] : NOT_THERE;
    }
}
