package dev.hil.kernel;

import dev.hil.board.BoardDefinition;
import dev.hil.link.Command;
import dev.hil.link.ExecResult;
import dev.hil.link.LineCounter;
import dev.hil.link.Recording;
import dev.hil.link.Shell;
import dev.hil.link.ShellQuote;
import dev.hil.record.Evidence;
import dev.hil.record.Progress;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Builds parts of a kernel with its own Makefile, on the machine that has the tree. */
public final class KernelBuild {
    private static final Duration LIMIT = Duration.ofHours(2);
    private static final Pattern BUILD_ID = Pattern.compile("Build ID: ([0-9a-f]{8,64})");
    /** What a module may be called on its way to a board: the kernel's own names, without a step out of the folder. */
    private static final Pattern MODULE = Pattern.compile(
            "(?:[A-Za-z0-9_+@~-][A-Za-z0-9_.+@~-]*/)*[A-Za-z0-9_+@~-][A-Za-z0-9_.+@~-]*\\.ko(?:\\.[a-z0-9]{1,4})?");

    /** Of at most 64 characters, as uname has it (include/uapi/linux/utsname.h), and a folder's name below /lib/modules. */
    private static final Pattern RELEASE = Pattern.compile("[A-Za-z0-9_+~-][A-Za-z0-9_.+~-]{0,63}");

    private static final int MOST_MODULES = 20_000;
    private static final int MOST_SAID = 1500;

    /** How kbuild tells of each thing it makes (scripts/Kbuild.include, quiet_cmd): two blanks and what it does. */
    private static final Predicate<String> OBJECT =
            Pattern.compile("^  [A-Z]+ (?:\\[M\\])? *\\S").asPredicate();

    /** A distribution's configuration has 300 KB, its modules' build ids as much. */
    private static final int MOST_CONFIG = 4 << 20;

    /** /dev/null, so that there are always two files: of one alone readelf does not tell the name. */
    private static final String BUILD_IDS = "cd \"$1\" && xargs -0 readelf -n /dev/null 2>/dev/null; :";

    private final Shell shell;
    private final KernelTree tree;
    private final BoardDefinition.Kernel definition;
    private final Evidence evidence;

    public KernelBuild(Shell shell, KernelTree tree, BoardDefinition.Kernel definition, Evidence evidence) {
        this.shell = shell;
        this.tree = tree;
        this.definition = definition;
        this.evidence = evidence;
    }

    /** Where objects and {@code .config} lie. */
    public String objects() {
        return definition.build().orElse(tree.path());
    }

    /** This build with further arguments of make, which win over earlier ones of the same name. */
    public KernelBuild with(String... arguments) {
        return new KernelBuild(shell, tree, definition.in(definition.build(), List.of(arguments)), evidence);
    }

    /** The configuration that lies in the object directory. */
    public KernelConfig config() {
        String file = objects() + "/.config";
        ExecResult result = shell.exec(
                Command.of("cat", "--", file).timeout(Duration.ofMinutes(1)).maxOutput(MOST_CONFIG));
        if (!result.ok()) {
            throw new BuildException("there is no kernel configuration %s on %s: %s. Configure the tree first."
                    .formatted(file, shell.name(), result.stderr().strip()));
        }
        return KernelConfig.parse(result.stdout());
    }

    /**
     * Sets options as a person would by {@code scripts/config}, lets olddefconfig complete the configuration, and makes
     * sure that each option took.
     *
     * @param options by symbol without {@code CONFIG_}; the empty value and {@code n} mean not set
     * @throws BuildException naming each option that did not take, what was wanted and what it is
     */
    public KernelConfig configure(Map<String, String> options, String log) {
        List<String> argv = new ArrayList<>(List.of(tree.path() + "/scripts/config", "--file", objects() + "/.config"));
        new TreeMap<>(options).forEach((symbol, value) -> argv.addAll(setting(symbol, value)));
        if (!options.isEmpty()) {
            shell.exec(Command.of(argv).timeout(Duration.ofMinutes(2))).orThrow();
        }
        run(log, List.of("olddefconfig"));
        KernelConfig config = config();
        List<String> untaken = config.untaken(options);
        if (!untaken.isEmpty()) {
            throw new BuildException(
                    ("the configuration %s/.config on %s did not take: %s. Kconfig drops without a word what has an unmet"
                                    + " dependency, and keeps what another option selects: look for the symbol with / in"
                                    + " `make menuconfig`. All that was said: %s")
                            .formatted(objects(), shell.name(), String.join("; ", untaken), evidence.file(log)));
        }
        return config;
    }

    private static List<String> setting(String symbol, String value) {
        return switch (value) {
            case "y" -> List.of("--enable", symbol);
            case "m" -> List.of("--module", symbol);
            case "n", "" -> List.of("--disable", symbol);
            default ->
                value.matches("-?\\d+|0x[0-9a-fA-F]+")
                        ? List.of("--set-val", symbol, value)
                        : List.of("--set-str", symbol, value);
        };
    }

    /**
     * Builds a whole kernel.
     *
     * @param goals such as Image, modules, dtbs
     */
    public void kernel(List<String> goals, String log) {
        run(log, goals);
    }

    /**
     * The image that was built.
     *
     * @param goal its name in arch/ARCH/boot
     * @throws BuildException where it is not there, or the architecture is not known
     */
    public String image(String goal, Optional<String> machine) {
        String arch = definition.make().stream()
                .filter(argument -> argument.startsWith("ARCH="))
                .map(argument -> argument.substring("ARCH=".length()))
                .reduce((first, second) -> second)
                .or(() -> machine)
                .orElseThrow(() -> new BuildException(
                        "for which architecture the kernel is built is not known, so its image is not found: write"
                                + " machine.arch = \"arm64\", or kernel.arch"));
        String file = "%s/arch/%s/boot/%s".formatted(objects(), arch, goal);
        if (!shell.exec("test", "-f", file).ok()) {
            throw new BuildException("make %s has left no %s on %s".formatted(goal, file, shell.name()));
        }
        return file;
    }

    /**
     * Installs all modules as for a running system, but under {@code stage}.
     *
     * @return the folder that belongs into /lib/modules
     */
    public String stageAll(String stage, String log) {
        run(log, List.of("INSTALL_MOD_PATH=" + stage, "INSTALL_MOD_STRIP=1", "modules_install"));
        String folder = stage + "/lib/modules/" + release();
        // Links to tree and objects of this machine, which mean nothing on the board.
        shell.exec("rm", "-f", "--", folder + "/build", folder + "/source").orThrow();
        return folder;
    }

    /** The release that modules of this build are for, {@code make kernelrelease}. */
    public String release() {
        String last = shell.exec(make(List.of("-s", "kernelrelease")).timeout(Duration.ofMinutes(2)))
                .orThrow()
                .text()
                .lines()
                .reduce((first, next) -> next)
                .orElse("");
        if (!RELEASE.matcher(last).matches()) {
            throw new BuildException("`make kernelrelease` in %s on %s should say a release, and says \"%s\""
                    .formatted(tree.path(), shell.name(), Recording.excerpt(last)));
        }
        return last;
    }

    /**
     * Builds the modules of one directory.
     *
     * @param log the name of the evidence file for what make says
     * @throws BuildException with the last lines of make where it fails
     */
    public void modules(String directory, String log) {
        run(log, List.of("M=" + directory, "modules"));
    }

    /**
     * Installs the modules of one directory as for a running system, but under {@code stage}.
     *
     * @return the installed files, relative to {@code stage}
     */
    public List<String> stage(String directory, String stage, String log) {
        run(
                log,
                List.of(
                        "M=" + directory,
                        "INSTALL_MOD_PATH=" + stage,
                        // With M= the kernel takes them for modules from elsewhere and would put them into extra/.
                        "INSTALL_MOD_DIR=kernel/" + directory,
                        "INSTALL_MOD_STRIP=1",
                        "DEPMOD=true",
                        "modules_install"));
        return modulesBelow(stage);
    }

    /**
     * The modules below a folder of the build host, by their paths in it. NUL ends each: names may hold anything else.
     *
     * @throws BuildException where one has a name that no module has
     */
    private List<String> modulesBelow(String folder) {
        ExecResult found = shell.exec(Command.script("cd \"$1\" && find . -type f -name '*.ko*' -print0", folder)
                .timeout(Duration.ofMinutes(1)));
        List<String> names = new ArrayList<>();
        for (String name : found.orThrow().stdout().split("\0", -1)) {
            String relative = name.startsWith("./") ? name.substring(2) : name;
            if (relative.isEmpty() || isLeftByMake(relative)) {
                continue;
            }
            if (!MODULE.matcher(relative).matches()) {
                throw new BuildException("%s on %s holds \"%s\", which is no name of a module"
                        .formatted(folder, shell.name(), Recording.excerpt(relative)));
            }
            names.add(relative);
        }
        if (found.droppedBytes() > 0 || names.size() > MOST_MODULES) {
            throw new BuildException(
                    "%s on %s holds more than %d modules".formatted(folder, shell.name(), MOST_MODULES));
        }
        return names;
    }

    /** Beside m.ko: .m.ko.cmd, and while it is being linked .tmp_m.ko. */
    private static boolean isLeftByMake(String file) {
        return file.substring(file.lastIndexOf('/') + 1).startsWith(".");
    }

    /** The modules that lie built in a directory of the object tree. */
    public List<BuiltModule> built(String directory) {
        String root = objects() + "/" + directory;
        String names = String.join("\0", modulesBelow(root));
        ExecResult result = shell.exec(
                Command.script(BUILD_IDS, root).timeout(Duration.ofMinutes(5)).maxOutput(MOST_CONFIG),
                new ByteArrayInputStream(names.getBytes(StandardCharsets.UTF_8)));
        List<BuiltModule> modules = new ArrayList<>();
        String file = "";
        for (String line : result.orThrow().stdout().lines().toList()) {
            Matcher id = BUILD_ID.matcher(line);
            if (line.startsWith("File: ")) {
                file = line.substring("File: ".length()).strip();
            } else if (id.find() && MODULE.matcher(file).matches()) {
                modules.add(new BuiltModule(root + "/" + file, id.group(1)));
            }
        }
        return modules;
    }

    /** The build ids of all modules of the object tree, by module name. */
    public Map<String, String> buildIds() {
        return built(".").stream()
                .collect(Collectors.toMap(
                        BuiltModule::name, BuiltModule::buildId, (first, second) -> second, TreeMap::new));
    }

    private void run(String log, List<String> goals) {
        Path file = evidence.file(log);
        Command make = make(goals);
        String what = String.join(
                " ", goals.stream().filter(goal -> !goal.startsWith("INSTALL_")).toList());
        evidence.json("commands.jsonl", Map.of("what", "as in " + log, "command", inShell(make)));
        Progress.Phase phase = evidence.progress().begin("build", "build " + what, "make " + what);
        try (phase;
                OutputStream out = new LineCounter(
                        new BufferedOutputStream(evidence.log(log)), OBJECT, phase.counting("objects", 0))) {
            ExecResult result = shell.run(make, InputStream.nullInputStream(), out);
            out.write(result.stderr().getBytes(StandardCharsets.UTF_8));
            if (!result.ok()) {
                phase.failed();
                String said = Recording.clean(result.stderr()).strip();
                throw new BuildException("`%s` on %s failed with exit code %d: %s%nall it said: %s"
                        .formatted(
                                result.commandLine(),
                                shell.name(),
                                result.exitCode(),
                                said.substring(Math.max(0, said.length() - MOST_SAID)),
                                file));
            }
        } catch (IOException e) {
            throw new BuildException("cannot write %s: %s".formatted(file, e));
        }
    }

    private String inShell(Command make) {
        StringBuilder line = new StringBuilder();
        definition
                .environment()
                .forEach((name, value) -> line.append(name)
                        .append('=')
                        .append(ShellQuote.quote(value))
                        .append(' '));
        return line.append(make.line()).toString();
    }

    private Command make(List<String> goals) {
        List<String> argv = new ArrayList<>(List.of("make", "-C", tree.path()));
        argv.add("-j" + processors());
        definition.build().ifPresent(build -> argv.add("O=" + build));
        argv.addAll(definition.make());
        argv.addAll(goals);
        return Command.of(argv).timeout(LIMIT).environment(definition.environment());
    }

    private int processors() {
        String answer = shell.exec("nproc").orThrow().text();
        if (!answer.matches("[1-9]\\d{0,3}")) {
            throw new BuildException("nproc on %s should be a number of processors, and is \"%s\""
                    .formatted(shell.name(), Recording.excerpt(answer)));
        }
        return Integer.parseInt(answer);
    }
}
