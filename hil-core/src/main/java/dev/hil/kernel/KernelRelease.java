package dev.hil.kernel;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What {@code uname -r} says, taken apart as scripts/setlocalversion puts it together: the version of the Makefile, then
 * localversion* files, CONFIG_LOCALVERSION, the LOCALVERSION of make's command line, and {@code +} for a tree that is not
 * at a tag, unless LOCALVERSION was given.
 *
 * @param version such as {@code 7.0.0-rc3}
 * @param local what follows it, without a {@code +} at the end
 * @param plus whether it ends in {@code +}
 */
public record KernelRelease(String version, String local, boolean plus) {
    private static final Pattern FORM =
            Pattern.compile("(\\d{1,4}\\.\\d{1,4}(?:\\.\\d{1,4})?(?:-rc\\d{1,3})?)(.*?)(\\+?)");

    /** Takes a release apart; empty where it does not begin with a kernel version. */
    public static Optional<KernelRelease> of(String release) {
        Matcher matcher = FORM.matcher(release);
        return matcher.matches() && release.length() <= 64
                ? Optional.of(new KernelRelease(
                        matcher.group(1), matcher.group(2), !matcher.group(3).isEmpty()))
                : Optional.empty();
    }

    /** Whether this is at least a version, such as 6 and 12 for 6.12. */
    public boolean isAtLeast(int major, int minor) {
        String[] parts = version.split("[.-]", -1);
        int ownMajor = Integer.parseInt(parts[0]);
        return ownMajor > major || (ownMajor == major && Integer.parseInt(parts[1]) >= minor);
    }

    @Override
    public String toString() {
        return version + local + (plus ? "+" : "");
    }
}
