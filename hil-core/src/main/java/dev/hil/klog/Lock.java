package dev.hil.klog;

import java.util.regex.Pattern;

/**
 * A lock as lockdep prints it (print_lock, print_lock_name).
 *
 * @param name the class's name as printed, without {@code #version} and {@code /subclass}
 * @param version the number that tells classes of one name apart, 1 if none is printed; it changes from boot to boot
 * @param subclass the nesting level, 0 if none is printed
 * @param usage the usage characters, such as {@code +.+.}; empty where none are printed
 * @param waitTypes {@code outer:inner}; the numbers depend on the configuration; empty where none are printed
 * @param acquiredAt the function that took it, without offset; empty where none is printed
 */
public record Lock(String name, int version, int subclass, String usage, String waitTypes, String acquiredAt) {

    private static final Pattern NESTED_RLOCK = Pattern.compile("^&\\(&(.*)\\)->(?:rlock|wait_lock|lock)$");
    private static final Pattern TRAILING_NUMBERS = Pattern.compile("\\d+");

    /**
     * The name of the lock's class in a form that is the same in every build: {@code &(&x)->rlock} of kernels before
     * 5.x is {@code &x}, numbers inside the names of work queues are gone, the subclass stays.
     */
    public String className() {
        String plain = NESTED_RLOCK.matcher(name).replaceFirst("&$1");
        if (plain.startsWith("(wq_completion)") || plain.startsWith("(work_completion)")) {
            plain = TRAILING_NUMBERS.matcher(plain).replaceAll("");
        }
        return subclass == 0 ? plain : plain + "/" + subclass;
    }

    @Override
    public String toString() {
        return className();
    }
}
