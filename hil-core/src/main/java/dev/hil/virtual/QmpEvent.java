package dev.hil.virtual;

import java.time.Instant;

/**
 * Something that QEMU reports of its machine, such as RESET, WATCHDOG or SHUTDOWN. A real board has no such witness:
 * tests may check a verdict against it, a verdict is never made from it.
 *
 * @param name the event
 * @param at QEMU's clock, which is the host's
 * @param data its details, as JSON
 */
public record QmpEvent(String name, Instant at, String data) {}
