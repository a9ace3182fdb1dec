package dev.hil.plan;

import dev.hil.board.Board;
import dev.hil.board.BoardDefinition;
import dev.hil.board.KernelIdentity;
import dev.hil.board.PreflightPlan;
import dev.hil.boot.BootEntry;
import dev.hil.boot.ExtlinuxMenu;
import dev.hil.link.Command;
import dev.hil.link.ExecResult;
import dev.hil.link.FileTransfer;
import dev.hil.link.InfrastructureException;
import dev.hil.link.LocalShell;
import dev.hil.link.Recording;
import dev.hil.link.Sha256;
import dev.hil.link.Shell;
import dev.hil.link.SshConfig;
import dev.hil.link.SshShell;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Steps 0.2 and 0.3 of an iter6-style plan: what the plan will overwrite is put by on the board <em>and</em> on a second
 * machine, since the one may not come back. Names hold a checksum of the content: what is in both places already is not
 * copied again, and no backup ever replaces another. Backups are evidence: no run takes them away.
 */
public final class Backups {
    private static final Duration LIMIT = Duration.ofMinutes(10);
    private static final long LARGEST = 4L << 30;
    private static final int MANIFEST = 8 << 20;
    private static final String FOLDER_KEY = "preflight.backup.folder";
    private static final String HOST_KEY = "preflight.backup.host";

    /** Each module with its checksum, and what they take on the disk. */
    private static final String LIST_MODULES =
            "for d; do [ -d \"$d\" ] || { echo \"no such directory: $d\" >&2; exit 3; }; done;"
                    + " find \"$@\" -type f -name '*.ko*' -exec sha256sum -- {} \\; && du -sk \"$@\"";

    private static final String PACK = "umask 077; cd -- \"$1\" || exit; n=$2; shift 2;"
            + " tar -cf \"$n.hil-part\" \"$@\" && mv -f -- \"$n.hil-part\" \"$n\" && sync";

    /** The content is proven by the checksum that is compared afterwards. */
    private static final String COPY =
            "umask 077; as_root cat -- \"$1\" > \"$2.hil-part\" || exit;" + " mv -f -- \"$2.hil-part\" \"$2\" && sync";

    /** GNU tar hands each member to a program, so that nothing of a hostile archive is written here. */
    private static final String MEMBERS = "tar -xf \"$1\" --to-command='printf \"%s  \" \"$(sha256sum | cut -c1-64)\";"
            + " printf \"%s\\n\" \"$TAR_FILENAME\"'";

    private static final Pattern SUM_LINE = Pattern.compile("\\\\?([0-9a-f]{64})  (/.+)");
    private static final Pattern DU_LINE = Pattern.compile("(\\d{1,12})\\s+/.*");
    private static final Pattern MEMBER = Pattern.compile("([0-9a-f]{64})  (.+)");

    private final Board board;
    private final PreflightPlan.Backup plan;

    private Backups(Board board) {
        this.board = board;
        BoardDefinition definition = board.definition();
        this.plan = definition
                .preflight()
                .backup()
                .orElseThrow(() -> new InfrastructureException(
                        ("%s has no [preflight.backup], so nothing would be put by before the kernel is touched. Write for"
                                        + " instance preflight.backup.modules = [\"/lib/modules/{safe}/kernel/drivers/media\"];"
                                        + " where there is nothing worth keeping, modules = [] and boot = [].")
                                .formatted(definition.file())));
    }

    /**
     * Puts the definition's module directories by.
     *
     * @throws InfrastructureException saying which machine, folder or file is in the way; what it could not do it has not
     *     half done
     */
    public static Backup modules(Board board) {
        return new Backups(board).inBothPlaces(Backups::modules);
    }

    /** As {@link #modules}, for the kernels, initramfs and device trees that the board can go back to. */
    public static Backup boot(Board board) {
        return new Backups(board).inBothPlaces(Backups::boot);
    }

    /** Both places are looked at before anything is written to either. */
    private Backup inBothPlaces(Work work) {
        Shell shell = second();
        try {
            BackupPlace there = open(shell);
            BackupPlace here = BackupPlace.open(board.shell(), plan.folder());
            if (here.bootId().equals(there.bootId())) {
                throw new InfrastructureException(
                        "%s: the second host %s is the board itself, so both copies would be lost together. Name another, or none for this lab host."
                                .formatted(at(HOST_KEY), shell.name()));
            }
            List<Backup.Kept> files = work.run(this, here, there);
            Backup backup = new Backup(
                    files,
                    "%s:%s".formatted(board.name(), here.folder()),
                    "%s:%s".formatted(shell.name(), there.folder()));
            for (Backup.Kept file : files) {
                Map<String, Object> line = new LinkedHashMap<>();
                line.put("of", file.of());
                line.put("sha256", file.sha256());
                line.put("board", here.path(file.name()));
                line.put("second", "%s:%s".formatted(shell.name(), there.path(file.name())));
                line.put("fresh", file.fresh());
                board.evidence().json("backups.jsonl", line);
            }
            board.evidence().event("backup", backup.toString());
            return backup;
        } finally {
            if (shell instanceof SshShell ssh) {
                ssh.close();
            }
        }
    }

    private interface Work {
        List<Backup.Kept> run(Backups backups, BackupPlace here, BackupPlace there);
    }

    private String at(String key) {
        return board.definition().at(key);
    }

    private Shell second() {
        if (plan.host().isEmpty()) {
            return new LocalShell();
        }
        try {
            return new SshShell(
                    board.definition()
                            .ssh()
                            .config()
                            .map(SshConfig::ofFile)
                            .orElseGet(SshConfig::ofUser)
                            .resolve(plan.host().get()),
                    false);
        } catch (InfrastructureException e) {
            throw away(e);
        }
    }

    private BackupPlace open(Shell shell) {
        String folder = plan.hostFolder()
                .orElseGet(() -> plan.host().isPresent()
                        ? "~/hil-backups/" + board.name()
                        : board.evidence()
                                .home()
                                .resolve(board.name())
                                .resolve("backups")
                                .toAbsolutePath()
                                .toString());
        try {
            return BackupPlace.open(shell, folder);
        } catch (InfrastructureException e) {
            throw plan.host().isPresent() ? away(e) : e;
        }
    }

    private InfrastructureException away(InfrastructureException cause) {
        return new InfrastructureException(
                ("%s: the backup host %s is away: %s. Nothing was written anywhere. Start it, name another one, or leave host"
                                + " out: the second copy then lies on this lab host.")
                        .formatted(at(HOST_KEY), plan.host().orElse(""), cause.getMessage()),
                cause);
    }

    private List<Backup.Kept> modules(BackupPlace here, BackupPlace there) {
        if (plan.modules().isEmpty()) {
            return List.of();
        }
        List<String> directories = plan.modules().stream().map(this::resolved).toList();
        ExecResult listed = board.exec(Command.script(LIST_MODULES, directories.toArray(String[]::new))
                .timeout(LIMIT)
                .maxOutput(MANIFEST));
        if (!listed.ok()) {
            throw new InfrastructureException("%s: the modules of %s cannot be read: %s"
                    .formatted(
                            at("preflight.backup.modules"),
                            board.name(),
                            Recording.clean(listed.stderr()).strip()));
        }
        Map<String, String> manifest = new TreeMap<>();
        long kib = 0;
        for (String line : listed.text().lines().toList()) {
            Matcher sum = SUM_LINE.matcher(line);
            Matcher size = DU_LINE.matcher(line);
            if (sum.matches()) {
                manifest.put(sum.group(2), sum.group(1));
            } else if (size.matches()) {
                kib += Long.parseLong(size.group(1));
            }
        }
        if (manifest.isEmpty()) {
            throw new InfrastructureException("%s: there is no module in %s of %s: nothing would be put by"
                    .formatted(at("preflight.backup.modules"), String.join(", ", directories), board.name()));
        }
        String sums = manifest.toString();
        String name = "modules-%s.tar".formatted(Sha256.of(sums).substring(0, 12));
        long bytes = kib << 10;
        List<String> arguments = new ArrayList<>(List.of(here.folder(), name));
        arguments.addAll(directories);
        Runnable pack = () -> board.exec(
                        Command.script(PACK, arguments.toArray(String[]::new)).timeout(LIMIT))
                .orThrow();
        return List.of(keep(
                new Item(name, String.join(" ", directories), bytes, pack, copy -> whole(copy, manifest)),
                here,
                there));
    }

    /** {@code {safe}} and {@code {test}} in a path. */
    private String resolved(String path) {
        return release(
                release(
                        path,
                        "{safe}",
                        board.definition().boot().safe(),
                        board.definition().plan().safeRelease()),
                "{test}",
                board.definition().boot().test(),
                board.definition().plan().release());
    }

    private String release(String path, String word, String label, Optional<String> planned) {
        if (!path.contains(word)) {
            return path;
        }
        String release = board.expectedKernel(label)
                .map(KernelIdentity::release)
                .or(() -> planned)
                .orElseThrow(() -> new InfrastructureException(
                        "%s: the release of label %s is not known, so %s cannot be told. Write plan.release and plan.safe_release, or the whole path."
                                .formatted(at("preflight.backup.modules"), label, path)));
        return path.replace(word, release);
    }

    private List<Backup.Kept> boot(BackupPlace here, BackupPlace there) {
        List<Backup.Kept> kept = new ArrayList<>();
        for (String file : plan.boot().orElseGet(this::safeFiles)) {
            ExecResult size =
                    board.exec(Command.of("stat", "-L", "-c", "%s", "--", file).root());
            if (!size.ok() || !size.text().matches("\\d{1,15}")) {
                throw new InfrastructureException("%s: %s of %s cannot be looked at: %s"
                        .formatted(
                                at("preflight.backup.boot"),
                                file,
                                board.name(),
                                Recording.excerpt(size.stderr().strip())));
            }
            String sum = FileTransfer.sha256(board.shell(), file, LIMIT, true);
            String plain = file.substring(file.lastIndexOf('/') + 1).replaceAll("[^A-Za-z0-9._+-]", "_");
            String name = "%s-%s.bkp".formatted(plain, sum.substring(0, 12));
            Runnable copy = () -> board.exec(
                            Command.rootScript(COPY, file, here.path(name)).timeout(LIMIT))
                    .orThrow();
            kept.add(keep(
                    new Item(
                            name,
                            file,
                            Long.parseLong(size.text()),
                            copy,
                            local -> sumOf(local).equals(sum)
                                    ? Optional.empty()
                                    : Optional.of("the copy of %s has another checksum than the file".formatted(file))),
                    here,
                    there));
        }
        return kept;
    }

    private List<String> safeFiles() {
        String menu = board.definition().boot().menu();
        BootEntry safe = ExtlinuxMenu.parse(
                        "%s on %s".formatted(menu, board.name()),
                        new String(board.files().read(menu), StandardCharsets.ISO_8859_1))
                .entry(board.definition().boot().safe());
        return safe.files();
    }

    /**
     * Something to be put by.
     *
     * @param name in both places
     * @param of what it is
     * @param bytes about how large
     * @param make puts it into the board's folder
     * @param fault what is wrong with a copy of it on this host; empty where it is what it should be
     */
    private record Item(String name, String of, long bytes, Runnable make, Function<Path, Optional<String>> fault) {}

    private Backup.Kept keep(Item item, BackupPlace here, BackupPlace there) {
        Optional<String> second = there.verified(item.name());
        Optional<String> first = here.sum(item.name());
        if (first.isEmpty()) {
            here.requireRoom(item.bytes(), at(FOLDER_KEY));
            item.make().run();
            first = here.sum(item.name());
        }
        if (first.isPresent() && first.equals(second)) {
            return new Backup.Kept(item.name(), item.of(), first.get(), false);
        }
        there.requireRoom(item.bytes(), at("preflight.backup.host_folder"));
        Path copy = copy(item, here);
        try {
            String sum = sumOf(copy);
            there.shell().push(copy, there.path(item.name()));
            if (!there.sum(item.name()).equals(Optional.of(sum))) {
                throw new InfrastructureException("%s in %s on %s has another checksum than on the board"
                        .formatted(item.name(), there.folder(), there.shell().name()));
            }
            there.note(item.name(), sum);
            here.note(item.name(), sum);
            return new Backup.Kept(item.name(), item.of(), sum, true);
        } finally {
            delete(copy);
        }
    }

    /** A copy on this host whose content is proven; what lies on the board is made once more where it is not. */
    private Path copy(Item item, BackupPlace here) {
        Path copy = board.evidence().folder("backups").resolve(item.name());
        String wrong = "";
        for (int attempt = 0; attempt < 2; attempt++) {
            if (attempt > 0) {
                board.evidence().event("backup", "%s is made again: %s".formatted(item.name(), wrong));
                here.remove(item.name());
                item.make().run();
            }
            board.shell().pull(here.path(item.name()), copy, LARGEST);
            Optional<String> fault = item.fault().apply(copy);
            if (fault.isEmpty()) {
                return copy;
            }
            wrong = fault.get();
        }
        delete(copy);
        throw new InfrastructureException("the backup %s on %s is not what it should be: %s"
                .formatted(here.path(item.name()), board.name(), wrong));
    }

    /** Whether an archive holds each module of a manifest, with its checksum. */
    private static Optional<String> whole(Path archive, Map<String, String> manifest) {
        ExecResult result = new LocalShell()
                .exec(Command.script(MEMBERS, archive.toString()).timeout(LIMIT).maxOutput(MANIFEST));
        if (!result.ok()) {
            return Optional.of(
                    "tar cannot read it: " + Recording.excerpt(result.stderr().strip()));
        }
        Map<String, String> members = new TreeMap<>();
        for (String line : result.text().lines().toList()) {
            Matcher member = MEMBER.matcher(line);
            if (member.matches()) {
                members.put("/" + member.group(2).replaceFirst("^[./]+", ""), member.group(1));
            }
        }
        return manifest.entrySet().stream()
                .filter(module -> !module.getValue().equals(members.get(module.getKey())))
                .findFirst()
                .map(module -> "%s is not in it as it is on the board".formatted(module.getKey()));
    }

    private static String sumOf(Path file) {
        try {
            return Sha256.of(file);
        } catch (IOException e) {
            throw new InfrastructureException("cannot read %s: %s".formatted(file, e), e);
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new InfrastructureException("cannot remove %s: %s".formatted(file, e), e);
        }
    }
}
