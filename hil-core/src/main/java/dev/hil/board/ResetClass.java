package dev.hil.board;

/** The ways in which a board comes from one boot to the next. What survives one of them need not survive another. */
public enum ResetClass {
    /** {@code reboot}. */
    ORDERED_REBOOT("ordered reboot"),
    /** A panic, by sysrq-c. */
    PANIC("panic"),
    /** All CPUs spin with interrupts off until the watchdog bites: nothing can be printed any more. */
    LOCKUP("lockup with interrupts off"),
    /** The watchdog bites a kernel that is well, because its daemon was stopped. */
    WATCHDOG("watchdog"),
    /** The power is cut and comes back. */
    POWER_CUT("power cut");

    private final String words;

    ResetClass(String words) {
        this.words = words;
    }

    @Override
    public String toString() {
        return words;
    }
}
