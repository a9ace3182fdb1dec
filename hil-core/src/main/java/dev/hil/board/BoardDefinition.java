package dev.hil.board;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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
        Map<String, Smoke> smokes) {

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
     */
    public record Ssh(String host, boolean sudo) {}

    /**
     * A serial line.
     *
     * @param device such as {@code /dev/ttyUSB0}
     * @param baud bits per second
     */
    public record Serial(String device, int baud) {}

    /**
     * The boot menu.
     *
     * @param menu path of extlinux.conf on the board
     * @param safe the label to go back to
     * @param test the label of the kernel under test
     * @param timeout how long a reboot may take until ssh answers
     */
    public record BootMenu(String menu, String safe, String test, Duration timeout) {}

    /**
     * The reserved memory of ramoops.
     *
     * @param address physical address
     * @param size bytes
     */
    public record Ramoops(long address, long size) {}

    /**
     * The kernel under test.
     *
     * @param tree its source, a git work tree
     * @param build the object directory ({@code O=}); empty where it is built in the tree
     * @param onBoard whether tree and compiler are on the board; else they are on this host
     * @param make arguments given to each make
     * @param environment variables set for each make
     * @param series the folder with the patch series
     */
    public record Kernel(
            String tree,
            Optional<String> build,
            boolean onBoard,
            List<String> make,
            Map<String, String> environment,
            Path series) {}

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
        return new BoardDefinition(
                name,
                file,
                provider,
                capture,
                ssh,
                console,
                boot,
                ramoops,
                Optional.of(actual),
                attended,
                virtual,
                knownIssues,
                smokes);
    }
}
