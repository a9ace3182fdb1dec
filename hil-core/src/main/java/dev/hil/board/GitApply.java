package dev.hil.board;

import dev.hil.link.Command;
import dev.hil.link.ExecResult;
import dev.hil.link.Sha256;
import dev.hil.link.Shell;
import java.io.ByteArrayInputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code git apply} of a patch that lies on this host, to a tree on any machine. git takes what comes for all there is,
 * so the patch is laid down and its checksum compared first: of a link that is cut in the middle no half is applied.
 */
public final class GitApply {
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final int DAMAGED = 42;
    private static final String SCRIPT = "t=$1; s=$2; shift 2; p=$(mktemp -t hil-patch-XXXXXX) || exit 41;"
            + " trap 'rm -f -- \"$p\"' EXIT; cat > \"$p\"; n=$(sha256sum < \"$p\");"
            + " [ \"${n%% *}\" = \"$s\" ] || { echo 'the patch did not arrive whole' >&2; exit 42; };"
            + " git -C \"$t\" apply --whitespace=nowarn \"$@\" \"$p\"";

    private final Shell shell;
    private final String tree;

    /** @param tree the top of a git work tree */
    public GitApply(Shell shell, String tree) {
        this.shell = shell;
        this.tree = tree;
    }

    /**
     * Runs git.
     *
     * @param options for {@code git apply}, such as {@code -R} and {@code --check}
     * @return what git said; its exit code tells whether it did it
     * @throws dev.hil.link.InfrastructureException where the patch did not arrive whole; nothing was done then
     */
    public ExecResult run(byte[] patch, int strip, String... options) {
        List<String> argv = new ArrayList<>(List.of("sh", "-c", SCRIPT, "sh", tree, Sha256.of(patch), "-p" + strip));
        argv.addAll(List.of(options));
        ExecResult result = shell.exec(Command.of(argv).timeout(LIMIT), new ByteArrayInputStream(patch));
        return result.exitCode() == DAMAGED ? result.orThrow() : result;
    }
}
