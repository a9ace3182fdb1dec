@NullMarked
package dev.hil.board;

import org.jspecify.annotations.NullMarked;
