/** The command {@code hil}. */
@NullMarked
package dev.hil.cli;

import org.jspecify.annotations.NullMarked;
