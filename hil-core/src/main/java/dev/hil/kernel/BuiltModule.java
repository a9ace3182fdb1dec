package dev.hil.kernel;

/**
 * A kernel module that was built.
 *
 * @param file where it lies on the build host
 * @param buildId its GNU build id: the identity of its code, kept in the file and in the kernel that loads it
 */
public record BuiltModule(String file, String buildId) {

    /** The name under /sys/module. */
    public String name() {
        return file.substring(file.lastIndexOf('/') + 1)
                .replaceFirst("\\.ko(\\.\\w+)?$", "")
                .replace('-', '_');
    }
}
