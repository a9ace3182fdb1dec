/**
 * The emulated board: QEMU with a real U-Boot, kernel, ramoops and watchdog. Found through
 * {@link dev.hil.board.BoardProvider}, and then a board like any other.
 */
@NullMarked
package dev.hil.virtual;

import org.jspecify.annotations.NullMarked;
