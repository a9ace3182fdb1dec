package dev.hil.kernel;

import dev.hil.board.BoardDefinition;
import dev.hil.link.Command;
import dev.hil.link.ExecResult;
import dev.hil.link.Shell;
import dev.hil.record.Evidence;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Builds parts of a kernel with its own Makefile, on the machine that has the tree. */
public final class KernelBuild {
    private static final Duration LIMIT = Duration.ofHours(2);
    private static final Pattern BUILD_ID = Pattern.compile("Build ID: ([0-9a-f]{8,64})");

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

    /** Where objects lie. */
    private String objects() {
        return definition.build().orElse(tree.path());
    }

    /** The release that modules of this build are for, {@code make kernelrelease}. */
    public String release() {
        return shell.exec(make(List.of("-s", "kernelrelease")).timeout(Duration.ofMinutes(2)))
                .orThrow()
                .text()
                .lines()
                .reduce((first, last) -> last)
                .orElse("");
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
        return shell.exec(Command.script("cd \"$1\" && find . -type f -name '*.ko*'", stage))
                .orThrow()
                .text()
                .lines()
                .map(line -> line.replaceFirst("^\\./", ""))
                .toList();
    }

    /** The modules that lie built in a directory of the object tree. */
    public List<BuiltModule> built(String directory) {
        List<BuiltModule> modules = new ArrayList<>();
        String root = objects() + "/" + directory;
        ExecResult found = shell.exec(
                Command.script("find \"$1\" -type f -name '*.ko'", root).timeout(Duration.ofMinutes(1)));
        for (String file : found.orThrow().text().lines().toList()) {
            buildId(file).ifPresent(id -> modules.add(new BuiltModule(file, id)));
        }
        return modules;
    }

    /** The build id of an ELF file, as readelf finds it. */
    public Optional<String> buildId(String file) {
        Matcher matcher = BUILD_ID.matcher(
                shell.exec(Command.of("readelf", "-n", file)).orThrow().stdout());
        return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
    }

    private void run(String log, List<String> goals) {
        Path file = evidence.file(log);
        try (OutputStream out = new BufferedOutputStream(
                Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND))) {
            ExecResult result = shell.run(make(goals), InputStream.nullInputStream(), out);
            out.write(result.stderr().getBytes(StandardCharsets.UTF_8));
            if (!result.ok()) {
                String said = result.stderr().strip();
                throw new BuildException("`%s` on %s failed with exit code %d: %s%nall it said: %s"
                        .formatted(
                                result.commandLine(),
                                shell.name(),
                                result.exitCode(),
                                said.substring(Math.max(0, said.length() - 1500)),
                                file));
            }
        } catch (IOException e) {
            throw new BuildException("cannot write %s: %s".formatted(file, e));
        }
    }

    private Command make(List<String> goals) {
        List<String> argv = new ArrayList<>(List.of("make", "-C", tree.path()));
        argv.add("-j" + Math.max(1, processors()));
        definition.build().ifPresent(build -> argv.add("O=" + build));
        argv.addAll(definition.make());
        argv.addAll(goals);
        return Command.of(argv).timeout(LIMIT).environment(definition.environment());
    }

    private int processors() {
        return Integer.parseInt(shell.exec("nproc").orThrow().text());
    }
}
