/**
 * The machine under test: its definition, its boots, rebooting and crashing it, its channels and its pstore, and the one
 * door for changes to it. {@link dev.hil.board.Board} is what tests use.
 */
@NullMarked
package dev.hil.board;

import org.jspecify.annotations.NullMarked;
