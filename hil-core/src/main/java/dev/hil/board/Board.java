package dev.hil.board;

import dev.hil.link.Command;
import dev.hil.link.Console;
import dev.hil.link.ExecResult;
import dev.hil.link.Power;
import dev.hil.link.Shell;
import dev.hil.record.Evidence;
import dev.hil.record.Undo;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The machine under test. All that a test does to it goes through here, so that it is recorded and can be undone.
 * Methods throw {@link dev.hil.link.InfrastructureException} where the lab fails.
 */
public interface Board {
    String name();

    BoardDefinition definition();

    /**
     * The boot that this run ordered last, or found. After a reset that nobody had ordered the board is in another one;
     * see {@link #verdict()}, and {@link #bootId()} for asking now.
     */
    Boot boot();

    /** Asks the board now. */
    String bootId();

    /** Asks the board now: {@code uname -r}. */
    String kernelRelease();

    /**
     * Reboots in an orderly way into whatever the boot menu's default is.
     *
     * @return the reset, proven by a changed boot_id
     * @throws BoardLostException if it does not come back in the definition's time
     */
    Reset reboot();

    /**
     * Makes a label the default and reboots into it. Refused before anything is written where the menu has no such label
     * or a file of the label is missing. The old default comes back when the run ends, or by recovery.
     *
     * @throws AssertionError where it is known which build the label must boot, and another one runs; or where the label
     *     does not come up, and the board was brought back to its safe label
     * @throws BoardLostException if the board does not come back, and there is no way to bring it back from here
     */
    Reset reboot(String label);

    /**
     * Reboots into a label this once: stops U-Boot over the console and chooses the label there. DEFAULT stays what it
     * is, so that whatever this boot does, the next one is the default again.
     *
     * @throws DefinitionException where the definition has no {@code boot.uboot}, or the board no console
     * @throws AssertionError as {@link #reboot(String)}
     */
    Reset rebootOnce(String label);

    /**
     * Makes a label the default of the boot menu, so that it boots next. Refused before anything is written where the
     * menu has no such label or a file of the label is missing.
     */
    void makeDefault(String label);

    /**
     * Goes back to the safe label, whatever a failed boot has left: DEFAULT as it was found, and a reboot where another
     * kernel runs.
     */
    void returnToSafe();

    /**
     * Crashes the kernel by sysrq-c and waits for the next boot. The verdict is {@link ResetVerdict#DIAGNOSED} only
     * where the panic of this very boot was captured; a nonce that was written to its log tells it from older records.
     */
    Reset crash();

    /** The kernel that a label must bring up, where it is known. */
    Optional<KernelIdentity> expectedKernel(String label);

    /** From now on a label must bring up this kernel, which was installed for it. */
    void expect(String label, KernelIdentity kernel);

    /** Whether nothing of the board outlives this run. */
    boolean isThrowAway();

    ExecResult exec(String... argv);

    /** Runs a command; its limits are part of it. */
    ExecResult exec(Command command);

    /** The board's shell, for what this interface has no method for. */
    Shell shell();

    /** Copies a file to the board, checked by checksum. Changes that must be undone go through {@link #change}. */
    void push(Path local, String remote);

    /**
     * Copies a file of the board into the evidence folder, checked by checksum.
     *
     * @param maxBytes a longer file is refused
     */
    Path pull(String remote, long maxBytes);

    Pstore pstore();

    /** The serial console. */
    Optional<Console> console();

    Optional<Power> power();

    /** The live kernel log. */
    Kmsg kmsg();

    /** What has been seen of the board so far, and is being seen. */
    BoardWatch watch();

    /**
     * Says what has happened to the board since this run last ordered something of it (a reboot, a crash), or found it:
     * nothing ({@link ResetVerdict#NONE}), a lost link ({@link ResetVerdict#NETWORK_ONLY}), or a reset that nobody had
     * ordered, with all the evidence there is. Of several resets it is the first, the others are named in its evidence.
     * Where the board does not answer, waits for it as long as a boot may take. May be asked again and again; the next
     * ordered reboot or crash begins anew.
     *
     * @throws BoardLostException if the board does not come back
     */
    Reset verdict();

    /**
     * The log of the boot that runs now, after proving that nothing of it is in flight: see {@link BoardWatch#drain}.
     */
    BootLog bootLog();

    /**
     * Says what it is worth that lockdep has reported nothing in the boot that this run ordered last. Everything that
     * the board has printed by now is looked at first.
     */
    Lockdep lockdep();

    /**
     * Makes a change to the board or to its kernel tree, through the ledger.
     *
     * @param what the change, for people
     * @param undo how to take it back
     * @param action makes it
     */
    <T> T change(String what, Undo undo, Supplier<T> action);

    /** The changes of this run, for taking back a part of them. */
    Changes changes();

    /** Files on the board, written so that they survive a reset. */
    BoardFiles files();

    /**
     * The kernel tree and its build, for this run alone until it ends. A tree of hil's own that a dead run has left
     * patched is put back; a developer's tree is changed through the ledger only.
     *
     * @throws DefinitionException where the definition has no kernel
     */
    BoardDefinition.Kernel claimKernel();

    /** The machine with the kernel tree: this host, or the board itself. */
    Shell buildHost();

    Evidence evidence();
}
