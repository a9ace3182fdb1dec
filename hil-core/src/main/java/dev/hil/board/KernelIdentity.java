package dev.hil.board;

/**
 * Which kernel a label must boot.
 *
 * @param release {@code uname -r}
 * @param nonce what the build put into the version string ({@code uname -v}): a rebuilt kernel with the same release is
 *     otherwise indistinguishable from the one before
 */
public record KernelIdentity(String release, String nonce) {

    /** Whether a boot runs this very build. */
    public boolean isOf(Boot boot) {
        return boot.release().equals(release) && boot.version().contains(nonce);
    }

    @Override
    public String toString() {
        return "%s, build %s".formatted(release, nonce);
    }
}
