package dev.hil.boot;

import dev.hil.klog.Boot;
import dev.hil.klog.KlogResult;
import dev.hil.klog.KlogScanner;
import dev.hil.link.Console;
import dev.hil.link.Deadline;
import dev.hil.link.InfrastructureException;
import dev.hil.link.Recording;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * U-Boot at its prompt. It is stopped only where somebody asks for that; every key is typed behind words that only
 * U-Boot says, so that none reaches a board which boots by itself.
 */
public final class UBoot {
    /** What U-Boot says while a key stops it (common/autoboot.c), up to the countdown, which goes on behind it. */
    private static final Pattern AUTOBOOT = Pattern.compile("Hit any key to stop autoboot:[ \\d\\u0008]*$");

    /** What the menu of extlinux.conf asks (boot/pxe_utils.c). */
    private static final Pattern CHOICE = Pattern.compile("Enter choice: $");

    private static final Pattern ENTRY = Pattern.compile("(?m)^(\\d{1,4}):\\t([^\\r\\n]+)");
    /** How the default environment of U-Boot's "distro boot" reads extlinux.conf, but asking (include/config_distro_bootcmd.h). */
    private static final String ASKING = "setenv boot_extlinux 'sysboot -p ${devtype} ${devnum}:${distro_bootpart} any"
            + " ${scriptaddr} ${prefix}${boot_syslinux_conf}'";

    private final Console console;
    private final Pattern prompt;
    private final String promptText;

    private UBoot(Console console, String prompt) {
        this.console = console;
        this.promptText = prompt;
        this.prompt = Pattern.compile("(?:^|[\\r\\n])" + Pattern.quote(prompt) + "$");
    }

    /**
     * Stops the next autoboot.
     *
     * @param prompt what U-Boot says when it waits for a command, such as {@code "=> "}
     * @param position the console's position before the board was reset
     * @throws InfrastructureException where U-Boot does not ask for a key in time: nothing was typed then
     */
    public static UBoot interrupt(Console console, String prompt, long position, Duration limit) {
        Deadline deadline = Deadline.in(limit);
        UBoot uboot = new UBoot(console, prompt);
        try {
            console.answer(AUTOBOOT, " ", position, deadline.remaining());
        } catch (InfrastructureException e) {
            throw new InfrastructureException(
                    "U-Boot did not say \"Hit any key to stop autoboot\" within %s, so it was left alone. With bootdelay=-2, or where it wants a password, it cannot be stopped: set bootdelay=2 (setenv, saveenv). %s"
                            .formatted(limit, e.getMessage()),
                    e);
        }
        console.await(uboot.prompt, position, deadline.remaining());
        return uboot;
    }

    /**
     * Runs a command.
     *
     * @return what it printed, without the command's echo and the next prompt
     */
    public String run(String command, Duration limit) {
        if (command.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("one command, on one line: " + Recording.excerpt(command));
        }
        Deadline deadline = Deadline.in(limit);
        long mark = console.position();
        console.answer(prompt, command + "\r", Math.max(0, mark - promptText.length() - 2), deadline.remaining());
        console.await(prompt, mark, deadline.remaining());
        String said = Recording.clean(console.since(mark));
        int echo = said.indexOf('\n');
        return said.substring(echo + 1, said.length() - promptText.length()).strip();
    }

    /**
     * Boots a label of the menu this once; DEFAULT stays what it is, so that the next reset goes back to it.
     *
     * @throws InfrastructureException where the menu has no such label, naming those it has; U-Boot waits at its prompt
     *     or menu then, and only a reset ends that
     */
    public void boot(String label, Duration limit) {
        Deadline deadline = Deadline.in(limit);
        run(ASKING, deadline.remaining());
        long mark = console.position();
        console.answer(prompt, "boot\r", Math.max(0, mark - promptText.length() - 2), deadline.remaining());
        console.await(CHOICE, mark, deadline.remaining());
        Map<String, String> entries = entries(console.since(mark));
        String number = entries.get(label);
        if (number == null) {
            throw new InfrastructureException(
                    "U-Boot's menu has no label \"%s\"; it has %s. The board waits there until it is reset."
                            .formatted(label, entries.keySet()));
        }
        console.answer(CHOICE, number + "\r", mark, deadline.remaining());
    }

    static Map<String, String> entries(String menu) {
        Map<String, String> entries = new LinkedHashMap<>();
        Matcher matcher = ENTRY.matcher(menu);
        while (matcher.find()) {
            entries.put(Recording.clean(matcher.group(2)).strip(), matcher.group(1));
        }
        return entries;
    }

    /** Why the board was reset, in the words of the last boot loader behind a mark; empty where it does not say. */
    public static String resetCause(Console console, long position) {
        try {
            KlogResult log = KlogScanner.scan(
                    new ByteArrayInputStream(console.since(position).getBytes(StandardCharsets.UTF_8)));
            List<Boot> boots = log.boots();
            return boots.isEmpty() ? "" : boots.get(boots.size() - 1).resetCause();
        } catch (IOException e) {
            throw new UncheckedIOException("reading from memory", e);
        }
    }
}
