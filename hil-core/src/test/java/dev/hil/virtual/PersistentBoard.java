package dev.hil.virtual;

import dev.hil.board.BoardDefinitions;
import dev.hil.board.BoardProvider;
import dev.hil.board.Boot;
import dev.hil.junit.PlanProcess;
import dev.hil.link.Command;
import dev.hil.link.Deadline;
import dev.hil.link.KnockPace;
import dev.hil.link.LocalShell;
import dev.hil.link.Sha256;
import dev.hil.link.Shell;
import dev.hil.link.ShellQuote;
import dev.hil.link.SshConfig;
import dev.hil.link.SshShell;
import dev.hil.link.TcpProxy;
import dev.hil.record.Evidence;
import dev.hil.record.Lease;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * An emulated board that outlives the runs on it, as a board on a desk does: this process keeps it, and runs in other
 * processes reach it by ssh, through a line that can be cut. Either with a kernel tree of one small module, which builds
 * in two seconds against the kernel that the board runs; or with that of the emulated board, for the plan of hil-tests.
 */
final class PersistentBoard implements AutoCloseable {
    private static final String TINY = "rec";
    private static final String OF_THE_PLAN = "virtual";
    /** How long runs wait for the board to come back, unless told otherwise: it shares the processors with a build. */
    static final String PATIENCE = "90s";

    private static final Duration BOOT = Duration.ofMinutes(3);
    private static final String MODULE = "drivers/hil/hil_tiny.ko";
    private static final String SOURCE = """
            #include <linux/module.h>

            static int answer = 1;
            module_param(answer, int, 0444);

            MODULE_DESCRIPTION("as small as a module can be");
            MODULE_LICENSE("GPL");
            """;
    private static final String PATCH = """
            From: hil <hil@localhost>
            Subject: [PATCH] hil: tiny: answer 2

            --- a/drivers/hil/hil_tiny.c
            +++ b/drivers/hil/hil_tiny.c
            @@ -1,6 +1,6 @@
             #include <linux/module.h>
            \s
            -static int answer = 1;
            +static int answer = 2;
             module_param(answer, int, 0444);
            \s
             MODULE_DESCRIPTION("as small as a module can be");
            --- /dev/null
            +++ b/drivers/hil/NOTES
            @@ -0,0 +1 @@
            +it answers 2
            """;

    private static final String PATCH_2 = """
            From: hil <hil@localhost>
            Subject: [PATCH] hil: tiny: answer 3

            --- a/drivers/hil/hil_tiny.c
            +++ b/drivers/hil/hil_tiny.c
            @@ -1,6 +1,6 @@
             #include <linux/module.h>
            \s
            -static int answer = 2;
            +static int answer = 3;
             module_param(answer, int, 0444);
            \s
             MODULE_DESCRIPTION("as small as a module can be");
            """;

    private final Path folder;
    private final PreparedBoard prepared;
    private final VirtualMachine machine;
    private final TcpProxy line;
    private final SshShell direct;
    private final Path tree;
    private final String name;
    private final Optional<Lease> claimed;
    private final Path services;

    /** With one small module. */
    static PersistentBoard tiny(Path folder) throws IOException {
        PersistentBoard board = new PersistentBoard(folder, TINY);
        board.makeTree();
        board.define(PATIENCE);
        board.awaitBoot("");
        board.prepareDisk();
        return board;
    }

    /** With the emulated board's own kernel tree, which nobody else can use meanwhile. */
    static PersistentBoard ofThePlan(Path folder) throws IOException {
        PersistentBoard board = new PersistentBoard(folder, OF_THE_PLAN);
        Shell host = new LocalShell(board.tree);
        host.exec("git", "reset", "--quiet", "--hard").orThrow();
        host.exec("git", "clean", "--quiet", "--force", "-d", "-x").orThrow();
        board.sshConfig(OF_THE_PLAN, board.line.port());
        board.awaitBoot("");
        return board;
    }

    private PersistentBoard(Path folder, String name) throws IOException {
        this.folder = folder;
        this.name = name;
        this.services = services(folder);
        Evidence evidence = Evidence.start(folder.resolve("keeper"), "keeper", System.out);
        prepared =
                Recipe.prepare(BoardDefinitions.find().get("virtual").virtual().recipe(), evidence);
        boolean tiny = name.equals(TINY);
        tree = tiny ? folder.resolve("tree") : prepared.path("kernel.tree");
        claimed = tiny
                ? Optional.empty()
                : Optional.of(Lease.take(
                        prepared.path("kernel.lock"),
                        "the kernel tree of the emulated board",
                        "RecoveryIT",
                        Lease.waitFromProperties()));
        machine = new VirtualMachine(prepared, 0, evidence, new Leftovers(folder.resolve("keeper")));
        machine.on();
        line = new TcpProxy(machine.sshPort());
        line.listen(false);
        direct = new SshShell(
                SshConfig.ofFile(sshConfig("direct", machine.sshPort())).resolve("direct"), false);
    }

    String name() {
        return name;
    }

    /** What {@link PlanProcess} is to run. */
    List<String> plan() {
        return name.equals(TINY)
                ? List.of("Install", "Base", "First")
                : List.of(classesOfThePlan().toString());
    }

    private Path classesOfThePlan() {
        Path classes = boards().resolve("../../hil-tests/target/test-classes")
                .toAbsolutePath()
                .normalize();
        if (!Files.isDirectory(classes)) {
            throw new IllegalStateException("the plan is not compiled, %s: ./mvnw test-compile".formatted(classes));
        }
        return classes;
    }

    /** What processes that work on the board need of the JVM. */
    List<String> options() {
        return name.equals(TINY)
                ? List.of("-Dhil.boards=" + boards(), "-cp", System.getProperty("java.class.path"))
                : List.of(
                        "-Dhil.boards=" + boards(),
                        "-D" + KeptBoardProvider.PROPERTY + "=" + folder.resolve("ssh-" + name),
                        "-cp",
                        String.join(
                                File.pathSeparator,
                                services.toString(),
                                System.getProperty("java.class.path"),
                                classesOfThePlan().toString()));
    }

    /** Before the class path of the tests, so that a plan for the emulated board finds the one that is kept. */
    private static Path services(Path folder) throws IOException {
        Path services = Files.createDirectories(folder.resolve("services/META-INF/services"));
        Files.writeString(services.resolve(BoardProvider.class.getName()), KeptBoardProvider.class.getName());
        return folder.resolve("services");
    }

    private Path sshConfig(String alias, int port) throws IOException {
        return Files.writeString(folder.resolve("ssh-" + alias), VirtualBoardProvider.sshConfig(alias, prepared, port));
    }

    /** A tree that hands its modules to the kernel's own Makefile, with the build that made the board's kernel. */
    private void makeTree() throws IOException {
        Path drivers = Files.createDirectories(tree.resolve("drivers/hil"));
        Files.writeString(drivers.resolve("hil_tiny.c"), SOURCE);
        Files.writeString(drivers.resolve("Makefile"), "obj-m := hil_tiny.o\n");
        Files.writeString(
                tree.resolve(".gitignore"), "*.o\n*.ko\n*.mod\n*.mod.c\n.*.cmd\nModule.symvers\nmodules.order\n");
        String arguments = prepared.list("kernel.make").stream()
                .map(argument -> ShellQuote.quote(argument).replace("$", "$$"))
                .collect(Collectors.joining(" "));
        String environment = prepared.assignments("kernel.env").entrySet().stream()
                .map(variable -> "export %s := %s%n".formatted(variable.getKey(), variable.getValue()))
                .collect(Collectors.joining());
        Files.writeString(tree.resolve("Makefile"), """
                %sKERNEL = +$(MAKE) MAKEFLAGS= -C %s M='$(CURDIR)/$(M)' %s
                kernelrelease:
                \t@echo %s
                modules:
                \t$(KERNEL) modules
                modules_install:
                \t$(KERNEL) INSTALL_MOD_PATH='$(INSTALL_MOD_PATH)' INSTALL_MOD_DIR='$(INSTALL_MOD_DIR)' \
                INSTALL_MOD_STRIP=1 DEPMOD=true modules_install
                """.formatted(
                        environment,
                        ShellQuote.quote(prepared.text("kernel.build")),
                        arguments,
                        prepared.text("kernel.lockdep.release")));
        Shell git = new LocalShell(tree);
        git.exec("git", "init", "-q").orThrow();
        git.exec("git", "add", "-A").orThrow();
        git.exec("git", "-c", "user.name=hil", "-c", "user.email=hil@localhost", "commit", "-qm", "tiny")
                .orThrow();
        Path series = Files.createDirectories(folder.resolve("series"));
        Files.writeString(series.resolve("0001-tiny.patch"), PATCH);
        Files.writeString(series.resolve("0002-tiny.patch"), PATCH_2);
        Files.writeString(
                series.resolve("series"),
                "0001-tiny.patch   # hil: modules=drivers/hil\n0002-tiny.patch   # hil: modules=drivers/hil\n");
    }

    /**
     * Writes its definition.
     *
     * @param patience how long a run waits for it to come back
     */
    void define(String patience) throws IOException {
        if (!name.equals(TINY)) {
            return;
        }
        Path config = sshConfig(name, line.port());
        Path boards = Files.createDirectories(folder.resolve("boards"));
        Files.writeString(boards.resolve(name + ".toml"), """
                name = "%s"
                capture = "ramoops"
                [ssh]
                host = "%s"
                config = "%s"
                [boot]
                menu = "/boot/extlinux/extlinux.conf"
                safe = "safe"
                test = "lockdep"
                timeout = "%s"
                [ramoops]
                address = 0x50000000
                size = 0x100000
                [kernel]
                tree = "%s"
                where = "host"
                series = "../series"
                """.formatted(name, name, config, patience, tree));
    }

    /** The board has the module already, unpatched, and a folder that the run will change. */
    private void prepareDisk() {
        String release = prepared.text("kernel.lockdep.release");
        Shell host = new LocalShell(tree);
        host.exec(Command.of("make", "M=drivers/hil", "modules").timeout(Duration.ofMinutes(2)))
                .orThrow();
        String modules = "/lib/modules/" + release + "/kernel/drivers/hil";
        direct.exec("mkdir", "-p", modules, PlanProcess.OLD_TREE + "/kernel").orThrow();
        direct.push(tree.resolve(MODULE), modules + "/hil_tiny.ko");
        direct.exec(Command.script(
                        "echo kernel/drivers/hil/hil_tiny.ko: >> \"/lib/modules/$1/modules.dep\";"
                                + " echo old > \"$2/kernel/m.ko\"; echo dep > \"$2/modules.dep\"; sync",
                        release,
                        PlanProcess.OLD_TREE))
                .orThrow();
    }

    /** Where the definition of the board lies. */
    private Path boards() {
        return name.equals(TINY)
                ? folder.resolve("boards")
                : BoardDefinitions.find().folder();
    }

    /** The line between runs and the board. */
    TcpProxy line() {
        return line;
    }

    /** Takes the board's power away and gives it back; does not wait for it to come up. */
    void cutPower() {
        machine.off();
        machine.on();
    }

    /** Waits until the board answers, whichever boot it is in by then. */
    final Boot awaitBoot(String otherThan) {
        return direct.reconnect(
                Deadline.in(BOOT),
                () -> KnockPace.UNKNOWN,
                shell -> Optional.of(Boot.read(shell)).filter(boot -> !boot.id().equals(otherThan)));
    }

    /** Does something to the board behind the back of any run. */
    void exec(String script) {
        direct.exec(Command.script(script)).orThrow();
    }

    /** Crashes the kernel, so that pstore has records to lose. */
    void crash() {
        String before = awaitBoot("").id();
        direct.exec(Command.script("sync; (usleep 100000; echo c > /proc/sysrq-trigger) </dev/null >/dev/null 2>&1 &"))
                .orThrow();
        awaitBoot(before);
    }

    /** All that a run could have left changed: every file by its checksum, the tree, what boots. */
    Map<String, String> state() throws IOException {
        Map<String, String> state = new TreeMap<>();
        String files = direct.exec(Command.script(
                                "find /boot /lib/modules/ -type f -exec sha256sum {} +; find /boot /lib/modules/ ! -type f")
                        .timeout(Duration.ofMinutes(2)))
                .orThrow()
                .text();
        files.lines().forEach(line -> {
            int path = line.indexOf('/');
            state.put("board " + line.substring(path), line.substring(0, path).strip());
        });
        Shell host = new LocalShell(tree);
        state.put("tree commit", host.exec("git", "rev-parse", "HEAD").orThrow().text());
        state.put(
                "tree status",
                host.exec("git", "status", "--porcelain").orThrow().text());
        state.put("tree diff", host.exec("git", "diff", "HEAD").orThrow().text());
        state.put("kernel", awaitBoot("").release());
        Path config = Path.of(prepared.text("kernel.build")).resolve(".config");
        state.put("tree configuration", Files.exists(config) ? Sha256.of(config) : "");
        try (Stream<Path> left = Files.list(Path.of("/tmp"))) {
            List<String> runs = runs();
            left.map(path -> path.getFileName().toString())
                    .filter(name -> name.startsWith("hil-stage-"))
                    .filter(name -> runs.stream().anyMatch(name::contains))
                    .forEach(name -> state.put("left behind /tmp/" + name, "there"));
        }
        return state;
    }

    /** Checksums of what pstore holds on the board, but for the console record, which each boot begins anew. */
    List<String> pstore() {
        return direct.exec(Command.script(
                        "for f in /sys/fs/pstore/dmesg-*; do [ ! -f \"$f\" ] || sha256sum < \"$f\"; done"))
                .orThrow()
                .text()
                .lines()
                .map(line -> line.split(" ", 2)[0])
                .toList();
    }

    /** The home of the runs on the board. */
    Path home() {
        return folder.resolve("home");
    }

    private List<String> runs() throws IOException {
        Path runs = home().resolve(name).resolve("runs");
        if (!Files.isDirectory(runs)) {
            return List.of();
        }
        try (Stream<Path> names = Files.list(runs)) {
            return names.map(path -> path.getFileName().toString()).toList();
        }
    }

    @Override
    public void close() throws IOException {
        direct.close();
        line.close();
        machine.close();
        claimed.ifPresent(Lease::close);
    }
}
