package dev.hil.board;

import dev.hil.boot.BootEntry;
import dev.hil.boot.ExtlinuxMenu;
import dev.hil.link.Command;
import dev.hil.link.Shell;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Whether the running kernel is the one that a boot label names. A kernel's image holds the very line that
 * /proc/version shows (init/version.c, linux_banner), and U-Boot hands APPEND over as the command line.
 */
final class RunningLabel {
    private static final String HOLDS_BANNER = "as_root test -f \"$1\" || exit 2;"
            + " { as_root cat -- \"$1\" | gzip -dc 2>/dev/null || as_root cat -- \"$1\"; }"
            + " | tr '\\000' '\\n' | grep -qxF -e \"$2\"";

    private final BoardFiles files;
    private final Shell shell;
    private final String menuPath;

    RunningLabel(BoardFiles files, Shell shell, String menuPath) {
        this.files = files;
        this.shell = shell;
        this.menuPath = menuPath;
    }

    /**
     * What is known of it.
     *
     * @param refuted whether the running kernel is certainly another
     */
    record Answer(boolean proven, boolean refuted, String reason) {}

    Answer isRunning(String label) {
        Boot boot = Boot.read(shell);
        String text = new String(files.read(menuPath), StandardCharsets.ISO_8859_1);
        BootEntry entry =
                ExtlinuxMenu.parse(menuPath + " on " + shell.name(), text).entry(label);
        Optional<String> missing = missing(entry.append().orElse(""), boot.commandLine());
        if (missing.isPresent()) {
            return new Answer(
                    false, true, "the kernel's command line lacks %s of label %s".formatted(missing.get(), label));
        }
        String image = entry.linux().orElse("");
        boolean holds = shell.exec(
                        Command.rootScript(HOLDS_BANNER, image, boot.banner()).timeout(Duration.ofMinutes(1)))
                .ok();
        return holds
                ? new Answer(true, false, "/proc/version stands in %s, the kernel of label %s".formatted(image, label))
                : new Answer(
                        false,
                        false,
                        "/proc/version does not stand in %s, the kernel of label %s (or it is packed in a way that is not read)"
                                .formatted(image, label));
    }

    /** The first argument that did not arrive. U-Boot fills in its variables, so those cannot be compared. */
    private static Optional<String> missing(String append, String commandLine) {
        List<String> given = List.of(commandLine.split("\\s+", -1));
        return List.of(append.strip().split("\\s+", -1)).stream()
                .filter(argument -> !argument.isEmpty() && !argument.contains("$") && !argument.contains("\""))
                .filter(argument -> !given.contains(argument))
                .findFirst();
    }
}
