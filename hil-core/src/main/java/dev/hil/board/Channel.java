package dev.hil.board;

/** Where a line of a kernel's log was read while the kernel ran. */
public enum Channel {
    /** /dev/kmsg, followed over ssh. */
    KMSG,
    /** The serial console. */
    SERIAL
}
