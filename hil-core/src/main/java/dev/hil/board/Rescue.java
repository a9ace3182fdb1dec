package dev.hil.board;

/**
 * Boots a label without the kernel that is the default having to come up: what a person does at the boot loader's prompt.
 */
public interface Rescue {
    /** How it does that, for people. */
    String inWords();

    /**
     * Has the board boot a label, now and at each reset. What is in its memory may be lost.
     *
     * @throws dev.hil.link.InfrastructureException where it cannot
     */
    void boot(String label);

    /** Has the board boot what its menu says again. It is reset for that. */
    void release();
}
