package dev.hil.junit;

import dev.hil.board.Board;
import dev.hil.link.Command;
import dev.hil.link.Console;
import dev.hil.virtual.VirtualMachine;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What can be done to the emulated board, by its test module, its boot menu and its power switch. */
final class Sabotage {
    /** Of the test module, see fixtures/virtual-board/module. */
    static final String RUN = "/sys/kernel/debug/hil_sabotage/run";

    /** Where the device tree has the console's part of ramoops: behind the dump records. */
    private static final long CONSOLE_RING = 0x5000_0000L + 0x10_0000 - 0x2_0000 - 0x4_0000;

    /** On the board: what its definition runs as a smoke test, where it is a scenario that says what that is. */
    static final String SMOKE = "/root/hil-smoke";

    private static final Duration BOOT = Duration.ofSeconds(90);

    private Sabotage() {}

    /** Makes a script the board's smoke test. */
    static void smoke(Board board, String script) {
        board.exec(Command.script("mkdir -p /root && printf '%s\\n' \"$1\" > " + SMOKE, script)
                        .root())
                .orThrow();
    }

    /** Commits faults and waits until they have been. */
    static void commit(Board board, String faults) {
        board.exec(Command.script("modprobe hil_sabotage && echo \"$1\" > " + RUN, faults)
                        .root())
                .orThrow();
    }

    /** Commits faults in a moment, when the answer to this order is on its way: they may take the board down. */
    static void commitSoon(Board board, String faults) {
        board.exec(Command.script(
                                "modprobe hil_sabotage && (sleep 0.5; echo \"$1\" > " + RUN
                                        + ") </dev/null >/dev/null 2>&1 &",
                                faults)
                        .root())
                .orThrow();
    }

    static VirtualMachine machine(Board board) {
        return (VirtualMachine) board.power().orElseThrow();
    }

    static long consolePosition(Board board) {
        return board.console().orElseThrow().position();
    }

    /** Waits for the boot loader, by the console alone: a quiet kernel shows nothing there. */
    static void awaitFirmware(Board board, long position) {
        board.console().orElseThrow().await(Pattern.compile("U-Boot 20"), position, BOOT);
    }

    /** Waits for a kernel to have come up as far as user space, by the console alone. */
    static void awaitInit(Board board, long position) {
        Console console = board.console().orElseThrow();
        console.await(Pattern.compile("Run /sbin/init"), position, BOOT);
    }

    /** Gives the test kernel's label more kernel parameters, for the next boot. */
    static void addToCommandLine(Board board, String parameters) {
        String test = block(board);
        replace(board, test, test.replaceFirst("(?m)^(\\s*APPEND .*)$", "$1 " + Matcher.quoteReplacement(parameters)));
    }

    /** Gives the test kernel's label another kernel, for the next boot. */
    static void bootInstead(Board board, String image) {
        String test = block(board);
        replace(board, test, test.replaceFirst("(?m)^(\\s*LINUX ).*$", "$1" + Matcher.quoteReplacement(image)));
    }

    /** The path of the kernel that a label of the menu boots. */
    static String image(Board board, String label) {
        Matcher matcher = Pattern.compile("(?m)^LABEL " + Pattern.quote(label) + "\\n\\s*LINUX (\\S+)$")
                .matcher(menu(board));
        if (!matcher.find()) {
            throw new IllegalStateException("no label " + label + " in:\n" + menu(board));
        }
        return matcher.group(1);
    }

    private static String menu(Board board) {
        return new String(board.files().read(board.definition().boot().menu()), StandardCharsets.ISO_8859_1);
    }

    /** The test label's part of the menu. */
    private static String block(Board board) {
        Matcher matcher = Pattern.compile(
                        "(?ms)^LABEL " + Pattern.quote(board.definition().boot().test()) + "$.*?(?=^LABEL |\\z)")
                .matcher(menu(board));
        if (!matcher.find()) {
            throw new IllegalStateException("no test label in:\n" + menu(board));
        }
        return matcher.group();
    }

    private static void replace(Board board, String before, String after) {
        String menu = menu(board);
        String changed = menu.replace(before, after);
        if (changed.equals(menu)) {
            throw new IllegalStateException("nothing to change in:\n" + before);
        }
        board.files().write(board.definition().boot().menu(), changed.getBytes(StandardCharsets.ISO_8859_1));
    }

    /**
     * A kernel of the same release that another build made: the test kernel with another nonce in its version, in each
     * place where it stands.
     *
     * @return its path on the board
     */
    static String olderBuild(Board board, Path folder) throws IOException {
        String label = board.definition().boot().test();
        String nonce = board.expectedKernel(label).orElseThrow().nonce();
        Path image = board.pull(image(board, label), 64L << 20);
        String bytes = Files.readString(image, StandardCharsets.ISO_8859_1);
        String older = nonce.replaceAll("[0-9a-f]{8}$", "01dbu11d");
        if (older.equals(nonce) || !bytes.contains(nonce)) {
            throw new IllegalStateException("no nonce %s in %s".formatted(nonce, image));
        }
        Path local = folder.resolve("Image-older");
        Files.writeString(local, bytes.replace(nonce, older), StandardCharsets.ISO_8859_1);
        String remote = "/boot/Image-older";
        board.push(local, remote);
        board.exec("sync").orThrow();
        return remote;
    }

    /** Lets each boot do what systemd-pstore does where it is installed: /sys/fs/pstore is empty before anyone can look. */
    static void emptyPstoreAtBoot(Board board) {
        board.exec(Command.script(
                                "printf '%s\\n' \"$@\" >> /etc/init.d/rcS && sync",
                                "mkdir -p /var/lib/systemd/pstore",
                                "mv -f /sys/fs/pstore/* /var/lib/systemd/pstore/ 2>/dev/null")
                        .root())
                .orThrow();
    }

    /**
     * Flips a bit in each of some bytes of the console's ring in ramoops, and all bits in a run of others: what error
     * correction (16 bytes a block of 128 on this board) can put right, and what it cannot.
     */
    static void flipBits(Board board, int single, int run) {
        // Behind the ring's header, of 12 bytes, and well before what is being written now.
        board.exec(Command.script(
                                "flip() { b=$(dd if=/dev/mem bs=1 count=1 skip=$1 2>/dev/null | od -An -tu1); b=$((b ^ $2));"
                                        + " printf \"\\\\$(printf %o $b)\" | dd of=/dev/mem bs=1 seek=$1 conv=notrunc 2>/dev/null; };"
                                        + " i=0; while [ $i -lt $2 ]; do flip $(($1 + 256 * i)) 1; i=$((i + 1)); done;"
                                        + " i=0; while [ $i -lt $3 ]; do flip $(($1 + 128 + i)) 255; i=$((i + 1)); done",
                                String.valueOf(CONSOLE_RING + 12 + 32), String.valueOf(single), String.valueOf(run))
                        .root()
                        .timeout(Duration.ofMinutes(1)))
                .orThrow();
    }

    /** Noise on the console as a chatty user space makes it, for as long as the board runs: 100 kB/s and more. */
    static void flood(Board board) {
        board.exec(Command.script("(while :; do head -c 4096 /dev/urandom | base64; done > /dev/ttyAMA0)"
                                + " </dev/null >/dev/null 2>&1 &")
                        .root())
                .orThrow();
    }
}
