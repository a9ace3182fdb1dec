package dev.hil.kernel;

import dev.hil.link.Command;
import dev.hil.link.FileTransfer;
import dev.hil.link.InfrastructureException;
import dev.hil.link.Shell;
import dev.hil.record.Undo;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The files that a patch is about to change: kept as they are, with what the patch will make of them. */
final class PatchedFiles {
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final long LARGEST = 64L << 20;
    private static final String NOTHING = "-";
    private static final Pattern RENAMED = Pattern.compile("(?m)^rename from ([^\"\\n][^\\n]*)$");

    /** In a folder of its own, so that the tree is not touched: a NUL-terminated {@code BEFORE AFTER} for each file. */
    private static final String TRY = "set -e; t=$1; p=$2; shift 2; d=$(mktemp -d -t hil-patch-XXXXXX);"
            + " trap 'rm -rf -- \"$d\"' EXIT; cat > \"$d/patch\"; mkdir \"$d/tree\"; cd \"$t\";"
            + " for f; do [ ! -f \"$f\" ] || cp --parents -- \"$f\" \"$d/tree\"; done; cd \"$d/tree\";"
            + " sum() { if [ -f \"$1\" ]; then s=$(sha256sum < \"$1\"); echo \"${s%% *}\"; else echo -; fi; };"
            + " GIT_CEILING_DIRECTORIES=\"$d\" git apply --whitespace=nowarn \"-p$p\" ../patch;"
            + " for f; do printf '%s %s\\0' \"$(cd \"$t\" && sum \"$f\")\" \"$(sum \"$f\")\"; done";

    private final Shell shell;
    private final String tree;

    PatchedFiles(Shell shell, String tree) {
        this.shell = shell;
        this.tree = tree;
    }

    /** Keeps copies in a folder beside the kept patch. */
    List<Undo.Touched> keep(SeriesEntry patch, Path keptCopy) {
        List<String> paths = paths(patch);
        List<String> argv = new ArrayList<>(List.of("sh", "-c", TRY, "sh", tree, Integer.toString(patch.strip())));
        argv.addAll(paths);
        String[] sums = exec(Command.of(argv), patch).split("\0", -1);
        Path folder = keptCopy.resolveSibling(keptCopy.getFileName() + ".before");
        List<Undo.Touched> touched = new ArrayList<>();
        for (int i = 0; i < paths.size(); i++) {
            String[] pair = sums[i].split(" ", 2);
            String before = orNull(pair[0]);
            String copy = before == null ? null : copy(paths.get(i), before, folder.resolve(Integer.toString(i)));
            touched.add(new Undo.Touched(paths.get(i), before, copy, orNull(pair[1])));
        }
        return touched;
    }

    private static @Nullable String orNull(String sum) {
        return sum.equals(NOTHING) ? null : sum;
    }

    private String copy(String path, String sha256, Path to) {
        try {
            Files.createDirectories(to.getParent());
        } catch (IOException e) {
            throw new InfrastructureException("cannot make a folder for copies of the tree's files: " + e, e);
        }
        String sum = FileTransfer.pull(shell, tree + "/" + path, to, LARGEST, false);
        if (!sum.equals(sha256)) {
            throw new BuildException(
                    "%s/%s on %s changed while it was copied: somebody is editing it. Nothing was patched."
                            .formatted(tree, path, shell.name()));
        }
        return to.toAbsolutePath().toString();
    }

    /** As git names them; of a renamed file git tells the new name only. */
    List<String> paths(SeriesEntry patch) {
        String answer =
                exec(Command.of("git", "-C", tree, "apply", "--numstat", "-z", "-p" + patch.strip(), "-"), patch);
        Set<String> paths = new LinkedHashSet<>();
        for (String field : answer.split("\0", -1)) {
            String[] counted = field.split("\t", 3);
            if (counted.length == 3) {
                paths.add(counted[2]);
            }
        }
        RENAMED.matcher(read(patch)).results().map(renamed -> renamed.group(1)).forEach(paths::add);
        return List.copyOf(paths);
    }

    private static String read(SeriesEntry patch) {
        try {
            return Files.readString(patch.file(), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new InfrastructureException("cannot read the patch %s: %s".formatted(patch.file(), e), e);
        }
    }

    private String exec(Command command, SeriesEntry patch) {
        byte[] bytes = read(patch).getBytes(StandardCharsets.ISO_8859_1);
        return shell.exec(command.timeout(LIMIT), new ByteArrayInputStream(bytes))
                .orThrow()
                .stdout();
    }
}
