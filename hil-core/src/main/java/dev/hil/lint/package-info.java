/**
 * Definition, plan and facts of the board held against each other, before anything is built or booted. One small class a
 * rule; rules see data only ({@link dev.hil.lint.Facts}), so that they run without a board.
 */
@NullMarked
package dev.hil.lint;

import org.jspecify.annotations.NullMarked;
