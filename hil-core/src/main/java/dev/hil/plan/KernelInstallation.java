package dev.hil.plan;

import dev.hil.board.Board;
import dev.hil.board.BoardDefinition;
import dev.hil.board.BoardDefinition.Initramfs;
import dev.hil.board.BoardFiles;
import dev.hil.board.KernelIdentity;
import dev.hil.boot.BootEntry;
import dev.hil.boot.CommandLine;
import dev.hil.boot.ExtlinuxMenu;
import dev.hil.kernel.BuildException;
import dev.hil.kernel.KernelBuild;
import dev.hil.link.Command;
import dev.hil.link.ExecResult;
import dev.hil.link.Recording;
import dev.hil.record.Undo;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Puts a kernel onto a board beside the one to go back to: modules, image, initramfs, boot label. */
final class KernelInstallation {
    private static final Duration LIMIT = Duration.ofMinutes(10);
    /** In a folder of modules: the build that put it there. */
    private static final String MARK = "hil-build";

    private final Board board;
    private final BoardDefinition.Test definition;
    private @Nullable String image;
    private @Nullable String initramfs;

    KernelInstallation(Board board, BoardDefinition.Test definition) {
        this.board = board;
        this.definition = definition;
    }

    String label() {
        return definition.label().orElse(board.definition().boot().test());
    }

    boolean hasImage() {
        return image != null;
    }

    /**
     * Makes sure that a release is not somebody else's: with the release of another kernel its modules would be
     * overwritten, and {@code uname -r} would not tell the two apart.
     *
     * @throws BuildException naming whose it is
     */
    void requireOwnRelease(String release) {
        ExtlinuxMenu menu = menu();
        for (BootEntry entry : menu.entries()) {
            boolean named =
                    entry.linux().filter(file -> file.endsWith("-" + release)).isPresent();
            if (named && !entry.label().equals(label())) {
                throw taken(
                        release,
                        "label \"%s\" boots %s"
                                .formatted(entry.label(), entry.linux().orElse("")));
            }
        }
        String folder = folder(release);
        if (board.files().folders().exists(folder) && ours(folder).isEmpty()) {
            throw taken(release, "%s is on the board and holds no %s/%s".formatted(folder, folder, MARK));
        }
        if (board.boot().release().equals(release) && ours(folder).isEmpty()) {
            throw taken(release, "the board runs it now");
        }
    }

    private BuildException taken(String release, String why) {
        return new BuildException(
                ("the kernel would have the release %s, which is another kernel's on %s: %s. Nothing was built or installed."
                                + " Give it a release of its own: LOCALVERSION=-… in kernel.make or kernel.test.make.")
                        .formatted(release, board.name(), why));
    }

    private static String folder(String release) {
        return "/lib/modules/" + release;
    }

    /** The mark of a folder that hil has made. */
    private Optional<String> ours(String folder) {
        ExecResult mark = board.exec("cat", "--", folder + "/" + MARK);
        return mark.ok() ? Optional.of(mark.text()) : Optional.empty();
    }

    private ExtlinuxMenu menu() {
        String path = board.definition().boot().menu();
        return ExtlinuxMenu.parse(
                path + " on " + board.name(), new String(board.files().read(path), StandardCharsets.ISO_8859_1));
    }

    /**
     * Installs the modules.
     *
     * @return their folder on the board
     */
    String modules(KernelBuild build, KernelIdentity kernel, String log, String step) {
        String run = String.valueOf(board.evidence().folder().getFileName());
        String stage = "/tmp/hil-stage-%s-%s".formatted(run, step);
        String folder = folder(kernel.release());
        requireOwnRelease(kernel.release());
        return board.changes()
                .during(
                        "folder %s for what modules_install makes".formatted(stage),
                        new Undo.RemoveTree(Undo.Where.BUILD_HOST, stage),
                        () -> {
                            board.buildHost()
                                    .exec("mkdir", "-m", "700", "--", stage)
                                    .orThrow();
                            String staged = build.stageAll(stage, log);
                            board.buildHost()
                                    .exec(Command.script(
                                            "printf '%s\\n' \"$2\" > \"$1\"",
                                            staged + "/" + MARK, kernel + " of run " + run))
                                    .orThrow();
                            requireRoom(
                                    "/lib/modules",
                                    kib(board.buildHost().exec(Command.of("du", "-sk", "--", staged))),
                                    1);
                            replaceFolder(stage, staged, folder, step);
                            return folder;
                        });
    }

    private void replaceFolder(String stage, String staged, String folder, String step) {
        Runnable put = isOnBoard()
                ? () -> put(folder, "as_root cp -a -- \"$2\" \"$p\"", staged)
                : () -> pushFolder(stage, staged, folder);
        String what = "modules %s on the board".formatted(folder);
        Optional<String> before = board.files().folders().sha256(folder);
        if (before.isEmpty()) {
            board.changes().make(what, new Undo.RemoveTree(Undo.Where.BOARD, folder), put);
            return;
        }
        String backup = folder + ".hil-before-" + step;
        board.changes().make(what, new Undo.RestoreTree(Undo.Where.BOARD, folder, backup, before.get()), () -> {
            board.files().folders().copy(folder, backup);
            put.run();
        });
    }

    private boolean isOnBoard() {
        return board.definition()
                .kernel()
                .filter(BoardDefinition.Kernel::onBoard)
                .isPresent();
    }

    private void pushFolder(String stage, String staged, String folder) {
        String tar = stage + "/modules.tar";
        board.buildHost()
                .exec(Command.of("tar", "-C", staged, "--owner=0", "--group=0", "-cf", tar, ".")
                        .timeout(LIMIT))
                .orThrow();
        String remote =
                "/tmp/hil-modules-%s.tar".formatted(board.evidence().folder().getFileName());
        board.changes()
                .during("file %s on the board".formatted(remote), new Undo.RemoveFile(Undo.Where.BOARD, remote), () -> {
                    board.push(Path.of(tar), remote);
                    put(folder, "as_root mkdir -- \"$p\"; as_root tar -C \"$p\" -xf \"$2\"", remote);
                    return remote;
                });
    }

    /** Beside its place first, so that nothing but a rename lies between the old folder and the new one. */
    private void put(String folder, String how, String from) {
        board.exec(Command.rootScript(
                                ("set -e; p=\"$1.hil-part\"; as_root rm -rf -- \"$p\"; as_root mkdir -p -- \"${1%%/*}\"; %s;"
                                                + " sync; as_root rm -rf -- \"$1\"; as_root mv -- \"$p\" \"$1\"; sync")
                                        .formatted(how),
                                folder,
                                from)
                        .timeout(LIMIT))
                .orThrow();
    }

    /**
     * Installs image and configuration beside those of the safe label, and makes an initramfs where there is to be one.
     *
     * @return the image's path
     */
    String image(KernelBuild build, KernelIdentity kernel, String step) {
        BootEntry safe = menu().entry(board.definition().boot().safe());
        String safeImage = safe.linux().orElse("/boot/Image");
        String folder = safeImage.substring(0, Math.max(1, safeImage.lastIndexOf('/') + 1));
        String goal = definition.goals().get(0);
        String built = build.image(goal, board.definition().machine().arch());
        String target = folder + goal + "-" + kernel.release();
        if (target.equals(safeImage)) {
            throw new BuildException("%s is the image of the safe label; it is not overwritten".formatted(target));
        }
        long size = Long.parseLong(board.buildHost()
                .exec("stat", "-L", "-c", "%s", "--", built)
                .orThrow()
                .text());
        int copies = board.files().exists(target) ? 2 : 1;
        requireRoom(folder, size / 1024 + 1, definition.initramfs() == Initramfs.NONE ? copies : copies + 1);
        file(built, target, step);
        file(build.objects() + "/.config", "/boot/config-" + kernel.release(), step);
        if (definition.initramfs() != Initramfs.NONE) {
            initramfs = initramfs(folder, kernel.release(), step);
        }
        image = target;
        return target;
    }

    private void file(String built, String target, String step) {
        BoardFiles files = board.files();
        prepared(
                "file %s on the board".formatted(target),
                target,
                step,
                isOnBoard() ? () -> files.copy(built, target) : () -> files.push(Path.of(built), target));
    }

    private void prepared(String what, String target, String step, Runnable action) {
        BoardFiles files = board.files();
        if (!files.exists(target)) {
            board.changes().make(what, new Undo.RemoveFile(Undo.Where.BOARD, target), action);
            return;
        }
        String backup = target + ".hil-before-" + step;
        String sum = files.sha256(target);
        board.changes().make(what, new Undo.RestoreFile(Undo.Where.BOARD, target, backup, sum), () -> {
            files.copy(target, backup);
            action.run();
        });
    }

    private String initramfs(String folder, String release, String step) {
        // initramfs-tools chooses the place itself.
        String target = definition.initramfs() == Initramfs.INITRAMFS_TOOLS
                ? "/boot/initrd.img-" + release
                : folder + "initramfs-" + release;
        List<String> argv = switch (definition.initramfs()) {
            case MKINITCPIO -> List.of("mkinitcpio", "-k", release, "-g", target);
            case DRACUT -> List.of("dracut", "--force", "--kver", release, target);
            case INITRAMFS_TOOLS -> List.of("update-initramfs", "-c", "-k", release);
            case NONE -> List.<String>of();
        };
        prepared("initramfs %s on the board".formatted(target), target, step, () -> {
            ExecResult made = board.exec(Command.of(argv).root().timeout(LIMIT));
            board.evidence().append("initramfs.log", made.stdout() + made.stderr());
            if (!made.ok() || !board.files().exists(target)) {
                throw new BuildException("`%s` on %s has made no initramfs %s (exit code %d): %s"
                        .formatted(
                                String.join(" ", argv),
                                board.name(),
                                target,
                                made.exitCode(),
                                made.stderr().strip()));
            }
            board.exec(Command.of("sync").root().timeout(LIMIT)).orThrow();
        });
        return target;
    }

    /** Before anything is written: an image that is cut off by a full disk does not boot. */
    private void requireRoom(String folder, long kib, int copies) {
        ExecResult answer = board.exec(
                Command.script("d=$1; while [ ! -d \"$d\" ]; do d=${d%/*}; done; df -Pk \"${d:-/}\"", folder));
        String[] fields = answer.orThrow()
                .text()
                .lines()
                .reduce((first, last) -> last)
                .orElse("")
                .strip()
                .split("\\s+", -1);
        if (fields.length < 4 || !fields[3].matches("\\d{1,15}")) {
            throw new BuildException("how much room %s on %s has cannot be told from: %s"
                    .formatted(folder, board.name(), Recording.excerpt(answer.text())));
        }
        long free = Long.parseLong(fields[3]);
        long needed = kib * copies;
        if (free < needed) {
            throw new BuildException(
                    "%s on %s is full: %d KiB are needed for %d of %d KiB each, and %d KiB are left. Nothing was written there; make room and run again."
                            .formatted(folder, board.name(), needed, copies, kib, free));
        }
    }

    private static long kib(ExecResult du) {
        return Long.parseLong(du.orThrow().text().split("\\s+", 2)[0]);
    }

    /** Adds a label that is like the safe one, but for its kernel, its initramfs and what the plan adds to APPEND. */
    void addLabel(KernelIdentity kernel) {
        String path = board.definition().boot().menu();
        String text = new String(board.files().read(path), StandardCharsets.ISO_8859_1);
        ExtlinuxMenu menu = ExtlinuxMenu.parse(path + " on " + board.name(), text);
        String edited = menu.withLabel(block(menu, kernel)).text();
        board.changes()
                .make(
                        "label %s in %s".formatted(label(), path),
                        new Undo.RemoveLabel(Undo.Where.BOARD, path, label(), text),
                        () -> board.files().write(path, edited.getBytes(StandardCharsets.ISO_8859_1)));
    }

    private String block(ExtlinuxMenu menu, KernelIdentity kernel) {
        String safe = board.definition().boot().safe();
        String indent = "\t";
        List<String> lines = new ArrayList<>();
        for (String raw : menu.block(safe)) {
            String line = raw.stripTrailing();
            String keyword = line.strip().split("\\s+", 2)[0].toUpperCase(Locale.ROOT);
            switch (keyword) {
                case "LABEL" -> lines.add("LABEL " + label());
                case "MENU" -> lines.add(indent + "MENU LABEL %s (hil: %s)".formatted(label(), kernel.release()));
                case "LINUX", "KERNEL" -> lines.add(indent + keyword + " " + image);
                case "INITRD" -> {
                    if (initramfs != null) {
                        lines.add(indent + "INITRD " + initramfs);
                    }
                }
                case "APPEND" -> lines.add(indent + "APPEND " + append(menu.entry(safe)));
                default -> lines.add(line);
            }
        }
        boolean namesInitramfs = menu.entry(safe).initrd().isPresent();
        if (initramfs != null && !namesInitramfs) {
            lines.add(indent + "INITRD " + initramfs);
        }
        return String.join("\n", lines) + "\n";
    }

    private String append(BootEntry safe) {
        CommandLine line = CommandLine.parse(safe.append().orElse(""));
        Optional<CommandLine> planned = board.definition().plan().append();
        if (planned.isEmpty()) {
            return line.text();
        }
        for (CommandLine.Parameter parameter : line.lacks(planned.get())) {
            line = line.with(parameter.text());
        }
        return line.text();
    }
}
