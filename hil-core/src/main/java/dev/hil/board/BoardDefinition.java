package dev.hil.board;

import dev.hil.link.LineAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Everything hil must know of a board, from its TOML file.
 *
 * @param name the board's name; the same as the file's
 * @param file the file it was read from
 * @param provider who brings the board up: {@code ssh} for one that is simply there, {@code virtual} for the emulated one
 * @param capture the channel trusted to survive a reset
 * @param ssh how to log in
 * @param console the serial line, where there is one
 * @param boot the boot menu
 * @param ramoops where the kernel keeps its last words, where it does
 * @param kernel source and build of the kernel under test, where hil builds it
 * @param attended what needs a person's consent
 * @param virtual how to start it, where it is the emulated board
 * @param knownIssues the findings that are known already, in the form of {@link dev.hil.klog.KnownIssues}
 * @param smokes commands that exercise the kernel, by name
 * @param machine what kind of machine it is
 * @param plan what is to become of its kernel
 * @param preflight what is looked at and put by before its kernel is touched
 * @param estimates how long the phases of the plan are thought to take, by the plan's numbers, such as {@code 2.1}
 * @param accepted findings of the linter that the owner has looked at: rule and why it is accepted
 * @param positions where each key stands, {@code ramoops.address} and the like: {@code FILE:LINE:COLUMN}
 */
public record BoardDefinition(
        String name,
        Path file,
        String provider,
        Capture capture,
        Ssh ssh,
        Optional<Serial> console,
        BootMenu boot,
        Optional<Ramoops> ramoops,
        Optional<Kernel> kernel,
        Attended attended,
        Virtual virtual,
        Optional<Path> knownIssues,
        Map<String, Smoke> smokes,
        Machine machine,
        KernelPlan plan,
        PreflightPlan preflight,
        Map<String, Duration> estimates,
        Map<String, String> accepted,
        Map<String, String> positions) {

    /** The channel that a board's definition trusts to survive a reset. */
    public enum Capture {
        SERIAL,
        RAMOOPS
    }

    /**
     * How to log in.
     *
     * @param host whatever {@code ssh HOST} means to OpenSSH
     * @param sudo whether commands that need root's rights go through {@code sudo -n}
     * @param config an OpenSSH configuration in place of the user's own ({@code ssh -F}), such as a lab keeps for all
     */
    public record Ssh(String host, boolean sudo, Optional<Path> config) {}

    /**
     * A serial line.
     *
     * @param address a port of the lab host, or of a terminal server
     * @param baud bits per second
     */
    public record Serial(LineAddress address, int baud) {}

    /**
     * The boot menu.
     *
     * @param menu path of extlinux.conf on the board
     * @param safe the label to go back to
     * @param test the label of the kernel under test
     * @param timeout how long a reboot may take until ssh answers
     * @param uboot U-Boot's prompt, where it may be stopped over the console when a test asks for it
     */
    public record BootMenu(String menu, String safe, String test, Duration timeout, Optional<String> uboot) {}

    /**
     * What kind of machine it is.
     *
     * @param arch as in the kernel's arch/, such as {@code arm64}
     * @param soc such as {@code rk3588}
     */
    public record Machine(Optional<String> arch, Optional<String> soc) {}

    /**
     * The reserved memory of ramoops. Sizes are in bytes; one that is not given is not known.
     *
     * @param address physical address
     * @param size of the whole region
     * @param declared how the kernel learns of it
     * @param record size of a dump record
     * @param console size of the console's ring
     * @param ftrace size of the function trace
     * @param pmsg size of what user space writes
     * @param ecc bytes of error correction for each block
     * @param survives the kinds of reset that it was proven to survive on this board
     */
    public record Ramoops(
            long address,
            long size,
            Declared declared,
            Optional<Long> record,
            Optional<Long> console,
            Optional<Long> ftrace,
            Optional<Long> pmsg,
            Optional<Long> ecc,
            Optional<List<String>> survives) {

        /** How the kernel learns of the region. */
        public enum Declared {
            /** By a node of /reserved-memory, which reserves it too. */
            DEVICE_TREE("device-tree"),
            /** By {@code ramoops.mem_address}, which reserves nothing. */
            COMMAND_LINE("command-line"),
            /** By {@code reserve_mem=} and {@code ramoops.mem_name}. */
            RESERVE_MEM("reserve_mem");

            private final String word;

            Declared(String word) {
                this.word = word;
            }

            /** As in a definition. */
            public String word() {
                return word;
            }
        }

        /** A region of a device-tree node of which nothing more is known. */
        public Ramoops(long address, long size) {
            this(
                    address,
                    size,
                    Declared.DEVICE_TREE,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty());
        }
    }

    /**
     * The kernel under test.
     *
     * @param tree its source, a git work tree
     * @param build the object directory ({@code O=}); empty where it is built in the tree
     * @param place where tree and compiler are
     * @param make arguments given to each make
     * @param environment variables set for each make
     * @param series the folder with the patch series
     * @param test how the kernel under test is built from it and installed
     */
    public record Kernel(
            String tree,
            Optional<String> build,
            BuildPlace place,
            List<String> make,
            Map<String, String> environment,
            Path series,
            Test test) {

        /** Whether tree and objects are files of the board; else they are files of this host. */
        public boolean onBoard() {
            return place instanceof BuildPlace.OnBoard;
        }

        /** This kernel built in another object directory, with further arguments of make. */
        public Kernel in(Optional<String> objects, List<String> more) {
            List<String> arguments = new ArrayList<>(make);
            arguments.addAll(more);
            return new Kernel(tree, objects, place, List.copyOf(arguments), environment, series, test);
        }
    }

    /**
     * How a whole kernel is built and installed.
     *
     * @param label the boot label that is added for it; empty where it is {@code boot.test}
     * @param make further arguments of make, after those for every build
     * @param goals what make is asked for; the first names the image, a file of arch/ARCH/boot
     * @param initramfs the program that makes an initramfs
     * @param seed an object directory to begin from, so that not all of it is compiled again; empty where the object
     *     directory is the developer's own
     */
    public record Test(
            Optional<String> label, List<String> make, List<String> goals, Initramfs initramfs, Optional<String> seed) {
        /** As a definition without {@code [kernel.test]} has it. */
        public static final Test DEFAULT =
                new Test(Optional.empty(), List.of(), List.of("Image", "modules"), Initramfs.NONE, Optional.empty());

        /** These settings with an object directory to begin from. */
        public Test from(String objects) {
            return new Test(label, make, goals, initramfs, Optional.of(objects));
        }
    }

    /** The programs that make an initramfs on the board. */
    public enum Initramfs {
        NONE("none"),
        MKINITCPIO("mkinitcpio"),
        DRACUT("dracut"),
        INITRAMFS_TOOLS("initramfs-tools");

        private final String word;

        Initramfs(String word) {
            this.word = word;
        }

        /** As in a definition. */
        public String word() {
            return word;
        }
    }

    /**
     * What needs a person's consent.
     *
     * @param askBeforeReboot someone may be using the board
     */
    public record Attended(boolean askBeforeReboot) {}

    /**
     * The emulated board.
     *
     * @param recipe the program that prepares it
     * @param sshPort the loopback port for its ssh server; 0 for any free one
     */
    public record Virtual(Path recipe, int sshPort) {}

    /**
     * A command that exercises the kernel and proves that it did.
     *
     * @param command run by the board's shell
     * @param frame a regular expression that a line of output matches for each frame; or, with a group, whose number in
     *     the last match is the count
     * @param frames the least number of frames
     * @param timeout the most time
     * @param root whether it runs with root's rights; sudo must then allow {@code sh}, which is everything
     */
    public record Smoke(String name, String command, String frame, int frames, Duration timeout, boolean root) {}

    /** Where a key stands, for messages: {@code FILE:LINE:COLUMN}; the nearest table or the file where it is not there. */
    public String at(String key) {
        String above = key;
        while (!positions.containsKey(above)) {
            int point = above.lastIndexOf('.');
            if (point < 0) {
                return file.toString();
            }
            above = above.substring(0, point);
        }
        return positions.get(above);
    }

    /** The smoke command of a name, or an error that names the ones there are. */
    public Smoke smoke(String wanted) {
        Smoke smoke = smokes.get(wanted);
        if (smoke == null) {
            throw new DefinitionException(
                    "%s: there is no [smoke.%s]; there are %s. Add it with command, frame and frames."
                            .formatted(file, wanted, smokes.isEmpty() ? "none" : String.join(", ", smokes.keySet())));
        }
        return smoke;
    }

    /** This definition with what only a running board knows. */
    public BoardDefinition withKernel(Kernel actual) {
        return with(Optional.of(actual), plan);
    }

    /**
     * This definition with another series.
     *
     * @param wanted the name of a folder beside the definition's series, or a path; the same definition where it is empty
     * @throws DefinitionException naming the series there are
     */
    public BoardDefinition withSeries(String wanted) {
        if (wanted.isBlank() || kernel.isEmpty()) {
            return this;
        }
        Path usual = kernel.get().series();
        Path folder = usual.resolveSibling(wanted).normalize();
        if (!Files.isRegularFile(folder.resolve("series"))) {
            throw new DefinitionException("-Dhil.series=%s: %s holds no file named series; beside it there are %s"
                    .formatted(wanted, folder, seriesBeside(usual)));
        }
        Kernel other = kernel.get();
        return withKernel(new Kernel(
                other.tree(), other.build(), other.place(), other.make(), other.environment(), folder, other.test()));
    }

    private static String seriesBeside(Path usual) {
        try (Stream<Path> all = Files.list(usual.toAbsolutePath().getParent())) {
            return all.filter(folder -> Files.isRegularFile(folder.resolve("series")))
                    .map(folder -> folder.getFileName().toString())
                    .sorted()
                    .collect(Collectors.joining(", "));
        } catch (IOException e) {
            return "(" + e + ")";
        }
    }

    /** This definition with another plan. */
    public BoardDefinition withPlan(KernelPlan actual) {
        return with(kernel, actual);
    }

    private BoardDefinition with(Optional<Kernel> actualKernel, KernelPlan actualPlan) {
        return new BoardDefinition(
                name,
                file,
                provider,
                capture,
                ssh,
                console,
                boot,
                ramoops,
                actualKernel,
                attended,
                virtual,
                knownIssues,
                smokes,
                machine,
                actualPlan,
                preflight,
                estimates,
                accepted,
                positions);
    }
}
