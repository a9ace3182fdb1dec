package dev.hil.board;

import java.time.Duration;

/**
 * Whether everything that the board had printed was read: a mark was written to the kernel's log, and came through.
 *
 * @param complete whether it came through, on every channel that carries it
 * @param why what is missing, or what was proven, in one sentence
 * @param took how long that took
 */
public record Drain(boolean complete, String why, Duration took) {}
